import type { Deadline } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** Cross-tenant clean-up, for the worker. All verbs are bounded and safe to repeat. */
export class HousekeepingStore {
  constructor(private readonly database: Database) {}

  /** Removes up to `limit` pending grants whose code expired before `before`; returns how many went. */
  async expirePendingGrants(before: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ expire_pending_grants: string }>(EXPIRE, [before, limit], deadline);
    return Number(row?.expire_pending_grants ?? 0);
  }

  /** Retires replaced client secrets that nobody has used for 30 days; returns how many. */
  async retireClientSecrets(now: Date, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ retire_client_secrets: string }>(RETIRE, [now], deadline);
    return Number(row?.retire_client_secrets ?? 0);
  }

  /** Forgets up to `limit` handed-out upstream tokens that expired before `before`; returns how many went. */
  async expireHandedOutTokens(before: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ expire_handed_out_tokens: string }>(FORGET, [before, limit], deadline);
    return Number(row?.expire_handed_out_tokens ?? 0);
  }

  /** Removes up to `limit` ended attempts of the refresh journal that began before `before`; returns how many went. */
  async forgetRefreshAttempts(before: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ forget_refresh_attempts: string }>(JOURNAL, [before, limit], deadline);
    return Number(row?.forget_refresh_attempts ?? 0);
  }

  /** Forgets up to `limit` answers of relays that were kept until before `before`; returns how many went. */
  async forgetRelayedTokens(before: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ forget_relayed_tokens: string }>(RELAYED, [before, limit], deadline);
    return Number(row?.forget_relayed_tokens ?? 0);
  }
}

const EXPIRE = { name: 'expire_pending_grants', text: 'SELECT linkbroker.expire_pending_grants($1, $2)' };
const RETIRE = { name: 'retire_client_secrets', text: 'SELECT linkbroker.retire_client_secrets($1)' };
const JOURNAL = { name: 'forget_refresh_attempts', text: 'SELECT linkbroker.forget_refresh_attempts($1, $2)' };
const RELAYED = { name: 'forget_relayed_tokens', text: 'SELECT linkbroker.forget_relayed_tokens($1, $2)' };
const FORGET = { name: 'expire_handed_out_tokens', text: 'SELECT linkbroker.expire_handed_out_tokens($1, $2)' };
