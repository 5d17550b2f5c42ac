import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';
import { toRefreshable, type RefreshableRow, type RefreshableTokenSet } from './token-sets.store.js';

/** A grant, as far as a presented access token needs it, and the upstream tokens behind it. */
export interface GrantedTokens {
  readonly linkId: string;
  readonly accessSecretHash: Buffer | null;
  readonly accessEndedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly tokenSet: RefreshableTokenSet;
}

/** An upstream access token that Alexa was given. */
export interface HandedOutToken {
  readonly grantId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/**
 * From an access token that a skill's server or Alexa presents to the upstream tokens behind it.
 * @throws DatabaseUnavailable when it could not look
 */
export class GrantedTokensStore {
  constructor(private readonly database: Database) {}

  /** The grant and its upstream tokens in one round trip, whatever their state. */
  async find(
    tenantId: TenantId,
    skillId: string,
    grantId: string,
    deadline: Deadline,
  ): Promise<GrantedTokens | undefined> {
    const [row] = await this.database.query<GrantedRow>(FIND, [tenantId, skillId, grantId], deadline);
    if (!row) return undefined;
    return {
      linkId: row.link_id,
      accessSecretHash: row.access_secret_hash,
      accessEndedAt: row.access_ended_at,
      revokedAt: row.revoked_at,
      tokenSet: toRefreshable(row),
    };
  }

  /** Whose grant a bearer token is of: there is no client before this. */
  async resolve(
    grantId: string,
    accessSecretHash: Buffer,
    deadline: Deadline,
  ): Promise<{ tenantId: TenantId; skillId: string } | undefined> {
    const [row] = await this.database.query<OwnerRow>(RESOLVE, [grantId, accessSecretHash], deadline);
    return row && { tenantId: asTenantId(row.tenant_id), skillId: row.skill_id };
  }

  /** Remembers until its expiry which grant an upstream token was handed out for. */
  async handOut(
    tenantId: TenantId,
    token: { skillId: string; grantId: string; fingerprint: Buffer; issuedAt: Date; expiresAt: Date },
    deadline: Deadline,
  ): Promise<void> {
    const { skillId, grantId, fingerprint, issuedAt, expiresAt } = token;
    await this.database.query(HAND_OUT, [tenantId, skillId, grantId, fingerprint, issuedAt, expiresAt], deadline);
  }

  async findHandedOut(
    tenantId: TenantId,
    skillId: string,
    fingerprint: Buffer,
    deadline: Deadline,
  ): Promise<HandedOutToken | undefined> {
    const [row] = await this.database.query<HandedOutRow>(FIND_HANDED_OUT, [tenantId, skillId, fingerprint], deadline);
    return row && { grantId: row.grant_id, issuedAt: row.issued_at, expiresAt: row.expires_at };
  }

  /** Whose skill an upstream token was handed out to. */
  async resolveHandedOut(
    fingerprint: Buffer,
    deadline: Deadline,
  ): Promise<{ tenantId: TenantId; skillId: string } | undefined> {
    const [row] = await this.database.query<OwnerRow>(RESOLVE_HANDED_OUT, [fingerprint], deadline);
    return row && { tenantId: asTenantId(row.tenant_id), skillId: row.skill_id };
  }
}

const select = (name: string, call: string) => ({ name, text: `SELECT * FROM linkbroker.${call}` });
const FIND = select('find_granted_tokens', 'find_granted_tokens($1, $2, $3)');
const RESOLVE = select('resolve_grant', 'resolve_grant($1, $2)');
const HAND_OUT = select('hand_out_token', 'hand_out_token($1, $2, $3, $4, $5, $6)');
const FIND_HANDED_OUT = select('find_handed_out_token', 'find_handed_out_token($1, $2, $3)');
const RESOLVE_HANDED_OUT = select('resolve_handed_out_token', 'resolve_handed_out_token($1)');

interface GrantedRow extends RefreshableRow {
  readonly link_id: string;
  readonly access_secret_hash: Buffer | null;
  readonly access_ended_at: Date | null;
  readonly revoked_at: Date | null;
}

interface OwnerRow {
  readonly tenant_id: string;
  readonly skill_id: string;
}

interface HandedOutRow {
  readonly grant_id: string;
  readonly issued_at: Date;
  readonly expires_at: Date;
}
