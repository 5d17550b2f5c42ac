import type { Deadline } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** Token sets of one connector that are not well. */
export interface UnwellTokenSets {
  readonly tenant: string;
  readonly connector: string;
  /** `failing`: the last attempt to refresh brought nothing, and nothing worse is known. */
  readonly state: 'failing' | 'at_risk' | 'dead';
  readonly count: number;
}

/** How the links of all tenants are, for metrics. Costs what is unwell, not what exists. */
export class LinkHealthStore {
  constructor(private readonly database: Database) {}

  /** @throws DatabaseUnavailable */
  async countUnwell(deadline: Deadline): Promise<UnwellTokenSets[]> {
    const rows = await this.database.query<UnwellRow>(COUNT_UNWELL, [], deadline);
    return rows.map((row) => ({
      tenant: row.tenant_slug,
      connector: row.connector_slug,
      state: row.state,
      count: Number(row.count),
    }));
  }
}

const COUNT_UNWELL = {
  name: 'count_unwell_token_sets',
  text: 'SELECT * FROM linkbroker.count_unwell_token_sets()',
};

interface UnwellRow {
  readonly tenant_slug: string;
  readonly connector_slug: string;
  readonly state: UnwellTokenSets['state'];
  readonly count: string;
}
