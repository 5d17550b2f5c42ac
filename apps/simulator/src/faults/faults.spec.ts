import { startWorld, type World } from '../../test/world.js';

let world: World;
const waited: number[] = [];

beforeAll(async () => {
  const wait = (ms: number) => {
    waited.push(ms);
    return Promise.resolve();
  };
  world = await startWorld({}, { wait });
});

afterAll(() => world.close());

afterEach(() => fetch(`${world.simulatorUrl}/faults`, { method: 'DELETE' }));

const set = (fault: unknown) =>
  fetch(`${world.simulatorUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });

const jwks = (init?: RequestInit) => fetch(`${world.simulatorUrl}/oidc/jwks`, init);

it('answers with a status as often as told, then as ever', async () => {
  expect((await set({ target: 'upstream.jwks', kind: 'status', value: 503, times: 2 })).status).toBe(201);
  const statuses = [await jwks(), await jwks(), await jwks()].map(({ status }) => status);
  expect(statuses).toEqual([503, 503, 200]);
});

it('stays until it is cleared, and touches nothing else', async () => {
  await set({ target: 'upstream.token', kind: 'garbage' });
  const answer = await fetch(`${world.simulatorUrl}/oidc/token`, { method: 'POST', body: new URLSearchParams({}) });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect((await jwks()).status).toBe(200);
  await fetch(`${world.simulatorUrl}/faults`, { method: 'DELETE' });
  const after = await fetch(`${world.simulatorUrl}/oidc/token`, { method: 'POST', body: new URLSearchParams({}) });
  expect(after.status).toBe(401);
});

it('says when to come again', async () => {
  await set({ target: 'upstream.jwks', kind: 'status', value: 429, retryAfter: 7, times: 1 });
  const answer = await jwks();
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
});

it('clears the faults of one provider', async () => {
  await set({ target: 'upstream.jwks', kind: 'hang' });
  await set({ target: 'google.token', kind: 'hang' });
  await fetch(`${world.simulatorUrl}/faults?provider=upstream`, { method: 'DELETE' });
  expect(await (await fetch(`${world.simulatorUrl}/faults`)).json()).toEqual({
    faults: [{ target: 'google.token', kind: 'hang' }],
  });
  const wrong = await fetch(`${world.simulatorUrl}/faults?provider=gooogle`, { method: 'DELETE' });
  expect(wrong.status).toBe(400);
});

it('breaks the connection', async () => {
  await set({ target: 'upstream.jwks', kind: 'reset', times: 1 });
  await expect(jwks()).rejects.toThrow('fetch failed');
});

it('hangs until the other side gives up', async () => {
  await set({ target: 'upstream.jwks', kind: 'hang', times: 1 });
  await expect(jwks({ signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
});

it('delays', async () => {
  await set({ target: 'upstream.discovery', kind: 'delay', value: 7000, times: 1 });
  const answer = await fetch(`${world.simulatorUrl}/oidc/.well-known/openid-configuration`);
  expect([answer.status, waited]).toEqual([200, [7000]]);
});

it('lists what is set, in order', async () => {
  const faults = [
    { target: 'upstream.token', kind: 'status', value: 500, times: 3 },
    { target: 'upstream.token', kind: 'hang' },
  ];
  for (const fault of faults) await set(fault);
  expect(await (await fetch(`${world.simulatorUrl}/faults`)).json()).toEqual({ faults });
});

it.each([
  [{ target: 'broker.token', kind: 'hang' }, 'target'],
  [{ target: 'upstream.token', kind: 'explode' }, 'kind'],
  [{ target: 'upstream.token', kind: 'delay' }, 'value'],
  [{ target: 'upstream.token', kind: 'hang', times: 0 }, 'times'],
  [{ target: 'upstream.token', kind: 'garbage', as: 'music' }, 'as'],
  [{ target: 'upstream.token', kind: 'status', value: 503, retryAfter: -1 }, 'retryAfter'],
  [{ target: 'upstream.token', kind: 'clock-skew', value: 60 }, 'kind'],
  [{ target: 'lwa.token', kind: 'clock-skew', value: 60 }, 'kind'],
  [{ target: 'github.discovery', kind: 'hang' }, 'target'],
])('refuses %j', async (fault, member) => {
  const answer = await set(fault);
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { error: string }).error).toContain(`${member}: `);
});

it('is for this machine only', async () => {
  const answer = await world.simulator.inject({ method: 'DELETE', url: '/faults', remoteAddress: '192.0.2.7' });
  expect(answer.statusCode).toBe(403);
});
