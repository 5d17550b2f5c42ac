import type { Deadline, RegisteredClient, StoredSecret } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** Resolves client ids, which are unique in the whole broker: one of the few verbs that has no tenant yet. */
export class ClientsStore {
  constructor(private readonly database: Database) {}

  /** The client with its skill and live secrets; undefined when nobody registered it. One round trip. */
  async resolve(clientId: string, deadline: Deadline): Promise<RegisteredClient | undefined> {
    const [row] = await this.database.query<{ resolve_client: RegisteredClient | null }>(RESOLVE, [clientId], deadline);
    return row?.resolve_client ?? undefined;
  }

  /** The last secrets that a client had and has no longer. */
  findRetired(clientId: string, deadline: Deadline): Promise<StoredSecret[]> {
    return this.database.query<StoredSecret>(RETIRED, [clientId], deadline);
  }

  /** Notes when secrets were last used, so that a replaced one retires only after 30 days unseen. */
  async seeSecrets(secretIds: readonly string[], now: Date, deadline: Deadline): Promise<void> {
    await this.database.query(SEE, [secretIds, now], deadline);
  }
}

const RESOLVE = { name: 'resolve_client', text: 'SELECT linkbroker.resolve_client($1)' };
const RETIRED = {
  name: 'find_retired_secrets',
  text: 'SELECT id, hash FROM linkbroker.find_retired_secrets($1)',
};
const SEE = { name: 'see_client_secrets', text: 'SELECT linkbroker.see_client_secrets($1, $2)' };
