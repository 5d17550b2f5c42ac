import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** A token of another server, by its fingerprint. */
export interface FoundForeignToken {
  readonly kind: 'refresh' | 'access';
  readonly state: 'pending' | 'adopted' | 'refused';
  /** Null as long as its line has not been adopted. */
  readonly grantId: string | null;
  readonly linkId: string | null;
  /** Whether its grant has its secret: the token has been presented before. */
  readonly used: boolean;
  readonly expiresAt: Date;
}

/**
 * What other servers' tokens stand for, of skills that have imported links. Every verb takes the tenant first and is one
 * round trip.
 * @throws DatabaseUnavailable when it could not look
 * @see ADR 0023
 */
export class ForeignTokensStore {
  constructor(private readonly database: Database) {}

  async find(
    tenantId: TenantId,
    skillId: string,
    token: { kinds: readonly ('refresh' | 'access')[]; sha256: Buffer },
    deadline: Deadline,
  ): Promise<FoundForeignToken | undefined> {
    const [row] = await this.database.query<FoundRow>(FIND, [tenantId, skillId, token.kinds, token.sha256], deadline);
    if (!row) return undefined;
    const { kind, state, used, grant_id: grantId, link_id: linkId, expires_at: expiresAt } = row;
    return { kind, state, used, grantId, linkId, expiresAt };
  }

  /** Gives an adopted grant its secret. False where it has one: whoever presents the token again derives the same. */
  async claimGrant(
    tenantId: TenantId,
    grant: { skillId: string; grantId: string; secretHash: Buffer; accessSecretHash: Buffer; now: Date },
    deadline: Deadline,
  ): Promise<boolean> {
    const { skillId, grantId, secretHash, accessSecretHash, now } = grant;
    const values = [tenantId, skillId, grantId, secretHash, accessSecretHash, now];
    const [row] = await this.database.query<{ claim_foreign_grant: boolean }>(CLAIM, values, deadline);
    return row?.claim_foreign_grant ?? false;
  }

  /** Ends the other server's access tokens of a grant. */
  async endAccess(
    tenantId: TenantId,
    grant: { skillId: string; grantId: string; now: Date },
    deadline: Deadline,
  ): Promise<void> {
    await this.database.query(END, [tenantId, grant.skillId, grant.grantId, grant.now], deadline);
  }
}

const select = (name: string, call: string) => ({ name, text: `SELECT * FROM linkbroker.${call}` });
const FIND = select('find_foreign_token', 'find_foreign_token($1, $2, $3, $4)');
const CLAIM = select('claim_foreign_grant', 'claim_foreign_grant($1, $2, $3, $4, $5, $6)');
const END = select('end_foreign_access', 'end_foreign_access($1, $2, $3, $4)');

interface FoundRow {
  readonly kind: 'refresh' | 'access';
  readonly state: 'pending' | 'adopted' | 'refused';
  readonly grant_id: string | null;
  readonly link_id: string | null;
  readonly used: boolean;
  readonly expires_at: Date;
}
