import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Checkpoint } from '@linkbroker/protocol';
import type { Database, Statement } from '../database/database.js';
import { RefreshVerb } from './refresh-verb.js';
import { StatementBatches } from './statement-batches.js';

/** What a presented refresh token is settled against. `now` is the caller's clock. */
export interface RefreshAttempt {
  readonly skillId: string;
  readonly grantId: string;
  readonly secretHash: Buffer;
  readonly presented: number;
  readonly keep: number | null;
  readonly signingKeyId: number;
  readonly now: Date;
}

/** The row after the statement; `generationBefore` is what it held just before. */
export interface RefreshedGrant {
  readonly generation: number;
  readonly generationBefore: number;
  readonly macKeyId: number;
  readonly linkId: string;
  readonly scopes: readonly string[];
}

export interface CodeRedemption {
  readonly skillId: string;
  readonly codeHash: Buffer;
  readonly redirectUri: string | null;
  readonly codeChallenge: string | null;
  readonly secretHash: Buffer;
  readonly accessSecretHash: Buffer;
  readonly signingKeyId: number;
  readonly now: Date;
}

export interface RedeemedCode {
  readonly grantId: string;
  readonly linkId: string;
  readonly scopes: readonly string[];
}

/** A code as the row has it, to say why it was not redeemed. */
export interface FoundCode {
  readonly grantId: string;
  readonly linkId: string;
  readonly consumedAt: Date | null;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
}

export interface FoundGrant {
  readonly linkId: string;
  readonly scopes: readonly string[];
  readonly generation: number;
  /** Seconds since the epoch. */
  readonly generationAt: number;
  readonly checkpoints: readonly Checkpoint[];
  readonly macKeyId: number;
  readonly secretHash: Buffer | null;
  readonly accessSecretHash: Buffer | null;
  readonly accessEndedAt: Date | null;
  readonly revokedAt: Date | null;
}

/**
 * Grants: the hot path. Every verb takes the tenant first and is one round trip.
 * @throws DatabaseUnavailable when it could not look
 */
export class GrantsStore {
  private readonly refreshes: StatementBatches<RefreshAttempt, RefreshedGrant | undefined>;

  constructor(private readonly database: Database) {
    this.refreshes = new StatementBatches(new RefreshVerb(database));
  }

  /**
   * Settles a refresh in one statement, which it shares with others when there are many at once (ADR 0009); undefined
   * when no live row matched, which says nothing yet (ADR 0001).
   */
  refresh(tenantId: TenantId, attempt: RefreshAttempt, deadline: Deadline): Promise<RefreshedGrant | undefined> {
    return this.refreshes.settle(tenantId, attempt, deadline);
  }

  /** Consumes a code: one winner, and a mismatch of skill, redirect URI or challenge consumes nothing. */
  async redeem(tenantId: TenantId, code: CodeRedemption, deadline: Deadline): Promise<RedeemedCode | undefined> {
    const [row] = await this.database.query<{ grant_id: string | null; link_id: string; scopes: string[] }>(
      REDEEM,
      [
        tenantId,
        code.skillId,
        code.codeHash,
        code.redirectUri,
        code.codeChallenge,
        code.secretHash,
        code.accessSecretHash,
        code.signingKeyId,
        code.now,
      ],
      deadline,
    );
    if (!row?.grant_id) return undefined;
    return { grantId: row.grant_id, linkId: row.link_id, scopes: row.scopes };
  }

  /** The code as it stands, to classify a refusal. */
  async findCode(
    tenantId: TenantId,
    skillId: string,
    codeHash: Buffer,
    deadline: Deadline,
  ): Promise<FoundCode | undefined> {
    const [row] = await this.database.query<CodeRow>(FIND_CODE, [tenantId, skillId, codeHash], deadline);
    if (!row) return undefined;
    return {
      grantId: row.grant_id,
      linkId: row.link_id,
      consumedAt: row.code_consumed_at,
      expiresAt: row.code_expires_at,
      revokedAt: row.revoked_at,
      redirectUri: row.redirect_uri,
      codeChallenge: row.code_challenge,
    };
  }

