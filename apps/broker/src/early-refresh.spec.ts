import { endLostAttempts, recoverAnswers, refreshDueTokens, refreshUpstream } from '@linkbroker/linking';
import { randomUUID } from 'node:crypto';
import { exchange, refresh, revoke } from '../test/alexa.js';
import { FIRST, FIRST_BACKEND, household, startFederation, type Federation } from '../test/federation.js';

let federation: Federation;
beforeAll(async () => {
  federation = await startFederation();
}, 60_000);
afterAll(() => federation.close());
beforeEach(async () => {
  await federation.startAfresh();
  await federation.broker.database.sql('UPDATE linkbroker.connectors SET parked_until = NULL, parked_reason = NULL');
});

const sql = <Row extends object>(text: string): Promise<Row[]> => federation.broker.database.sql<Row>(text);
const counters = () => federation.simulator.models.rotating.counters();
const run = () => refreshDueTokens(federation.broker.worker);
const inUse = () =>
  sql('UPDATE linkbroker.upstream_token_sets SET last_used_at = now(), refresh_due_at = active_due_at');
const later = (seconds: number) => {
  federation.broker.clock.advance({ seconds });
};
/** An access token of Alexa's that is good now. */
const fresh = async (pair: { refresh: string }): Promise<string> =>
  String((await refresh(federation.broker, FIRST, pair.refresh)).body['access_token']);

/** Many households of one connector, as rows copied from the first: each with a chain of its own at the provider. */
async function households(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await household(federation, 'rotating', FIRST, index ? 'bob' : 'alice');
}

describe('the worker', () => {
  test('renews a set in use before its access token ends, so that nobody waits for it', async () => {
    const { broker } = federation;
    const pair = await household(federation, 'rotating');
    const first = await exchange(broker, FIRST_BACKEND, pair.access);
    await inUse();
    expect(await run()).toBe(0);
    later(3_300);
    expect(await run()).toBe(1);
    expect(await run()).toBe(0);
    const calls = counters().tokenCalls.refresh_token;
    expect(calls).toBe(1);
    const next = await exchange(broker, FIRST_BACKEND, await fresh(pair));
    expect(next.body['access_token']).not.toBe(first.body['access_token']);
    expect(counters().tokenCalls.refresh_token).toBe(calls);
  });

  test('leaves a set that nobody uses alone, but for keeping it alive', async () => {
    await household(federation, 'rotating');
    later(3_600 * 24);
    expect(await run()).toBe(0);
    later(3_600 * 24 * 6);
    expect(await run()).toBe(1);
    expect(counters().reuseDetections).toBe(0);
  });

  test('stops when the last link has ended, and begins again with a new one', async () => {
    const { broker } = federation;
    const pair = await household(federation, 'rotating');
    await inUse();
    await revoke(broker, FIRST, pair.refresh);
    later(3_300);
    expect(await run()).toBe(0);
    expect(counters().tokenCalls.refresh_token).toBe(0);
    expect(await sql('SELECT 1 FROM linkbroker.upstream_token_sets WHERE refresh_due_at IS NULL')).toHaveLength(1);
    await household(federation, 'rotating');
    await inUse();
    later(3_300);
    expect(await run()).toBe(1);
  });

  test('and another one, and a household, share one upstream call', async () => {
    const { broker } = federation;
    await households(2);
    for (let turn = 0; turn < 25; turn += 1) {
      await inUse();
      later(3_700);
      const before = counters().tokenCalls.refresh_token;
      const sets = await sql<{ id: string; tenant_id: string }>(
        'SELECT id, tenant_id FROM linkbroker.upstream_token_sets',
      );
      // Read before anybody begins: who reads a set that has just been refreshed would refresh the new one.
      const found = await Promise.all(
        sets.map(async ({ id, tenant_id: tenantId }) => ({
          tenantId,
          set: await broker.worker.tokenSets.find(tenantId as never, id, performance.now() + 5_000),
        })),
      );
      const inline = found.map(({ tenantId, set }) => refreshUpstream(broker.worker, tenantId as never, set!));
      await Promise.all([run(), run(), ...inline]);
      expect(counters().tokenCalls.refresh_token - before).toBe(sets.length);
    }
    expect(counters().reuseDetections).toBe(0);
  }, 60_000);

  test('comes back after an outage without losing anybody', async () => {
    const { simulator } = federation;
    await households(2);
    await inUse();
    later(3_300);
    simulator.faults.add({ target: 'rotating.token', kind: 'status', value: 503 });
    expect(await run()).toBe(0);
    const [waiting] = await sql<{ state: string; failures: number }>(
      'SELECT state, failures FROM linkbroker.upstream_token_sets',
    );
    expect(waiting).toEqual({ state: 'active', failures: 1 });
    simulator.faults.clear();
    later(20 * 60);
    expect(await run()).toBe(2);
    expect(counters().reuseDetections).toBe(0);
  });

  test('leaves a connector alone whose credentials are refused, and unlinks nobody', async () => {
    const { broker, simulator } = federation;
    await household(federation, 'rotating');
    await inUse();
    later(3_300);
    const { clients } = simulator.models.rotating;
    clients.register({ clientId: 'app', clientSecret: 'changed', brokerCallbacks: true });
    expect(await run()).toBe(0);
    expect(broker.log()).toContain('connector.parked');
    const calls = counters().tokenCalls.refresh_token;
    later(60);
    await sql('UPDATE linkbroker.upstream_token_sets SET refresh_due_at = active_due_at');
    expect(await run()).toBe(0);
    expect(counters().tokenCalls.refresh_token).toBe(calls);
    clients.register({ clientId: 'app', clientSecret: 'secret', brokerCallbacks: true });
    later(1_200);
    expect(await run()).toBe(1);
  });
});

