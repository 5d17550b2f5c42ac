import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** An upstream revocation to carry out now: its domain has been counted and has no live link. */
export interface ClaimedRevocation {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly connectorId: string;
  readonly tokenSetId: string;
  /** This attempt's number, from 1. */
  readonly attempts: number;
}

/** How a claimed revocation ends: carried out, given up, or to be tried again at `next`. */
export interface RevocationEnd {
  readonly id: string;
  readonly state: 'done' | 'failed' | 'held';
  readonly error: string | null;
  readonly next: Date | null;
}

/** Held upstream revocations. @see ADR 0012 */
export class RevocationsStore {
  constructor(private readonly database: Database) {}

  /** Takes one that is due, until `leaseUntil`; those whose domain lives again are cancelled on the way. */
  async claim(now: Date, leaseUntil: Date, deadline: Deadline): Promise<ClaimedRevocation | undefined> {
    const [row] = await this.database.query<ClaimRow>(CLAIM, [now, leaseUntil], deadline);
    return (
      row && {
        id: row.id,
        tenantId: asTenantId(row.tenant_id),
        connectorId: row.connector_id,
        tokenSetId: row.token_set_id,
        attempts: row.attempts,
      }
    );
  }

  /** Ends it; tokens that were revoked are wiped. */
  async finish(tenantId: TenantId, end: RevocationEnd, now: Date, deadline: Deadline): Promise<void> {
    await this.database.query(FINISH, [tenantId, end.id, end.state, end.error, end.next, now], deadline);
  }
}

const CLAIM = {
  name: 'claim_upstream_revocation',
  text: 'SELECT * FROM linkbroker.claim_upstream_revocation($1, $2)',
};
const FINISH = {
  name: 'finish_upstream_revocation',
  text: 'SELECT linkbroker.finish_upstream_revocation($1, $2, $3, $4, $5, $6)',
};

interface ClaimRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly connector_id: string;
  readonly token_set_id: string;
  readonly attempts: number;
}
