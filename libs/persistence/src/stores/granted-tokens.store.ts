import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';
import { GrantedTokensVerb, type GrantedTokensQuestion } from './granted-tokens-verb.js';
import { StatementBatches } from './statement-batches.js';
import type { RefreshableTokenSet } from './token-sets.store.js';

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
  private readonly finds: StatementBatches<GrantedTokensQuestion, GrantedTokens | undefined>;
  private asked = 0;

  constructor(private readonly database: Database) {
    this.finds = new StatementBatches(new GrantedTokensVerb(database));
  }

  /**
   * The grant and its upstream tokens in one round trip, whatever their state, as they stand after the call. The
   * statement is shared with others when there are many at once (ADR 0009).
   */
  find(tenantId: TenantId, skillId: string, grantId: string, deadline: Deadline): Promise<GrantedTokens | undefined> {
    this.asked += 1;
    return this.finds.settle(tenantId, { key: String(this.asked), skillId, grantId }, deadline);
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
const RESOLVE = select('resolve_grant', 'resolve_grant($1, $2)');
const HAND_OUT = select('hand_out_token', 'hand_out_token($1, $2, $3, $4, $5, $6)');
const FIND_HANDED_OUT = select('find_handed_out_token', 'find_handed_out_token($1, $2, $3)');
const RESOLVE_HANDED_OUT = select('resolve_handed_out_token', 'resolve_handed_out_token($1)');

interface OwnerRow {
  readonly tenant_id: string;
  readonly skill_id: string;
}

interface HandedOutRow {
  readonly grant_id: string;
  readonly issued_at: Date;
  readonly expires_at: Date;
}