describe('an answer that the database would not take', () => {
  test('waits on the disk and is stored when it can be, without asking the provider again', async () => {
    const { broker } = federation;
    const pair = await household(federation, 'rotating');
    await inUse();
    later(3_300);
    const tokenSets = Object.assign(Object.create(broker.worker.tokenSets) as typeof broker.worker.tokenSets, {
      finish: () => Promise.reject(new Error('the disk of the database is full')),
    });
    expect(await refreshDueTokens({ ...broker.worker, tokenSets })).toBe(1);
    expect(broker.log()).toContain('incident.token_not_stored');
    expect(await sql('SELECT 1 FROM linkbroker.upstream_token_sets WHERE version = 1')).toHaveLength(1);
    expect(await recoverAnswers(broker.worker)).toBe(1);
    expect(await recoverAnswers(broker.worker)).toBe(0);
    later(3_700);
    expect((await exchange(broker, FIRST_BACKEND, await fresh(pair))).status).toBe(200);
    expect(counters()).toMatchObject({ reuseDetections: 0, tokenCalls: { refresh_token: 2 } });
  });

  test('is looked for before its token is presented again, also when its lease has run out', async () => {
    const { broker } = federation;
    const pair = await household(federation, 'rotating');
    await inUse();
    later(3_300);
    const tokenSets = Object.assign(Object.create(broker.worker.tokenSets) as typeof broker.worker.tokenSets, {
      finish: () => Promise.reject(new Error('the database is away')),
    });
    await refreshDueTokens({ ...broker.worker, tokenSets });
    await sql(`UPDATE linkbroker.upstream_token_sets SET lease_until = clock_timestamp() - interval '1 second'`);
    later(400);
    const access = await fresh(pair);
    const waiting = await exchange(broker, FIRST_BACKEND, access);
    expect(waiting).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect(await run()).toBe(0);
    expect(counters().reuseDetections).toBe(0);
    expect(await recoverAnswers(broker.worker)).toBe(1);
    expect(await endLostAttempts(broker.worker)).toBe(0);
    expect((await exchange(broker, FIRST_BACKEND, access)).status).toBe(200);
    expect(counters().reuseDetections).toBe(0);
  }, 90_000);

  test('gives way to a re-link', async () => {
    const { broker } = federation;
    await household(federation, 'rotating');
    await inUse();
    later(3_300);
    const tokenSets = Object.assign(Object.create(broker.worker.tokenSets) as typeof broker.worker.tokenSets, {
      finish: () => Promise.reject(new Error('frozen')),
    });
    await refreshDueTokens({ ...broker.worker, tokenSets });
    const again = await household(federation, 'rotating');
    expect(await recoverAnswers(broker.worker)).toBe(0);
    later(3_700);
    expect((await exchange(broker, FIRST_BACKEND, await fresh(again))).status).toBe(200);
    expect(counters().reuseDetections).toBe(0);
  });
});

describe('an attempt whose owner died', () => {
  const die = async (sent: boolean): Promise<void> => {
    const { broker } = federation;
    const [set] = await sql<{ id: string; tenant_id: string }>(
      'SELECT id, tenant_id FROM linkbroker.upstream_token_sets',
    );
    const attempt = { setId: set!.id, version: 1, attemptId: randomUUID(), leaseMs: 30_000 };
    const deadline = performance.now() + 5_000;
    const fence =
      (await broker.worker.tokenSets.lease(set!.tenant_id as never, attempt, broker.clock.now(), deadline)) ?? 0;
    if (sent) await broker.worker.tokenSets.markSent(set!.tenant_id as never, { ...attempt, fence }, deadline);
    await sql(`UPDATE linkbroker.upstream_token_sets SET lease_until = clock_timestamp() - interval '1 second'`);
    await sql(`UPDATE linkbroker.upstream_refresh_attempts SET began_at = clock_timestamp() - interval '1 minute'`);
  };
  const lost = () => endLostAttempts(federation.broker.worker);
  const outcomes = async () =>
    (await sql<{ outcome: string }>('SELECT outcome FROM linkbroker.upstream_refresh_attempts')).map(
      (row) => row.outcome,
    );

  test('before it sent anything is due at once', async () => {
    await household(federation, 'rotating');
    await inUse();
    await die(false);
    expect(await lost()).toBe(1);
    expect(await outcomes()).toEqual(['not-sent']);
    expect(await run()).toBe(1);
  });

  test('after it sent is presented once more as late as can be, and then the link is at risk', async () => {
    await household(federation, 'rotating');
    await inUse();
    await die(true);
    expect(await lost()).toBe(1);
    expect(await lost()).toBe(0);
    expect(await outcomes()).toEqual(['unknown']);
    expect(await run()).toBe(0);
    later(3_500);
    expect(await run()).toBe(0);
    later(60);
    await die(true);
    await lost();
    const [set] = await sql<{ state: string; unknown_sends: number }>(
      'SELECT state, unknown_sends FROM linkbroker.upstream_token_sets',
    );
    expect(set).toEqual({ state: 'at_risk', unknown_sends: 2 });
  });
});
