import { refreshDueTokens } from '@linkbroker/linking';
import { household, startFederation, type Federation } from '../test/federation.js';

let federation: Federation;
beforeAll(async () => {
  federation = await startFederation();
  await federation.startAfresh();
}, 60_000);
afterAll(() => federation.close());

const run = () => refreshDueTokens(federation.broker.worker);
const inUse = () =>
  federation.broker.database.sql(
    'UPDATE linkbroker.upstream_token_sets SET last_used_at = now(), refresh_due_at = active_due_at',
  );
const later = (seconds: number) => {
  federation.broker.clock.advance({ seconds });
};

describe('the service level of links', () => {
  const buckets = async (): Promise<Record<string, number>> => {
    const { values } = await federation.broker.broker.needs.metrics.registry
      .getSingleMetric('linkbroker_upstream_refreshes_total')!
      .get();
    const mine = values.filter(({ labels }) => labels['tenant'] === 'fed' && labels['connector'] === 'rotating');
    return Object.fromEntries(mine.map(({ labels, value }) => [String(labels['bucket']), value]));
  };

  test('counts the end of each attempt once, under its tenant and connector', async () => {
    const { simulator } = federation;
    await household(federation, 'rotating');
    const before = await buckets();
    const faults = [undefined, { kind: 'status', value: 503 }, { kind: 'reset-after-processing' }] as const;
    for (const fault of faults) {
      await inUse();
      later(3_700);
      if (fault) simulator.faults.add({ target: 'rotating.token', ...fault, times: 1 });
      await run();
    }
    simulator.models.rotating.ledger.clear();
    await inUse();
    later(3_700);
    await run();
    const after = await buckets();
    const counted = Object.keys(after).map((bucket) => [bucket, after[bucket]! - (before[bucket] ?? 0)]);
    expect(Object.fromEntries(counted.filter(([, count]) => count !== 0))).toEqual({
      refreshed: 1,
      transient: 2,
      refused: 1,
    });
    expect(federation.broker.log()).toContain('upstream.at_risk');
  });
});
