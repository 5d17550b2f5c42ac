import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';
import type { RefreshAttempt, RefreshedGrant } from './grants.store.js';
import type { BatchedVerb } from './statement-batches.js';

/**
 * Settles refreshes one by one or several in a statement, one function call and one commit either way. Undefined when
 * no live row matched.
 * @see ADR 0001, ADR 0009
 */
export class RefreshVerb implements BatchedVerb<RefreshAttempt, RefreshedGrant | undefined> {
  constructor(private readonly database: Database) {}

  keyOf({ grantId }: RefreshAttempt): string {
    return grantId;
  }

  async alone(tenantId: TenantId, attempt: RefreshAttempt, deadline: Deadline): Promise<RefreshedGrant | undefined> {
    const values = [tenantId, ...COLUMNS.map((read) => read(attempt))];
    const [row] = await this.database.query<{ settled: string | null }>(ONE, values, deadline);
    return readRefreshedGrant(row?.settled);
  }

  async together(
    tenantId: TenantId,
    attempts: readonly RefreshAttempt[],
    deadline: Deadline,
  ): Promise<readonly (RefreshedGrant | undefined)[] | undefined> {
    const values = [tenantId, ...COLUMNS.map((read) => attempts.map(read))];
    const [row] = await this.database.query<{ settled: (string | null)[] | null }>(MANY, values, deadline);
    return row?.settled?.map(readRefreshedGrant);
  }
}

/** The parameters of both functions after the tenant, in their order. */
const COLUMNS: readonly ((attempt: RefreshAttempt) => unknown)[] = [
  (attempt) => attempt.skillId,
  (attempt) => attempt.grantId,
  (attempt) => attempt.secretHash,
  (attempt) => attempt.presented,
  (attempt) => attempt.keep,
  (attempt) => attempt.now,
  (attempt) => attempt.signingKeyId,
];

const ONE = {
  name: 'refresh_grant',
  text: 'SELECT linkbroker.refresh_grant($1, $2, $3, $4, $5, $6, $7, $8) AS settled',
};
const MANY = {
  name: 'refresh_grants',
  text: 'SELECT linkbroker.refresh_grants($1, $2, $3, $4, $5, $6, $7, $8) AS settled',
};

/** Reads `generation generation_before mac_key_id link_id scope …`; a scope has no space in it (RFC 6749 §3.3). */
function readRefreshedGrant(text: string | null | undefined): RefreshedGrant | undefined {
  if (!text) return undefined;
  const [generation, generationBefore, macKeyId, linkId = '', ...scopes] = text.split(' ');
  return {
    generation: Number(generation),
    generationBefore: Number(generationBefore),
    macKeyId: Number(macKeyId),
    linkId,
    scopes: scopes.filter((scope) => scope !== ''),
  };
}
