import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';
import type { GrantedTokens } from './granted-tokens.store.js';
import type { BatchedVerb } from './statement-batches.js';
import type { TokenSetState } from './token-sets.store.js';

/** One call's question. A read locks nothing, so each has a key of its own: the same grant may be asked for twice. */
export interface GrantedTokensQuestion {
  readonly key: string;
  readonly skillId: string;
  readonly grantId: string;
}

/**
 * Finds grants with the upstream tokens behind them one by one or several in a statement. What is found is read after
 * the question was asked, either way; nothing is kept.
 * @see ADR 0009
 */
export class GrantedTokensVerb implements BatchedVerb<GrantedTokensQuestion, GrantedTokens | undefined> {
  constructor(private readonly database: Database) {}

  keyOf({ key }: GrantedTokensQuestion): string {
    return key;
  }

  async alone(
    tenantId: TenantId,
    { skillId, grantId }: GrantedTokensQuestion,
    deadline: Deadline,
  ): Promise<GrantedTokens | undefined> {
    const [row] = await this.database.query<FoundRow>(ONE, [tenantId, skillId, grantId], deadline);
    return readGrantedTokens(row?.found);
  }

  async together(
    tenantId: TenantId,
    questions: readonly GrantedTokensQuestion[],
    deadline: Deadline,
  ): Promise<readonly (GrantedTokens | undefined)[] | undefined> {
    const skills = questions.map(({ skillId }) => skillId);
    const grants = questions.map(({ grantId }) => grantId);
    const [row] = await this.database.query<FoundRow>(MANY, [tenantId, skills, grants], deadline);
    return row?.found?.split('\n').map(readGrantedTokens);
  }
}

const ONE = { name: 'find_granted_tokens', text: 'SELECT linkbroker.find_granted_tokens($1, $2, $3) AS found' };
const MANY = {
  name: 'find_many_granted_tokens',
  text: 'SELECT linkbroker.find_many_granted_tokens($1, $2, $3) AS found',
};

interface FoundRow {
  readonly found: string | null;
}

/** The fields of an answer in their order; octets are hexadecimal, times milliseconds since the epoch. */
type Fields = readonly [
  linkId: string,
  accessSecretHash: string | null,
  accessEndedAt: number | null,
  revokedAt: number | null,
  setId: string,
  connectorId: string,
  version: number,
  state: TokenSetState,
  accessExpiresAt: number | null,
  refreshExpiresAt: number | null,
  hasRefreshToken: boolean,
  scopes: readonly string[],
  storedAt: number,
  retryAt: number | null,
  leased: boolean,
  sealed: string,
];

function readGrantedTokens(text: string | null | undefined): GrantedTokens | undefined {
  if (!text) return undefined;
  const [linkId, accessSecretHash, accessEndedAt, revokedAt, ...set] = JSON.parse(text) as Fields;
  const [id, connectorId, version, state, accessExpiresAt, refreshExpiresAt, hasRefreshToken, ...rest] = set;
  const [scopes, storedAt, retryAt, leased, sealed] = rest;
  return {
    linkId,
    accessSecretHash: accessSecretHash === null ? null : Buffer.from(accessSecretHash, 'hex'),
    accessEndedAt: dateOf(accessEndedAt),
    revokedAt: dateOf(revokedAt),
    tokenSet: {
      ...{ id, connectorId, version, state, scopes, hasRefreshToken, leased },
      accessExpiresAt: dateOf(accessExpiresAt),
      refreshExpiresAt: dateOf(refreshExpiresAt),
      storedAt: new Date(storedAt),
      retryAt: dateOf(retryAt),
      sealed: Buffer.from(sealed, 'hex'),
    },
  };
}

const dateOf = (milliseconds: number | null): Date | null => (milliseconds === null ? null : new Date(milliseconds));
