import type { TenantId } from '@linkbroker/contracts';
import type { DataSource } from 'typeorm';
import { asTenant } from './tenant-transaction.js';

export type LinkState = 'active' | 'at_risk' | 'dead' | 'revoked';

/** A link as its tenant's operator sees it: nothing of the household, no token. */
export interface ListedLink {
  readonly id: string;
  readonly skill: string;
  readonly connector: string;
  /** Of the sign-in at the provider. */
  readonly state: LinkState;
  /** Grants that Alexa can use. */
  readonly liveGrants: number;
  /** The provider's last error code, where the last attempt brought nothing. */
  readonly lastError: string | null;
  readonly failures: number;
  readonly createdAt: Date;
}

/** Links of one tenant, for operators. */
export class LinkOverviewStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest first, at most `limit`; with a state only those in it, and of them those that Alexa holds. */
  async list(tenantId: TenantId, state: LinkState | undefined, limit: number): Promise<ListedLink[]> {
    const rows = await asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<ListedRow[]>(LIST, [state ?? null, limit]),
    );
    return rows.map((row) => ({
      id: row.id,
      skill: row.skill,
      connector: row.connector,
      state: row.state,
      liveGrants: Number(row.live_grants),
      lastError: row.last_error,
      failures: row.failures,
      createdAt: row.created_at,
    }));
  }

  /** Whether Alexa holds a grant of the link that works; undefined when this tenant has no such link. */
  async isLive(tenantId: TenantId, linkId: string): Promise<boolean | undefined> {
    const [row] = await this.dataSource.query<{ live: boolean }[]>(
      'SELECT live FROM linkbroker.find_repair_target($1, $2)',
      [tenantId, linkId],
    );
    return row?.live;
  }
}

const LIST = `
SELECT l.id, k.slug AS skill, n.slug AS connector, u.state, u.last_error, u.failures, l.created_at,
  (SELECT count(*) FROM linkbroker.grants g WHERE g.link_id = l.id AND g.revoked_at IS NULL AND g.code_consumed_at IS NOT NULL) AS live_grants
FROM linkbroker.links l JOIN linkbroker.upstream_token_sets u ON u.id = l.token_set_id
  JOIN linkbroker.skills k ON k.id = l.skill_id JOIN linkbroker.connectors n ON n.id = l.connector_id
WHERE $1::text IS NULL OR (u.state = $1 AND (u.state = 'dead' OR EXISTS (
  SELECT 1 FROM linkbroker.grants g WHERE g.link_id = l.id AND g.revoked_at IS NULL AND g.code_consumed_at IS NOT NULL)))
ORDER BY l.created_at DESC, l.id LIMIT $2`;

interface ListedRow {
  readonly id: string;
  readonly skill: string;
  readonly connector: string;
  readonly state: LinkState;
  readonly last_error: string | null;
  readonly failures: number;
  readonly created_at: Date;
  readonly live_grants: string;
}
