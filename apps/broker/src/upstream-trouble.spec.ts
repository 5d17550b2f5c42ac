import { exchange, refresh } from '../test/alexa.js';
import { FIRST, FIRST_BACKEND, household, startFederation, type Federation } from '../test/federation.js';

let federation: Federation;
beforeAll(async () => {
  federation = await startFederation();
}, 60_000);
afterAll(() => federation.close());
beforeEach(() => federation.startAfresh());

/** Time passes until the upstream token has run out; Alexa has a new access token of ours by then. */
async function later(pair: { refresh: string }, seconds: number): Promise<string> {
  federation.broker.clock.advance({ seconds });
  return String((await refresh(federation.broker, FIRST, pair.refresh)).body['access_token']);
}

describe('an upstream in trouble', () => {
  const nearlyExpired = async (): Promise<{ refresh: string; token: string }> => {
    const pair = await household(federation, 'rotating');
    const token = await later(pair, 3_600 - 30);
    return { refresh: pair.refresh, token };
  };

  test.each([
    ['hangs', { kind: 'hang' }],
    ['answers 503', { kind: 'status', value: 503 }],
    ['sends garbage', { kind: 'garbage', as: 'html' }],
    ['breaks the connection', { kind: 'reset' }],
  ] as const)('that %s still has its living token served', async (_name, fault) => {
    const { broker, simulator } = federation;
    const { token } = await nearlyExpired();
    simulator.faults.add({ target: 'rotating.token', ...fault });
    const before = broker.log().length;
    const answer = await exchange(broker, FIRST_BACKEND, token);
    // One that hangs is given up after seconds and told then: the answer has not waited for that.
    if (fault.kind === 'hang') expect(broker.log().slice(before)).not.toContain('upstream.refresh_failed');
    expect(answer.status).toBe(200);
    expect(answer.body['expires_in']).toBeLessThanOrEqual(30);
  });

  test('with nothing left to serve is 503 in time, never a verdict', async () => {
    const { broker, simulator } = federation;
    const pair = await household(federation, 'rotating');
    const token = await later(pair, 3_700);
    simulator.faults.add({ target: 'rotating.token', kind: 'hang' });
    const began = performance.now();
    const answer = await exchange(broker, FIRST_BACKEND, token);
    expect(performance.now() - began).toBeLessThan(4_500);
    expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  }, 15_000);

  test('that refuses is asked once by a crowd that comes one after the other, and nothing is dead by that', async () => {
    const { broker, simulator } = federation;
    for (let turn = 0; turn < 5; turn += 1) {
      await federation.startAfresh();
      const pair = await household(federation, 'rotating');
      const token = await later(pair, 3_700);
      simulator.models.rotating.ledger.clear();
      const before = simulator.models.rotating.counters().tokenCalls.refresh_token;
      const crowd = Array.from({ length: 40 }, async (_, index) => {
        // One after the other on purpose: a late caller has read the set before the first one's refusal was stored.
        await new Promise((resolve) => setTimeout(resolve, index));
        return exchange(broker, FIRST_BACKEND, token);
      });
      const answers = await Promise.all(crowd);
      expect(new Set(answers.map(({ body }) => body['link_state']))).toEqual(new Set(['at_risk']));
      expect(simulator.models.rotating.counters().tokenCalls.refresh_token - before).toBe(1);
    }
  });

  test('and back again serves as before', async () => {
    const { broker, simulator } = federation;
    const pair = await household(federation, 'rotating');
    const token = await later(pair, 3_700);
    simulator.faults.add({ target: 'rotating.token', kind: 'status', value: 503, times: 1 });
    expect((await exchange(broker, FIRST_BACKEND, token)).status).toBe(503);
    broker.clock.advance({ seconds: 30 });
    expect((await exchange(broker, FIRST_BACKEND, token)).status).toBe(200);
    expect(simulator.models.rotating.counters().reuseDetections).toEqual(0);
  });
});
