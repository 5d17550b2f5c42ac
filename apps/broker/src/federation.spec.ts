import { exchange, redeem, refresh, revoke, type Answer } from '../test/alexa.js';
import {
  FIRST,
  FIRST_BACKEND,
  household,
  SECOND,
  SECOND_BACKEND,
  startFederation,
  visit,
  type Federation,
} from '../test/federation.js';

let federation: Federation;
beforeAll(async () => {
  federation = await startFederation();
}, 60_000);
afterAll(() => federation.close());
beforeEach(() => federation.startAfresh());

const access = (answer: Answer): string => String(answer.body['access_token']);
const userinfo = async (token: string): Promise<Record<string, unknown>> => {
  const headers = { authorization: `Bearer ${token}` };
  return (await (await fetch(`${federation.broker.url}/oauth/userinfo`, { headers })).json()) as Record<
    string,
    unknown
  >;
};
/** Time passes until the upstream token has run out; Alexa has a new access token of ours by then. */
async function later(pair: { refresh: string }, seconds: number): Promise<string> {
  federation.broker.clock.advance({ seconds });
  return access(await refresh(federation.broker, FIRST, pair.refresh));
}

describe.each([
  ['google', { refreshed: true, after: 3_700, profile: true }],
  ['entra', { refreshed: true, after: 3_700, profile: true }],
  ['github', { refreshed: false, after: 3_700, profile: true }],
  ['ghapp', { refreshed: true, after: 30_000, profile: true }],
  ['apple', { refreshed: true, after: 3_700, profile: true }],
  ['facebook', { refreshed: false, after: 86_400, profile: true }],
  ['slack', { refreshed: true, after: 45_000, profile: false }],
  ['withings', { refreshed: true, after: 11_000, profile: false }],
  ['rotating', { refreshed: true, after: 3_700, profile: true }],
] as const)('%s, end to end', (connector, { refreshed, after, profile }) => {
  test('links, releases a token, renews it where it can, and tells who it is', async () => {
    const { broker } = federation;
    const pair = await household(federation, connector);
    expect(pair.asked).toHaveLength(1);
    const first = await exchange(broker, FIRST_BACKEND, pair.access);
    expect([first.status, first.body['error']]).toEqual([200, undefined]);
    expect(first.body['expires_in']).toBeGreaterThan(300);
    const next = await exchange(broker, FIRST_BACKEND, await later(pair, after));
    expect([next.status, next.body['error']]).toEqual([200, undefined]);
    expect(access(next) !== access(first)).toBe(refreshed);
    const told = await userinfo(await later(pair, 1));
    expect(told['sub']).toMatch(/^[0-9a-f-]{36}$/);
    expect(Object.keys(told).length > 1).toBe(profile);
    const again = await household(federation, connector);
    expect((await exchange(broker, FIRST_BACKEND, again.access)).status).toBe(200);
    expect((await userinfo(again.access))['sub']).toBe(told['sub']);
  });
});

describe('a provider that gives a refresh token only at the first consent', () => {
  test('asks once more in the same visit when none is stored, and only once', async () => {
    const { broker, simulator } = federation;
    await household(federation, 'google');
    // The broker lost what it had: another database, or a tenant that comes back.
    await broker.database.sql('TRUNCATE linkbroker.upstream_token_sets, linkbroker.upstream_refresh_attempts CASCADE');
    const back = await household(federation, 'google');
    expect(back.asked).toHaveLength(2);
    expect(back.asked.map((url) => new URL(url).pathname)).toEqual(Array(2).fill(new URL(back.asked[0]!).pathname));
    expect(broker.log()).toContain('upstream.consent_again');
    const renewed = await exchange(broker, FIRST_BACKEND, await later(back, 3_700));
    expect(renewed.status).toBe(200);
    expect(simulator.models.google.counters().revocations).toEqual(0);
  });

  test('is not asked twice when consent brings nothing either', async () => {
    const { broker, simulator } = federation;
    simulator.models.google.clients.register({
      clientId: 'app',
      clientSecret: 'secret',
      brokerCallbacks: true,
      partialScopes: [],
    });
    await household(federation, 'google');
    await broker.database.sql('TRUNCATE linkbroker.upstream_token_sets, linkbroker.upstream_refresh_attempts CASCADE');
    const back = await visit(federation, 'google');
    expect(back.asked.length).toBeLessThanOrEqual(2);
    expect(back.code).toHaveLength(32);
    simulator.models.google.clients.register({ clientId: 'app', clientSecret: 'secret', brokerCallbacks: true });
  });

  test('keeps the stored token when a re-link brings none', async () => {
    const { broker } = federation;
    await household(federation, 'google');
    const again = await household(federation, 'google');
    expect(again.asked).toHaveLength(1);
    expect((await exchange(broker, FIRST_BACKEND, await later(again, 3_700))).status).toBe(200);
  });
});

