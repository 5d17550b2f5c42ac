import { createSimulator, type Simulator } from '@linkbroker/simulator';
import type { AddressInfo } from 'node:net';
import { startAdminWorld, type AdminWorld } from '../../test/admin-world.js';

const CLIENT = { clientId: 'porch', clientSecret: 'porch-secret' };
let world: AdminWorld;
let simulator: Simulator;
let issuer: string;

beforeAll(async () => {
  world = await startAdminWorld();
  simulator = createSimulator({
    brokerUrl: () => 'http://localhost:4000',
    skills: () => [],
    upstream: { clients: [{ ...CLIENT, brokerCallbacks: true }] },
  });
  await simulator.listen({ host: '127.0.0.1', port: 0 });
  issuer = `http://localhost:${String((simulator.server.address() as AddressInfo).port)}/oidc`;
}, 60_000);
afterAll(async () => {
  await simulator.close();
  await world.close();
});

async function findings(change: object) {
  const tenant = await world.tenant();
  const path = `/tenants/${tenant}/connectors/tried`;
  const made = await world.ask('PUT', path, { body: { provider: 'oidc', issuer, ...CLIENT, ...change } });
  expect(made.status).toBe(200);
  const { status, body } = await world.ask('POST', `${path}/test`, { body: undefined });
  expect(status).toBe(200);
  return body['findings'] as { step: string; ok: boolean | null; detail: string }[];
}

test('a connector that works is told so, by the provider itself', async () => {
  expect(await findings({})).toEqual([
    { step: 'endpoints', ok: true, detail: `sign-in at ${new URL(issuer).host}` },
    { step: 'keys', ok: true, detail: expect.stringMatching(/^[1-9]\d* signing keys at /) as string },
    { step: 'client', ok: true, detail: 'the provider knows the client and its secret' },
  ]);
});

test.each([
  ['a secret that is not the client’s', { clientSecret: 'another' }, 'client', /client/],
  ['a client that the provider does not know', { clientId: 'nobody' }, 'client', /client/],
  ['a provider that is not there', { issuer: 'http://localhost:9/oidc' }, 'endpoints', /./],
])('%s is found', async (_, change, step, detail) => {
  const found = await findings(change);
  expect(found.at(-1)).toMatchObject({ step, ok: false, detail: expect.stringMatching(detail) as string });
  expect(JSON.stringify(found)).not.toContain('secret-');
});

test('only so many are tried in a minute', async () => {
  const tenant = await world.tenant();
  const path = `/tenants/${tenant}/connectors/home/test`;
  await world.ask('PUT', `/tenants/${tenant}/connectors/home`, { body: { provider: 'oidc', issuer, ...CLIENT } });
  for (let turn = 0; turn < 10; turn += 1) expect((await world.ask('POST', path)).status).toBe(200);
  const refused = await world.ask('POST', path);
  expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([429, true]);
});
