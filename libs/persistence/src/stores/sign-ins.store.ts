import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** A sign-in at a provider that may not be needed any more, counted within its tenant and revocation domain. */
export interface ScannedSignIn {
  readonly setId: string;
  readonly tenantId: TenantId;
  readonly tenant: string;
  readonly connector: string;
  /** Catalogue id. */
  readonly provider: string;
  readonly revokeUpstream: 'never' | 'last-link';
  /** Grants that Alexa can use, or whose code may still be redeemed; null where nothing was counted. */
  readonly live: number | null;
  /** Those of the live ones that are older than a redeemed grant of the same link and unused since. */
  readonly superseded: number;
  /** When the last grant ended; null where there was none. */
  readonly endedAt: Date | null;
  /** Refresh tokens that the provider has issued in the domain. */
  readonly issued: number;
  /** Whether its revocation is under way or has been tried lately. */
  readonly asked: boolean;
}

/** Sign-ins across tenants, for the sweep. @see ADR 0012 */
export class SignInsStore {
  constructor(private readonly database: Database) {}

  /**
   * One page of the token sets behind `after`, in order. The last answer is the last of the page, whether there is
   * something to say about it or not: the next page begins there. Nothing at the end.
   */
  async scan(after: string, limit: number, before: Date, now: Date, deadline: Deadline): Promise<ScannedSignIn[]> {
    const rows = await this.database.query<ScannedRow>(SCAN, [after, limit, before, now], deadline);
    return rows.map((row) => ({
      setId: row.set_id,
      tenantId: asTenantId(row.tenant_id),
      tenant: row.tenant_slug,
      connector: row.connector_slug,
      provider: row.provider,
      revokeUpstream: row.revoke_upstream,
      live: row.live === null ? null : Number(row.live),
      superseded: Number(row.superseded ?? 0),
      endedAt: row.ended_at,
      issued: Number(row.issued ?? 0),
      asked: row.asked,
    }));
  }

  /** Asks for its revocation, held for an hour; false where the rules of its domain say no. */
  async hold(tenantId: TenantId, setId: string, now: Date, deadline: Deadline): Promise<boolean> {
    const [row] = await this.database.query<{ hold_sign_in_revocation: boolean }>(
      HOLD,
      [tenantId, setId, now],
      deadline,
    );
    return row?.hold_sign_in_revocation ?? false;
  }
}

const SCAN = {
  name: 'scan_stale_token_sets',
  text: 'SELECT * FROM linkbroker.scan_stale_token_sets($1, $2, $3, $4)',
};
const HOLD = {
  name: 'hold_sign_in_revocation',
  text: 'SELECT linkbroker.hold_sign_in_revocation($1, $2, $3)',
};

interface ScannedRow {
  readonly set_id: string;
  readonly tenant_id: string;
  readonly tenant_slug: string;
  readonly connector_slug: string;
  readonly provider: string;
  readonly revoke_upstream: 'never' | 'last-link';
  readonly live: string | null;
  readonly superseded: string | null;
  readonly ended_at: Date | null;
  readonly issued: string | null;
  readonly asked: boolean;
}
