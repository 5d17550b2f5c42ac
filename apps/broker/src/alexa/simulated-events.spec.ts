import { createSimulator, linkOnce, parseSkills, type Simulator, type Skill } from '@linkbroker/simulator';
import { exportForAlexa, readConfigFile } from '@linkbroker/configuration';
import type { AddressInfo } from 'node:net';
import { basic } from '../../test/alexa.js';
import { startTestBroker, type TestBroker } from '../../test/test-broker.js';

const EVENTS = 'events: { clientId: amzn1.application-oa2-client.sim, clientSecret: events-secret, region: eu }';
const BACKEND = { clientId: 'porch-backend', clientSecret: 'porch-backend-secret' };
const config = (simulator: string, events: string): string => `
tenants:
  - slug: porch
    name: Porch
    connectors: [{ slug: home, name: Home, provider: oidc, issuer: "${simulator}/oidc", clientId: porch, clientSecret: porch-secret, scopes: [openid, offline_access] }]
    skills:
      - { slug: bell, name: Bell, clientId: alexa-bell, clientSecret: bell-secret, vendorId: M3KVOEXUO4ALBL, scopes: [bell], connectors: [home], backend: { clientId: ${BACKEND.clientId}, clientSecret: ${BACKEND.clientSecret} }, ${events} }
`;

let simulator: Simulator;
let broker: TestBroker;
let skill: Skill;

beforeAll(async () => {
  simulator = createSimulator({
    brokerUrl: () => broker.url,
    skills: () => [skill],
    upstream: { clients: [{ clientId: 'porch', clientSecret: 'porch-secret', brokerCallbacks: true }] },
  });
  await simulator.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://localhost:${String((simulator.server.address() as AddressInfo).port)}`;
  const gateways = Object.fromEntries(
    ['na', 'eu', 'fe'].map((region) => [`ALEXA_API_${region.toUpperCase()}`, `${url}/gateway/${region}`]),
  );
  broker = await startTestBroker(undefined, { LWA_TOKEN_URL: `${url}/lwa/auth/o2/token`, ...gateways });
  const text = config(url, EVENTS);
  await broker.apply(() => text);
  skill = parseSkills(JSON.stringify(exportForAlexa(readConfigFile(text, {}))), 'exported')[0]!;
}, 60_000);
afterAll(async () => {
  await broker.close();
  await simulator.close();
});

const link = (user: string, issueEventCode: () => string) =>
  linkOnce({ brokerUrl: broker.url, skill, user, thorough: false, issueEventCode });

test('a household links with Send Alexa Events on, and its event arrives in its region', async () => {
  const report = await link('alice', () => simulator.amazon.issueCode(skill, 'fe'));
  expect([report.ok, report.failures]).toEqual([true, []]);
  const [row] = await broker.database.sql<{ link_id: string }>('SELECT link_id FROM linkbroker.event_grants');
  const header = {
    namespace: 'Alexa.DoorbellEventSource',
    name: 'DoorbellPress',
    payloadVersion: '3',
    messageId: 'ring-1',
  };
  const event = {
    header,
    endpoint: { endpointId: 'front-door' },
    payload: { cause: { type: 'PHYSICAL_INTERACTION' } },
  };
  const response = await fetch(`${broker.url}/alexa/alexa-bell/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...basic(BACKEND.clientId, BACKEND.clientSecret) },
    body: JSON.stringify({ link: row!.link_id, event }),
  });
  expect([response.status, await response.json()]).toEqual([200, { status: 'delivered', messageId: 'ring-1' }]);
  expect(simulator.amazon.events).toMatchObject([{ region: 'fe', name: 'DoorbellPress', messageId: 'ring-1' }]);
  expect(broker.log()).toContain("another address in the place of Amazon's");
});

test('a household is not linked when the grant is not accepted', async () => {
  const report = await link('bob', () => 'RH-a-code-that-is-not-there');
  expect([report.ok, report.link, report.failures.map(({ rule }) => rule)]).toEqual([false, undefined, ['R148']]);
});
