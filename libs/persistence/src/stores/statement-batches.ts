import type { Deadline, TenantId } from '@linkbroker/contracts';
import { DatabaseUnavailable } from '../database/database-error.js';

/**
 * A verb that settles one item, or several of a crowd in one statement: of a tenant, unless another crowd is named. An item
 * may be settled more than once.
 */
export interface BatchedVerb<Item, Answer, Crowd = TenantId> {
  /** What the item locks. Items with the same key never travel together. */
  keyOf(item: Item): string;
  alone(crowd: Crowd, item: Item, deadline: Deadline): Promise<Answer>;
  /** Settles items that come in the order of their keys; undefined says that none of them was settled. */
  together(crowd: Crowd, items: readonly Item[], deadline: Deadline): Promise<readonly Answer[] | undefined>;
}

/** Statements of one crowd under way before calls begin to wait and share. */
export const AT_ONCE = 2;
/** Items in one statement. */
export const BATCH_SIZE = 64;
/** Milliseconds after which a statement gives its place back: a lost connection must not hold a tenant's others. */
export const PATIENCE_MS = 250;

/**
 * Calls of one verb that share statements when there is a crowd. While few statements of a tenant are under way a call
 * leaves at once, alone. Calls that arrive meanwhile wait in memory and leave together as soon as a statement returns;
 * nobody waits for company.
 * @see ADR 0009
 */
export class StatementBatches<Item, Answer, Crowd = TenantId> {
  private readonly piles = new Map<Crowd, Pile<Item, Answer, Crowd>>();

  constructor(private readonly verb: BatchedVerb<Item, Answer, Crowd>) {}

  /**
   * What the verb answers for the item alone.
   * @throws DatabaseUnavailable when the deadline passes or the connection fails; pg errors of the statement otherwise
   */
  settle(crowd: Crowd, item: Item, deadline: Deadline): Promise<Answer> {
    let pile = this.piles.get(crowd);
    if (!pile) {
      pile = new Pile(this.verb, crowd);
      this.piles.set(crowd, pile);
    }
    return pile.settle(item, deadline);
  }
}

interface Call<Item, Answer> {
  readonly item: Item;
  readonly key: string;
  readonly deadline: Deadline;
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
  /** Set once a batch with it has failed. */
  separate: boolean;
}

/** The calls of one crowd. */
class Pile<Item, Answer, Crowd> {
  private underWay = 0;
  /** In the order in which they are served. */
  private readonly waiting = new Set<Call<Item, Answer>>();

  constructor(
    private readonly verb: BatchedVerb<Item, Answer, Crowd>,
    private readonly crowd: Crowd,
  ) {}

  settle(item: Item, deadline: Deadline): Promise<Answer> {
    if (this.underWay < AT_ONCE) return this.send(this.verb.alone(this.crowd, item, deadline));
    return new Promise((resolve, reject) => this.wait(item, deadline, resolve, reject));
  }

  /** A call that waits, or travels with others, is under its own deadline all the time. */
  private wait(
    item: Item,
    deadline: Deadline,
    resolve: (answer: Answer) => void,
    reject: (error: unknown) => void,
  ): void {
    const timer = setTimeout(() => {
      this.waiting.delete(call);
      reject(new DatabaseUnavailable('deadline passed among other calls'));
    }, deadline - performance.now());
    const call: Call<Item, Answer> = {
      item,
      key: this.verb.keyOf(item),
      deadline,
      answer: (answer) => {
        clearTimeout(timer);
        resolve(answer);
      },
      fail: (error) => {
        clearTimeout(timer);
        reject(error);
      },
      separate: false,
    };
    this.waiting.add(call);
  }

  /** Holds a place until the statement has returned or taken too long. Who waits leaves before anybody is answered. */
  private send<T>(statement: Promise<T>): Promise<T> {
    this.underWay += 1;
    let held = true;
    const giveBack = (): void => {
      clearTimeout(timer);
      if (!held) return;
      held = false;
      this.underWay -= 1;
      this.sendWaiting();
    };
    const timer = setTimeout(giveBack, PATIENCE_MS);
    statement.then(giveBack, giveBack);
    return statement;
  }

  private sendWaiting(): void {
    while (this.underWay < AT_ONCE && this.waiting.size > 0) {
      const batch = this.nextBatch();
      const [first] = batch;
      if (first && batch.length === 1) void this.sendAlone(first);
      else void this.sendTogether(batch);
    }
  }

  /** The first in the queue, and whoever may travel with it. */
  private nextBatch(): readonly Call<Item, Answer>[] {
    const batch = new Map<string, Call<Item, Answer>>();
    for (const call of this.waiting) {
      if (batch.size > 0 && (call.separate || batch.has(call.key))) continue;
      batch.set(call.key, call);
      this.waiting.delete(call);
      if (call.separate || batch.size === BATCH_SIZE) break;
    }
    return [...batch.values()];
  }

  private async sendAlone(call: Call<Item, Answer>): Promise<void> {
    try {
      call.answer(await this.send(this.verb.alone(this.crowd, call.item, call.deadline)));
    } catch (error) {
      call.fail(error);
    }
  }

  /**
   * Travels under the latest deadline: a call with little time left answers by its own clock and does not take the
   * others down. An error of the statement may be the fault of one of them, so each is tried again alone.
   */
  private async sendTogether(batch: readonly Call<Item, Answer>[]): Promise<void> {
    const sorted = batch.toSorted((one, other) => (one.key < other.key ? -1 : 1));
    const items = sorted.map(({ item }) => item);
    const deadline = Math.max(...sorted.map((call) => call.deadline));
    try {
      const answers = await this.send(this.verb.together(this.crowd, items, deadline));
      if (answers) sorted.forEach((call, index) => call.answer(answers[index] as Answer));
      else this.separate(batch);
    } catch (error) {
      if (error instanceof DatabaseUnavailable) batch.forEach((call) => call.fail(error));
      else this.separate(batch);
    }
  }

  private separate(batch: readonly Call<Item, Answer>[]): void {
    for (const call of batch) {
      call.separate = true;
      if (call.deadline > performance.now()) this.waiting.add(call);
    }
    this.sendWaiting();
  }
}
