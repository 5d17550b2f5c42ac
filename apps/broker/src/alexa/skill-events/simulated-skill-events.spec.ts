import { exportForAlexa, readConfigFile } from '@linkbroker/configuration';
import {
  createSimulator,
  linkOnce,
  parseSkills,
  skillEventFaults,
  type Simulator,
  type Skill,
} from '@linkbroker/simulator';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { introspect, phone } from '../../../test/alexa.js';
import { startTestBroker, type TestBroker } from '../../../test/test-broker.js';

const CLIENT = { clientId: 'alexa-porch', clientSecret: 'porch-skill-secret' };
const config = (simulator: string): string => `
tenants:
  - slug: porch
    name: Porch
    connectors: [{ slug: home, name: Home, provider: oidc, issuer: "${simulator}/oidc", clientId: porch, clientSecret: porch-secret, scopes: [openid, offline_access] }]
    skills:
      - { slug: lamp, name: Lamp, skillId: amzn1.ask.skill.porch, clientId: ${CLIENT.clientId}, clientSecret: ${CLIENT.clientSecret}, vendorId: M3KVOEXUO4ALBL, redirectUris: ["${simulator}/alexa/api/skill/link/M3KVOEXUO4ALBL"], scopes: [lamp], connectors: [home] }
`;

let simulator: Simulator;
let simulatorUrl: string;
let broker: TestBroker;
let skill: Skill;
const folder = mkdtempSync(join(tmpdir(), 'linkbroker-simulated-'));

beforeAll(async () => {
  simulator = createSimulator({
    brokerUrl: () => broker.url,
    skills: () => [skill],
    upstream: { clients: [{ clientId: 'porch', clientSecret: 'porch-secret', brokerCallbacks: true }] },
    skillEvents: true,
  });
  await simulator.listen({ host: '127.0.0.1', port: 0 });
  simulatorUrl = `http://localhost:${String((simulator.server.address() as AddressInfo).port)}`;
  const url = simulatorUrl;
  const ca = join(folder, 'ca.pem');
  broker = await startTestBroker(undefined, { SKILL_EVENT_CERT_ORIGIN: url, SKILL_EVENT_CA: ca });
  // The broker was there before the authority's certificate.
  await writeFile(ca, await simulator.skillEvents.authority.certificate());
  const text = config(url);
  await broker.apply(() => text);
  skill = parseSkills(JSON.stringify(exportForAlexa(readConfigFile(text, {}))), 'exported')[0]!;
}, 60_000);
afterAll(async () => {
  await broker.close();
  await simulator.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => broker.clock.set(new Date()));

async function household(user: string): Promise<{ readonly account: object; readonly token: string }> {
  const report = await linkOnce({ brokerUrl: broker.url, skill, user, thorough: false });
  expect([report.ok, report.failures]).toEqual([true, []]);
  const [account, token] = [{}, report.link!.accessToken];
  const told = await simulator.skillEvents.linked(account, skill, token);
  expect(told.map(({ status }) => status)).toEqual([200, 200]);
  return { account, token };
}
const isActive = async (token: string): Promise<unknown> => (await introspect(broker, CLIENT, token)).body['active'];
/** Moments of linking and of what follows differ. */
const aMomentLater = (): void => broker.clock.set(new Date(Math.max(Date.now(), broker.clock.now().getTime() + 1)));

test('a household that disables the skill in the app is unlinked, and nobody else', async () => {
  const [alice, bob] = [await household('alice'), await household('bob')];
  aMomentLater();
  expect((await simulator.skillEvents.disabled(alice.account, skill)).map(({ status }) => status)).toEqual([200]);
  expect([await isActive(alice.token), await isActive(bob.token)]).toEqual([false, true]);
});

test('the app itself tells when the skill is linked, and when “Disable skill” is pressed', async () => {
  const browser = phone({ stopAt: () => false });
  const fields = new Map([
    ['username', 'bob'],
    ['password', 'bob'],
  ]);
  let page = await browser.open(`${simulatorUrl}/alexa/skills/${CLIENT.clientId}`);
  for (let step = 0; step < 6 && !page.url.includes('link-result'); step += 1) {
    page = await browser.submit(page, page.forms[0]!, page.forms[0]!.buttons[0], fields);
  }
  expect(page.url).toContain('success=true');
  expect(page.answer.body).toContain('Alexa tells the skill: SkillAccountLinked');
  aMomentLater();
  page = await browser.open(`${simulatorUrl}/alexa/skills/${CLIENT.clientId}`);
  const disable = page.forms.find(({ action }) => action.endsWith('/disable'))!;
  page = await browser.submit(page, disable, disable.buttons[0], fields);
  expect([page.url, page.answer.body]).toEqual([
    expect.stringMatching(/\?disabled=told$/),
    expect.stringContaining('told the server in a signed event'),
  ]);
  const [newest] = await broker.database.sql<{ revoke_reason: string | null }>(
    'SELECT revoke_reason FROM linkbroker.grants ORDER BY created_at DESC LIMIT 1',
  );
  expect(newest?.revoke_reason).toBe('skill disabled');
});

test.each(skillEventFaults)('an event with the fault %s is refused, and unlinks nobody', async (fault) => {
  const { account, token } = await household('alice');
  aMomentLater();
  simulator.skillEvents.faults.push(fault);
  expect((await simulator.skillEvents.disabled(account, skill)).map(({ status }) => status)).toEqual([400]);
  expect(await isActive(token)).toBe(true);
});
