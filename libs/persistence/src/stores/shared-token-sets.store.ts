import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';
import { StatementBatches, type BatchedVerb } from './statement-batches.js';
import { TokenSetsStore, type RefreshedTokens } from './token-sets.store.js';

/** The worker's crowd: it refreshes for all tenants, so what it shares is shared across them. */
type Everybody = 'everybody';

interface SentAttempt {
  readonly tenantId: TenantId;
  readonly setId: string;
  readonly fence: number;
  readonly attemptId: string;
}

interface FinishedRefresh {
  readonly tenantId: TenantId;
  readonly tokens: RefreshedTokens;
  readonly now: Date;
}

/**
 * Token sets for whoever refreshes many at once: the words before the socket and the results of refreshes that meet share
 * a statement and a commit, across tenants, each place under its own tenant's row security.
 * @throws DatabaseUnavailable when it could not look
 * @see ADR 0009, ADR 0011
 */
export class SharedTokenSetsStore extends TokenSetsStore {
  private readonly sent: StatementBatches<SentAttempt, boolean, Everybody>;
  private readonly finished: StatementBatches<FinishedRefresh, boolean, Everybody>;

  constructor(database: Database) {
    super(database);
    this.sent = new StatementBatches<SentAttempt, boolean, Everybody>(
      new MarkVerb(database, (item, deadline) => super.markSent(item.tenantId, item, deadline)),
    );
    this.finished = new StatementBatches<FinishedRefresh, boolean, Everybody>(
      new FinishVerb(database, ({ tenantId, tokens, now }, deadline) => super.finish(tenantId, tokens, now, deadline)),
    );
  }

  override markSent(
    tenantId: TenantId,
    attempt: { setId: string; fence: number; attemptId: string },
    deadline: Deadline,
  ): Promise<boolean> {
    return this.sent.settle('everybody', { ...attempt, tenantId }, deadline);
  }

  override finish(tenantId: TenantId, tokens: RefreshedTokens, now: Date, deadline: Deadline): Promise<boolean> {
    return this.finished.settle('everybody', { tenantId, tokens, now }, deadline);
  }
}

type Alone<Item> = (item: Item, deadline: Deadline) => Promise<boolean>;

class MarkVerb implements BatchedVerb<SentAttempt, boolean, Everybody> {
  constructor(
    private readonly database: Database,
    private readonly one: Alone<SentAttempt>,
  ) {}

  keyOf({ setId }: SentAttempt): string {
    return setId;
  }

  alone(_: Everybody, item: SentAttempt, deadline: Deadline): Promise<boolean> {
    return this.one(item, deadline);
  }

  async together(_: Everybody, items: readonly SentAttempt[], deadline: Deadline): Promise<boolean[] | undefined> {
    const values = SENT.map((read) => items.map(read));
    const [row] = await this.database.query<{ done: boolean[] | null }>(MARK, values, deadline);
    return row?.done ?? undefined;
  }
}

class FinishVerb implements BatchedVerb<FinishedRefresh, boolean, Everybody> {
  constructor(
    private readonly database: Database,
    private readonly one: Alone<FinishedRefresh>,
  ) {}

  keyOf({ tokens }: FinishedRefresh): string {
    return tokens.setId;
  }

  alone(_: Everybody, item: FinishedRefresh, deadline: Deadline): Promise<boolean> {
    return this.one(item, deadline);
  }

  async together(_: Everybody, items: readonly FinishedRefresh[], deadline: Deadline): Promise<boolean[] | undefined> {
    const values = FINISHED.map((read) => items.map(read));
    const [row] = await this.database.query<{ done: boolean[] | null }>(FINISH, values, deadline);
    return row?.done ?? undefined;
  }
}

/** The parameters of both functions, in their order. Scopes go as text: arrays in an array must be of one length. */
const SENT: readonly ((item: SentAttempt) => unknown)[] = [
  (item) => item.tenantId,
  (item) => item.setId,
  (item) => item.fence,
  (item) => item.attemptId,
];
const FINISHED: readonly ((item: FinishedRefresh) => unknown)[] = [
  ({ tenantId }) => tenantId,
  ({ tokens }) => tokens.setId,
  ({ tokens }) => tokens.fence,
  ({ tokens }) => tokens.attemptId,
  ({ tokens }) => tokens.version,
  ({ tokens }) => tokens.scopes.join(' '),
  ({ tokens }) => tokens.hasRefreshToken,
  ({ tokens }) => tokens.accessExpiresAt,
  ({ tokens }) => tokens.refreshExpiresAt,
  ({ tokens }) => tokens.activeDueAt,
  ({ tokens }) => tokens.dormantDueAt,
  ({ tokens }) => tokens.sealed,
  ({ now }) => now,
];

const MARK = { name: 'mark_attempts_sent', text: 'SELECT linkbroker.mark_attempts_sent($1, $2, $3, $4) AS done' };
const FINISH = {
  name: 'finish_token_refreshes',
  text: 'SELECT linkbroker.finish_token_refreshes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS done',
};
