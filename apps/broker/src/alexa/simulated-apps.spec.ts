import { createSimulator, linkOnce, parseSkills, type Simulator, type Skill } from '@linkbroker/simulator';
import { exportForAlexa, readConfigFile } from '@linkbroker/configuration';
import type { AddressInfo } from 'node:net';
import { basic } from '../../test/alexa.js';
import { startTestBroker, type TestBroker } from '../../test/test-broker.js';

const BACK = 'https://app.example/alexa/back';
const BACKEND = { clientId: 'porch-backend', clientSecret: 'porch-backend-secret' };
const config = (simulator: string): string => `
tenants:
  - slug: porch
    name: Porch
    connectors: [{ slug: home, name: Home, provider: oidc, issuer: "${simulator}/oidc", clientId: porch, clientSecret: porch-secret, scopes: [openid, offline_access] }]
    skills:
      - slug: bell
        name: Bell
        skillId: amzn1.ask.skill.bell
        clientId: alexa-bell
        clientSecret: bell-secret
        vendorId: M3KVOEXUO4ALBL
        connectors: [home]
        backend: { clientId: ${BACKEND.clientId}, clientSecret: ${BACKEND.clientSecret} }
        appToApp: { redirectUrls: ["${BACK}"] }
        events: { clientId: amzn1.application-oa2-client.sim, clientSecret: events-secret, region: eu, reciprocal: true }
      - { slug: quiz, name: Quiz, clientId: alexa-quiz, clientSecret: quiz-secret, vendorId: M3KVOEXUO4ALBL, connectors: [home], grantTypes: [implicit] }
`;

let simulator: Simulator;
let broker: TestBroker;
let skills: readonly Skill[] = [];
beforeAll(async () => {
  simulator = createSimulator({
    brokerUrl: () => broker.url,
    skills: () => skills,
    upstream: { clients: [{ clientId: 'porch', clientSecret: 'porch-secret', brokerCallbacks: true }] },
  });
  await simulator.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://localhost:${String((simulator.server.address() as AddressInfo).port)}`;
  const gateways = Object.fromEntries(
    ['na', 'eu', 'fe'].map((region) => [`ALEXA_API_${region.toUpperCase()}`, `${url}/gateway/${region}`]),
  );
  broker = await startTestBroker(undefined, { LWA_TOKEN_URL: `${url}/lwa/auth/o2/token`, ...gateways });
  const text = config(url);
  await broker.apply(() => text);
  skills = parseSkills(JSON.stringify(exportForAlexa(readConfigFile(text, {}))), 'exported');
}, 60_000);
afterAll(async () => {
  await broker.close();
  await simulator.close();
});

test('a skill of the implicit grant is linked, and its export says so', async () => {
  const quiz = skills[1]!;
  expect(quiz.grantTypes).toEqual(['implicit']);
  const report = await linkOnce({ brokerUrl: broker.url, skill: quiz, user: 'alice' });
  expect([report.ok, report.failures]).toEqual([true, []]);
});

test('Alexa brings a code by itself, and an app enables the skill for the same link', async () => {
  const bell = skills[0]!;
  const lines: string[] = [];
  const issueEventCode = () => simulator.amazon.issueCode(bell, 'fe');
  const options = { brokerUrl: broker.url, skill: bell, user: 'bob', thorough: false, issueEventCode };
  const report = await linkOnce({ ...options, write: (line) => lines.push(line) });
  expect([report.ok, report.failures]).toEqual([true, []]);
  expect(lines.join('\n')).toContain('R177 it was taken');
  const [row] = await broker.database.sql<{ link_id: string; version: number }>(
    'SELECT link_id, version FROM linkbroker.event_grants',
  );
  expect(row?.version).toBe(2);

  const ask = (method: string, headers: object, body?: object): Promise<Response> =>
    fetch(`${broker.url}/alexa/alexa-bell/enablement`, {
      method,
      headers: { 'content-type': 'application/json', ...basic(BACKEND.clientId, BACKEND.clientSecret), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  const order = { amazonCode: issueEventCode(), redirectUri: BACK, stage: 'live', link: row!.link_id };
  const enabled = await ask('POST', {}, order);
  const { amazonTokens } = (await enabled.json()) as { amazonTokens: { accessToken: string } };
  expect(enabled.status).toBe(201);
  const household = { 'x-amazon-access-token': amazonTokens.accessToken };
  expect(await (await ask('GET', household)).json()).toEqual({ status: 'linked' });
  expect((await ask('DELETE', household)).status).toBe(200);
  expect(await (await ask('GET', household)).json()).toEqual({ status: 'enabled' });
});