test.each(['', 'state=x', `state=${'a'.repeat(22)}.${'b'.repeat(32)}&code=x`])(
  'a posted callback that belongs to no attempt is not kept: %j',
  async (body) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const url = `${federation.broker.url}/callback/fed/apple`;
    const answer = await fetch(url, { method: 'POST', body, headers, redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect((await fetch(`${url}?posted=${'x'.repeat(32)}`)).status).toBe(410);
  },
);

describe('unlinking', () => {
  const state = async (): Promise<string[]> => {
    const rows = await federation.broker.database.sql<{ state: string }>(
      'SELECT state FROM linkbroker.upstream_revocations ORDER BY requested_at, id',
    );
    return rows.map((row) => row.state);
  };

  test("one of two skills leaves the other's token alive", async () => {
    const { broker, simulator } = federation;
    const first = await household(federation, 'google', FIRST);
    const second = await household(federation, 'google', SECOND);
    await revoke(broker, FIRST, first.refresh);
    expect(await state()).toEqual([]);
    broker.clock.advance({ seconds: 7_200 });
    expect(await broker.revokeDue()).toBe(0);
    expect(simulator.models.google.counters().revocations).toEqual(0);
    const renewed = access(await refresh(broker, SECOND, second.refresh));
    expect((await exchange(broker, SECOND_BACKEND, renewed)).status).toBe(200);
  });

  test('the last one revokes upstream after an hour, wipes what was stored, and a new link starts afresh', async () => {
    const { broker, simulator } = federation;
    const pair = await household(federation, 'google');
    await revoke(broker, FIRST, pair.refresh);
    expect(await state()).toEqual(['held']);
    expect(await broker.revokeDue()).toBe(0);
    broker.clock.advance({ seconds: 3_601 });
    expect(await broker.revokeDue()).toBe(1);
    expect(await state()).toEqual(['done']);
    expect(simulator.models.google.counters().revocations).toEqual(1);
    const [set] = await broker.database.sql<{ sealed: Buffer; state: string }>(
      'SELECT sealed, state FROM linkbroker.upstream_token_sets',
    );
    expect([set?.state, set?.sealed.length]).toEqual(['revoked', 0]);
    const back = await household(federation, 'google');
    expect(back.asked).toHaveLength(1);
    expect((await exchange(broker, FIRST_BACKEND, await later(back, 3_700))).status).toBe(200);
  });

  test('and linking again within seconds keeps the new token', async () => {
    const { broker, simulator } = federation;
    const pair = await household(federation, 'google');
    await revoke(broker, FIRST, pair.refresh);
    broker.clock.advance({ seconds: 5 });
    const back = await household(federation, 'google');
    expect(await state()).toEqual(['cancelled']);
    broker.clock.advance({ seconds: 7_200 });
    expect(await broker.revokeDue()).toBe(0);
    expect(simulator.models.google.counters().revocations).toEqual(0);
    const renewed = access(await refresh(broker, FIRST, back.refresh));
    expect((await exchange(broker, FIRST_BACKEND, renewed)).status).toBe(200);
  });

  test('is tried again while the provider is away, and a connector that says never is left alone', async () => {
    const { broker, simulator } = federation;
    const pair = await household(federation, 'google');
    await revoke(broker, FIRST, pair.refresh);
    simulator.faults.add({ target: 'google.revoke', kind: 'status', value: 503 });
    broker.clock.advance({ seconds: 3_601 });
    expect(await broker.revokeDue()).toBe(0);
    expect(await state()).toEqual(['held']);
    simulator.faults.clear();
    broker.clock.advance({ seconds: 3_600 });
    expect(await broker.revokeDue()).toBe(1);
    await broker.database.sql(`UPDATE linkbroker.connectors SET revoke_upstream = 'never'`);
    const other = await household(federation, 'google');
    await revoke(broker, FIRST, other.refresh);
    expect(await state()).toEqual(['done']);
    await broker.database.sql(`UPDATE linkbroker.connectors SET revoke_upstream = 'last-link'`);
  });
});

test('tokens that live too short, or are too long, are not handed to Alexa', async () => {
  const { broker, simulator } = federation;
  await federation.apply((yaml) =>
    yaml
      .replaceAll('slug: second,', 'slug: short, tokenMode: upstream,')
      .replaceAll('alexa-second', 'alexa-short')
      .replaceAll('second-backend', 'short-backend'),
  );
  const short = { clientId: 'alexa-short', clientSecret: 'second-secret' };
  simulator.models.rotating.clients.register({
    clientId: 'app',
    clientSecret: 'secret',
    brokerCallbacks: true,
    accessTtl: 359,
  });
  const { code } = await visit(federation, 'rotating', short);
  const answer = await redeem(broker, short, code);
  expect([answer.status, answer.body['error']]).toEqual([503, 'temporarily_unavailable']);
});

test('a tenant who names the client of another with endpoints of his own gets nothing and learns nothing', async () => {
  const { broker, simulator } = federation;
  const pair = await household(federation, 'google');
  const rows = () =>
    broker.database.sql<{ domain: string }>(
      `SELECT encode(domain, 'hex') AS domain FROM linkbroker.upstream_token_sets`,
    );
  const [victim] = await rows();
  await broker.apply((yaml) =>
    yaml
      .replace('slug: rival', 'slug: thief')
      .replace('clientId: alexa-rival', 'clientId: alexa-thief')
      .replace(
        /provider: oidc, issuer: "[^"]+", clientId: broker, clientSecret: upstream-secret \}\n {4}skills:\n {6}- \{ slug: lamps/,
        (found) =>
          found
            .replace(/provider: oidc, issuer: "[^"]+"/, `provider: google, issuer: "${issuerOf(simulator)}"`)
            .replace('clientId: broker', 'clientId: app')
            .replace('upstream-secret', 'secret'),
      ),
  );
  const thief = { clientId: 'alexa-thief', clientSecret: 'rival-secret' };
  const seen = await household(federation, 'home', thief);
  // His link stands on its own: another domain, and one more consent because nothing of the other tenant is reused.
  expect(seen.asked).toHaveLength(2);
  const domains = (await rows()).map(({ domain }) => domain);
  expect(new Set(domains).size).toBe(2);
  expect(domains).toContain(victim?.domain);
  expect((await refresh(broker, FIRST, pair.refresh)).status).toBe(200);
});

test('pruning a connector revokes upstream what was linked through it', async () => {
  const { broker, simulator, apply } = federation;
  await household(federation, 'google');
  await apply((yaml) => yaml.replace(/^ {6}- \{ slug: google,.*\n/m, '').replaceAll('[google, ', '['), 1);
  const rows = await broker.database.sql('SELECT state FROM linkbroker.upstream_revocations');
  expect(rows).toEqual([{ state: 'held' }]);
  broker.clock.advance({ seconds: 3_601 });
  expect(await broker.revokeDue()).toBe(1);
  expect(simulator.models.google.counters().revocations).toBe(1);
});

const issuerOf = (simulator: Federation['simulator']): string =>
  `http://localhost:${String((simulator.server.address() as { port: number }).port)}/google`;
