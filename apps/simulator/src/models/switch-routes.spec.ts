import { callback } from '../../test/model-party.js';
import { startWorld, type World } from '../../test/world.js';
import { createSimulator } from '../create-simulator.js';
import { UnfitClient } from './clients.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(() => Object.values(world.simulator.models).forEach((model) => model.reset()));

async function call(method: string, path: string, body?: unknown) {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${world.simulatorUrl}/_models/${path}`, { method, ...(body === undefined ? {} : json) });
  const text = await answer.text();
  return { status: answer.status, text, json: (text ? JSON.parse(text) : {}) as Record<string, unknown> };
}

const client = { clientSecret: 'a secret that stays', redirectUris: [callback] };
const names = ['google', 'github', 'facebook', 'slack', 'withings', 'rotating'];

it.each(names)('registers a client at %s, and shows no secret', async (name) => {
  expect(await call('PUT', `${name}/clients/app%2F1`, client)).toMatchObject({
    status: 201,
    json: { clientId: 'app/1' },
  });
  const shown = await call('GET', name);
  expect(shown.json).toMatchObject({ clients: ['app/1'], clock: { offsetSeconds: 0 }, reuseDetections: 0 });
  expect(shown.text).not.toContain('a secret that stays');
});

it('replaces a client that comes again', async () => {
  await call('PUT', 'google/clients/app', client);
  await call('PUT', 'google/clients/app', { ...client, accessTtl: 5 });
  expect(world.simulator.models.google.clients.list()).toEqual([{ clientId: 'app', ...client, accessTtl: 5 }]);
});

it.each([
  ['google', { redirectUris: [callback] }, 'clientSecret'],
  ['google', { ...client, githubApp: true }, 'githubApp'],
  ['google', { ...client, colour: 'red' }, 'colour'],
  ['rotating', { ...client, accessTtl: 0 }, 'accessTtl'],
  ['apple', client, 'apple'],
  ['apple', { apple: { teamId: 'T', keyId: 'K', publicKey: 'no key' } }, 'apple.publicKey'],
])('refuses at %s a client like %j', async (name, body, member) => {
  const answer = await call('PUT', `${name}/clients/app`, body);
  expect(answer.status).toBe(400);
  expect(answer.json['error']).toContain(member);
  expect((await call('GET', name)).json['clients']).toEqual([]);
});

it('does not know a model that is none', async () => {
  for (const name of ['oidc', 'constructor', '__proto__']) expect((await call('GET', name)).status).toBe(404);
});

it('moves one clock, counted from the simulator', async () => {
  await call('POST', 'google/clock', { offsetSeconds: 60 });
  expect(await call('POST', 'google/clock', { offsetSeconds: -90 })).toMatchObject({ json: { offsetSeconds: -90 } });
  expect((await call('GET', 'google')).json['clock']).toEqual({ offsetSeconds: -90 });
  expect((await call('GET', 'github')).json['clock']).toEqual({ offsetSeconds: 0 });
  expect((await call('POST', 'google/clock', { offsetSeconds: 'later' })).status).toBe(400);
});

it('counts what arrives, what is given, and what is made up as other', async () => {
  await call('PUT', 'rotating/clients/app', client);
  for (const grant_type of ['refresh_token', 'password', 'constructor']) {
    const body = new URLSearchParams({ grant_type, client_id: 'app', client_secret: 'wrong' });
    await fetch(`${world.simulatorUrl}/rotating/token`, { method: 'POST', body });
  }
  const { json } = await call('GET', 'rotating/counters');
  expect(json['tokenCalls']).toEqual({ authorization_code: 0, refresh_token: 1, fb_exchange_token: 0, other: 2 });
  expect(json['tokenGrants']).toEqual({ authorization_code: 0, refresh_token: 0, fb_exchange_token: 0, other: 0 });
});

it('forgets everything of one model', async () => {
  await call('PUT', 'google/clients/app', client);
  await call('PUT', 'github/clients/app', client);
  expect((await call('DELETE', 'google')).status).toBe(204);
  expect((await call('GET', 'google')).json['clients']).toEqual([]);
  expect((await call('GET', 'github')).json['clients']).toEqual(['app']);
});

it.each(['GET', 'DELETE'] as const)('answers %s to this machine only', async (method) => {
  const answer = await world.simulator.inject({ method, url: '/_models/google', remoteAddress: '192.0.2.7' });
  expect(answer.statusCode).toBe(403);
});

describe('clients that are there from the start', () => {
  const options = { brokerUrl: 'http://localhost', skills: () => [], upstream: { clients: [] } };

  it('are registered', async () => {
    const simulator = createSimulator({ ...options, models: { slack: [{ clientId: 'app', ...client }] } });
    expect(simulator.models.slack.clients.find('app')).toMatchObject(client);
    await simulator.close();
  });

  it('have to fit', () => {
    const models = { slack: [{ clientId: 'app', ...client, testingMode: true }] };
    expect(() => createSimulator({ ...options, models })).toThrow(UnfitClient);
  });
});