  /** The grant as it stands, whatever its state. */
  async find(
    tenantId: TenantId,
    skillId: string,
    grantId: string,
    deadline: Deadline,
  ): Promise<FoundGrant | undefined> {
    const [row] = await this.database.query<GrantRow>(FIND, [tenantId, skillId, grantId], deadline);
    return row && toFoundGrant(row);
  }

  /** Whether the grant exists anywhere: tells another client's token from a lost row, and nothing else. */
  async existsAnywhere(grantId: string, deadline: Deadline): Promise<boolean> {
    const [row] = await this.database.query<{ grant_exists: boolean }>(EXISTS, [grantId], deadline);
    return row?.grant_exists ?? false;
  }

  /** Ends a grant for good; the row stays as a tombstone. False when nothing live matched. */
  async revoke(
    tenantId: TenantId,
    grant: { skillId: string; grantId: string; secretHash: Buffer; reason: string; now: Date },
    deadline: Deadline,
  ): Promise<boolean> {
    const values = [tenantId, grant.skillId, grant.grantId, grant.secretHash, grant.reason, grant.now];
    const [row] = await this.database.query<{ revoke_grant: boolean }>(REVOKE, values, deadline);
    return row?.revoke_grant ?? false;
  }

  /** Ends the access tokens of a grant issued up to `until`; the grant lives. */
  async endAccessTokens(
    tenantId: TenantId,
    grant: { skillId: string; grantId: string; accessSecretHash: Buffer; until: Date },
    deadline: Deadline,
  ): Promise<boolean> {
    const values = [tenantId, grant.skillId, grant.grantId, grant.accessSecretHash, grant.until];
    const [row] = await this.database.query<{ end_access_tokens: boolean }>(END_ACCESS, values, deadline);
    return row?.end_access_tokens ?? false;
  }
}

const statement = (name: string, call: string): Statement => ({ name, text: `SELECT * FROM linkbroker.${call}` });
const REDEEM = statement('redeem_code', 'redeem_code($1, $2, $3, $4, $5, $6, $7, $8, $9)');
const FIND_CODE = statement('find_code', 'find_code($1, $2, $3)');
const FIND = statement('find_grant', 'find_grant($1, $2, $3)');
const EXISTS = statement('grant_exists', 'grant_exists($1)');
const REVOKE = statement('revoke_grant', 'revoke_grant($1, $2, $3, $4, $5, $6)');
const END_ACCESS = statement('end_access_tokens', 'end_access_tokens($1, $2, $3, $4, $5)');

interface CodeRow {
  readonly grant_id: string;
  readonly link_id: string;
  readonly code_consumed_at: Date | null;
  readonly code_expires_at: Date;
  readonly revoked_at: Date | null;
  readonly redirect_uri: string;
  readonly code_challenge: string | null;
}

interface GrantRow {
  readonly link_id: string;
  readonly scopes: string[];
  readonly generation: string;
  readonly generation_at: Date | null;
  readonly checkpoints: [number, number][] | null;
  readonly mac_key_id: number;
  readonly secret_hash: Buffer | null;
  readonly access_secret_hash: Buffer | null;
  readonly access_ended_at: Date | null;
  readonly revoked_at: Date | null;
}

function toFoundGrant(row: GrantRow): FoundGrant {
  return {
    linkId: row.link_id,
    scopes: row.scopes,
    generation: Number(row.generation),
    generationAt: (row.generation_at?.getTime() ?? 0) / 1000,
    checkpoints: (row.checkpoints ?? []).map(([generation, at]) => ({ generation, at })),
    macKeyId: row.mac_key_id,
    secretHash: row.secret_hash,
    accessSecretHash: row.access_secret_hash,
    accessEndedAt: row.access_ended_at,
    revokedAt: row.revoked_at,
  };
}
