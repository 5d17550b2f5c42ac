import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import { DatabaseUnavailable } from '../database/database-error.js';
import { AT_ONCE, BATCH_SIZE, PATIENCE_MS, StatementBatches } from './statement-batches.js';

const { jest } = import.meta;
const [HERE, ELSEWHERE] = [asTenantId('t-1'), asTenantId('t-2')];
const LONG = 10_000;

/** A statement that a call, or several, left in; the test answers it. */
interface Sent {
  readonly tenantId: TenantId;
  readonly items: readonly string[];
  readonly deadline: Deadline;
  readonly together: boolean;
  readonly succeed: () => Promise<void>;
  readonly refuse: () => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

/** Items are texts; what stands before the colon is the key. The answer is the item in capitals. */
function setUp() {
  const sent: Sent[] = [];
  const statement = <T>(
    what: Pick<Sent, 'tenantId' | 'items' | 'deadline' | 'together'>,
    answer: T,
    refusal: T,
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      const settled = (act: () => void) => async () => {
        act();
        await jest.advanceTimersByTimeAsync(0);
      };
      sent.push({
        ...what,
        succeed: settled(() => resolve(answer)),
        refuse: settled(() => resolve(refusal)),
        fail: (error) => settled(() => reject(error))(),
      });
    });
  const batches = new StatementBatches<string, string>({
    keyOf: (item) => item.split(':')[0]!,
    alone: (tenantId, item, deadline) =>
      statement({ tenantId, items: [item], deadline, together: false }, item.toUpperCase(), ''),
    together: (tenantId, items, deadline) =>
      statement<string[] | undefined>(
        { tenantId, items, deadline, together: true },
        items.map((item) => item.toUpperCase()),
        undefined,
      ),
  });
  const call = (item: string, { tenantId = HERE, ms = LONG } = {}) => {
    const outcome: { is: unknown } = { is: 'open' };
    batches.settle(tenantId, item, performance.now() + ms).then(
      (answer) => (outcome.is = answer),
      (error: unknown) => (outcome.is = error),
    );
    return outcome;
  };
  /** Takes every place of a tenant. */
  const fill = (tenantId = HERE) => Array.from({ length: AT_ONCE }, (_, at) => call(`full-${at}`, { tenantId }));
  const travelling = () => sent.map(({ items }) => items);
  return { sent, call, fill, travelling };
}

const later = (ms: number) => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a call leaves at once and alone while there is a place', async () => {
  const { sent, fill } = setUp();
  const calls = fill();
  expect(sent.map(({ together }) => together)).toEqual(Array(AT_ONCE).fill(false));
  await Promise.all(sent.map(({ succeed }) => succeed()));
  expect(calls.map(({ is }) => is)).toEqual(calls.map((_, at) => `FULL-${at}`));
});

test('calls that arrive meanwhile leave together when a statement returns, in the order of their keys', async () => {
  const { sent, call, fill, travelling } = setUp();
  fill();
  const calls = ['c', 'a', 'b'].map((item) => call(item));
  await later(PATIENCE_MS - 1);
  expect(sent).toHaveLength(AT_ONCE);
  await sent[0]!.succeed();
  expect(travelling().slice(AT_ONCE)).toEqual([['a', 'b', 'c']]);
  await sent[AT_ONCE]!.succeed();
  expect(calls.map(({ is }) => is)).toEqual(['C', 'A', 'B']);
});

test('a call that waited by itself leaves alone', async () => {
  const { sent, call, fill } = setUp();
  fill();
  const only = call('a');
  await sent[0]!.fail(new Error('not its fault'));
  expect(sent[AT_ONCE]).toMatchObject({ items: ['a'], together: false });
  await sent[AT_ONCE]!.succeed();
  expect(only.is).toBe('A');
});

test('calls with the same key never share a statement, and keep their order', async () => {
  const { sent, call, fill, travelling } = setUp();
  fill();
  const calls = ['a:1', 'a:2', 'b', 'a:3'].map((item) => call(item));
  for (const at of [0, 1, 2, 3]) await sent[at]!.succeed();
  expect(travelling().slice(AT_ONCE)).toEqual([['a:1', 'b'], ['a:2'], ['a:3']]);
  await sent[AT_ONCE + 2]!.succeed();
  expect(calls.map(({ is }) => is)).toEqual(['A:1', 'A:2', 'B', 'A:3']);
});

test('a batch is bounded, and who came first goes first', async () => {
  const { sent, call, fill, travelling } = setUp();
  fill();
  const items = Array.from({ length: BATCH_SIZE + 3 }, (_, at) => String(at).padStart(3, '0'));
  items.forEach((item) => call(item));
  for (const at of [0, 1]) await sent[at]!.succeed();
  expect(travelling().slice(AT_ONCE)).toEqual([items.slice(0, BATCH_SIZE), items.slice(BATCH_SIZE)]);
});

