import { jest } from '@jest/globals';
import type { TraceEvent } from '@linkbroker/contracts';
import { createLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { Timeline, type TimelineStorage } from './timeline.js';

type Written = Readonly<Record<string, unknown>>;

/** A store that can be away, and a clock that stands. */
function world(store: Partial<TimelineStorage> = {}) {
  const batches: Written[][] = [];
  const metrics = new Metrics();
  const write = (batch: Buffer): Promise<void> => {
    batches.push(JSON.parse(batch.toString()) as Written[]);
    return Promise.resolve();
  };
  let closed = 0;
  const close = (): Promise<void> => {
    closed += 1;
    return Promise.resolve();
  };
  const now = { at: new Date('2026-01-31T12:00:00.000Z') };
  const logger = createLogger({ app: 'test', level: 'silent' });
  const timeline = new Timeline({ store: { write, close, ...store }, now: () => now.at, metrics, logger });
  const dropped = async (reason: string): Promise<number> => {
    const metric = await metrics.registry.getSingleMetric('linkbroker_timeline_dropped_total')?.get();
    return metric?.values.find(({ labels }) => labels['reason'] === reason)?.value ?? 0;
  };
  return { timeline, batches, dropped, now, closed: () => closed };
}

const event = (change: Partial<TraceEvent> = {}): TraceEvent => ({
  name: 'token.answered',
  tenantId: 't1',
  outcome: 'rotated',
  status: 200,
  ms: 1.5,
  ...change,
});
const refused = event({ name: 'client.refused' });

describe('a timeline', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('gathers events and writes them in order, each with a time of its own', async () => {
    const { timeline, batches } = world();
    timeline.record(event({ linkId: 'a' }));
    timeline.record(event({ linkId: 'b' }));
    expect(batches).toEqual([]);
    await jest.advanceTimersByTimeAsync(50);
    expect(batches).toHaveLength(1);
    expect(batches[0]).toMatchObject([
      { linkId: 'a', at: '2026-01-31T12:00:00.000000Z', tenantId: 't1', status: 200, ms: 1.5 },
      { linkId: 'b', at: '2026-01-31T12:00:00.000001Z' },
    ]);
    timeline.record(event({ linkId: 'c' }));
    await jest.advanceTimersByTimeAsync(50);
    expect(batches[1]).toMatchObject([{ linkId: 'c', at: '2026-01-31T12:00:00.000002Z' }]);
  });

  test('has no events without a tenant, and none that the journal has', async () => {
    const { timeline, batches } = world();
    timeline.record({ name: 'authorize.refused', reference: 'R' });
    timeline.record(event({ name: 'upstream.refreshed' }));
    await timeline.close();
    expect(batches).toEqual([]);
  });

  test('keeps what cannot be written, and writes it once when the store is back', async () => {
    let away = true;
    let writes = 0;
    const batches: Written[][] = [];
    const { timeline } = world({
      write: (batch) => {
        writes += 1;
        if (away) return Promise.reject(new Error('away'));
        batches.push(JSON.parse(batch.toString()) as Written[]);
        return Promise.resolve();
      },
    });
    timeline.record(event({ linkId: 'a' }));
    await jest.advanceTimersByTimeAsync(50);
    timeline.record(event({ linkId: 'b' }));
    await jest.advanceTimersByTimeAsync(900);
    expect(writes).toBe(1);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(writes).toBeGreaterThan(3);
    expect(writes).toBeLessThan(9);
    away = false;
    await jest.advanceTimersByTimeAsync(30_000);
    expect(batches.flat().map(({ linkId }) => linkId)).toEqual(['a', 'b']);
  });

  test('is bounded: what does not fit is dropped and counted', async () => {
    const { timeline, dropped } = world({ write: () => Promise.reject(new Error('away')) });
    for (let count = 0; count < 10_000; count += 1) timeline.record(event());
    for (let tenant = 0; tenant < 20_010; tenant += 1) timeline.record(event({ tenantId: `t${String(tenant)}` }));
    expect(await dropped('full')).toBe(10_010);
    await timeline.close();
    expect(await dropped('closed')).toBe(20_000);
  });

  test('a tenant does not take the room of the others while the store is away', async () => {
    const { timeline, dropped, now } = world({ write: () => Promise.reject(new Error('away')) });
    for (let count = 0; count < 30_000; count += 1) timeline.record(event());
    expect(await dropped('full')).toBe(19_000);
    for (let count = 0; count < 500; count += 1) timeline.record(event({ tenantId: 't2' }));
    expect(await dropped('full')).toBe(19_000);
    now.at = new Date(now.at.getTime() + 10_000);
    timeline.record(event());
    expect(await dropped('full')).toBe(19_000);
  });

  test('rations what anybody can cause, for each tenant by itself, and no proven request', async () => {
    const { timeline, batches, dropped, now } = world();
    for (let count = 0; count < 1_300; count += 1) timeline.record(refused);
    timeline.record({ ...refused, tenantId: 't2' });
    timeline.record(event());
    expect(await dropped('flood')).toBe(100);
    now.at = new Date(now.at.getTime() + 60_000);
    timeline.record(refused);
    await timeline.close();
    expect(batches.flat()).toHaveLength(1_203);
  });

  test('goes through the net against secrets, and is short', async () => {
    const { timeline, batches } = world();
    timeline.record(
      event({
        detail: `Bearer abcdefghijkl ${'x'.repeat(900)}`,
        data: { sent: { code: 'hunter2', note: 'token=hunter2' } },
      }),
    );
    timeline.record(event({ data: { long: 'x'.repeat(9_000) } }));
    await timeline.close();
    const [first, second] = batches.flat();
    expect(JSON.stringify(first)).not.toMatch(/hunter2|abcdefghijkl/);
    expect(String(first?.['detail']).length).toBeLessThanOrEqual(500);
    expect(second).toMatchObject({ data: { characters: expect.any(Number) as number } });
  });

  test('replaces what PostgreSQL takes in no text, and leaves what only looks like it', async () => {
    const { timeline, batches } = world();
    const data = { nul: 'a\0b', half: 'a\ud800b', pair: '\u{1f600}', words: '\\n and \\\\u00e4' };
    timeline.record(event({ detail: 'a\0b', data }));
    await timeline.close();
    const [written] = batches.flat();
    expect(written).toMatchObject({ detail: 'a\ufffdb', data: { ...data, nul: 'a\ufffdb', half: 'a\ufffdb' } });
  });

  test('drops an entry that the store cannot take, and no other', async () => {
    const kept: Written[] = [];
    const { timeline, dropped } = world({
      write: (batch) => {
        const entries = JSON.parse(batch.toString()) as Written[];
        if (entries.some(({ linkId }) => linkId === 'bad'))
          return Promise.reject(Object.assign(new Error(), { code: '22P02' }));
        kept.push(...entries);
        return Promise.resolve();
      },
    });
    for (const linkId of ['a', 'b', 'bad', 'c', 'd', 'e', 'f']) timeline.record(event({ linkId }));
    await timeline.close();
    expect(kept.map(({ linkId }) => linkId)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(await dropped('unfit')).toBe(1);
  });

  test('does nothing any more once it is closed, also where its store never came back', async () => {
    let writes = 0;
    const { timeline } = world({
      write: () => {
        writes += 1;
        return Promise.reject(new Error('away'));
      },
    });
    timeline.record(event());
    await jest.advanceTimersByTimeAsync(50);
    const closing = timeline.close();
    await jest.advanceTimersByTimeAsync(1_000);
    await closing;
    const then = writes;
    timeline.record(event());
    await jest.advanceTimersByTimeAsync(120_000);
    expect(writes).toBe(then);
  });

  test('writes what waits when it ends, and closes its store', async () => {
    const { timeline, batches, closed } = world();
    for (let count = 0; count < 1_100; count += 1) timeline.record(event());
    await timeline.close();
    expect([batches.map((batch) => batch.length), closed()]).toEqual([[500, 500, 100], 1]);
  });
});

test('one that is switched off records nothing', async () => {
  const write = jest.fn(() => Promise.resolve());
  const store = { write, close: () => Promise.resolve() };
  const logger = createLogger({ app: 'test', level: 'silent' });
  for (const on of [false, true]) {
    const timeline = new Timeline({ store, now: () => new Date(), metrics: new Metrics(), logger }, on);
    timeline.record(event());
    await timeline.close();
    expect(write).toHaveBeenCalledTimes(on ? 1 : 0);
  }
});