test("one tenant's pile does not delay another, and tenants never share a statement", async () => {
  const { sent, call, fill } = setUp();
  fill();
  ['a', 'b', 'c'].forEach((item) => call(item));
  const other = call('a', { tenantId: ELSEWHERE });
  expect(sent.at(-1)).toMatchObject({ tenantId: ELSEWHERE, items: ['a'], together: false });
  await sent.at(-1)!.succeed();
  expect(other.is).toBe('A');
  await sent[0]!.succeed();
  expect(sent.at(-1)).toMatchObject({ tenantId: HERE, items: ['a', 'b', 'c'] });
});

test.each<[string, (batch: Sent) => Promise<void>]>([
  ['fails', (batch) => batch.fail(new Error('deadlock detected'))],
  ['settles nobody', (batch) => batch.refuse()],
])('a batch that %s is tried again one by one, and one error stays with its call', async (_name, go) => {
  const { sent, call, fill, travelling } = setUp();
  fill();
  const calls = ['a', 'b', 'c'].map((item) => call(item));
  await sent[0]!.succeed();
  await sent[1]!.succeed();
  await go(sent[AT_ONCE]!);
  await sent[AT_ONCE + 1]!.fail(new Error('only this one'));
  await sent[AT_ONCE + 2]!.succeed();
  await sent[AT_ONCE + 3]!.succeed();
  expect(travelling().slice(AT_ONCE + 1)).toEqual([['a'], ['b'], ['c']]);
  expect(calls.map(({ is }) => is)).toEqual([new Error('only this one'), 'B', 'C']);
});

test('calls tried again leave alone, and after those who have waited longer', async () => {
  const { sent, call, fill, travelling } = setUp();
  fill();
  ['a', 'b'].forEach((item) => call(item));
  await sent[0]!.succeed();
  ['c', 'd'].forEach((item) => call(item));
  await sent[AT_ONCE]!.refuse();
  call('e');
  for (const at of [1, 3, 4]) await sent[at]!.succeed();
  expect(travelling().slice(AT_ONCE)).toEqual([['a', 'b'], ['c', 'd'], ['a'], ['b'], ['e']]);
});

test('a database that cannot be asked fails all who travelled, and the next still leave', async () => {
  const { sent, call, fill } = setUp();
  fill();
  const calls = ['a', 'b'].map((item) => call(item));
  await sent[0]!.succeed();
  const behind = call('c');
  await sent[AT_ONCE]!.fail(new DatabaseUnavailable('connection failed'));
  expect(calls.map(({ is }) => is)).toEqual(Array(2).fill(expect.any(DatabaseUnavailable)));
  await sent[AT_ONCE + 1]!.succeed();
  expect(behind.is).toBe('C');
});

test('a call that waits answers by its own deadline', async () => {
  const { sent, call, fill } = setUp();
  fill();
  const [short, long] = [call('a', { ms: 100 }), call('b', { ms: 200 })];
  await later(99);
  expect(short.is).toBe('open');
  await later(1);
  expect(short.is).toBeInstanceOf(DatabaseUnavailable);
  await sent[0]!.succeed();
  expect(sent[AT_ONCE]!.items).toEqual(['b']);
  await sent[AT_ONCE]!.succeed();
  expect(long.is).toBe('B');
});

test('a batch travels under its latest deadline; who has less time answers earlier and takes nobody along', async () => {
  const { sent, call, fill } = setUp();
  fill();
  const [short, long] = [call('a', { ms: 100 }), call('b', { ms: 300 })];
  const latest = performance.now() + 300;
  await sent[0]!.succeed();
  expect(sent[AT_ONCE]).toMatchObject({ items: ['a', 'b'], deadline: latest });
  await later(100);
  expect([short.is, long.is]).toEqual([expect.any(DatabaseUnavailable), 'open']);
  await sent[AT_ONCE]!.succeed();
  expect(long.is).toBe('B');
});

test('who ran out of time in a batch is not tried again', async () => {
  const { sent, call, fill, travelling } = setUp();
  fill();
  call('a', { ms: 100 });
  call('b');
  await sent[0]!.succeed();
  await later(100);
  await sent[AT_ONCE]!.refuse();
  await sent[1]!.succeed();
  expect(travelling().slice(AT_ONCE)).toEqual([['a', 'b'], ['b']]);
});

test('statements that take too long give their places back once, and everybody keeps their deadline', async () => {
  const { sent, call, fill, travelling } = setUp();
  const stuck = fill();
  const calls = ['a', 'b'].map((item) => call(item, { ms: 1_000 }));
  await later(PATIENCE_MS);
  expect(travelling().slice(AT_ONCE)).toEqual([['a', 'b']]);
  await later(1_000 - PATIENCE_MS);
  expect(calls.map(({ is }) => is)).toEqual(Array(2).fill(expect.any(DatabaseUnavailable)));
  expect(stuck.map(({ is }) => is)).toEqual(Array(AT_ONCE).fill('open'));
  for (const { succeed } of sent) await succeed();
  const before = sent.length;
  fill();
  call('c');
  expect(sent).toHaveLength(before + AT_ONCE);
});
