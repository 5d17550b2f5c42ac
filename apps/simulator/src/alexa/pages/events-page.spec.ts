import { startWorld, type World } from '../../../test/world.js';
import { visibleText } from '../../link/html-forms.js';

const EVENTS = { clientId: 'amzn1.application-oa2-client.sim', clientSecret: 'events-secret', region: 'eu' as const };
let world: World;
beforeAll(async () => {
  world = await startWorld({ events: EVENTS });
});
afterAll(() => world.close());
beforeEach(() => {
  world.simulator.amazon.reset();
});

const pageOf = async (path = '/events') =>
  (await fetch(`${world.simulatorUrl}/alexa/skills/alexa-demo${path}`, { redirect: 'manual' })).text();
const stages = async () => [...(await pageOf()).matchAll(/data-event-grant="(\w+)"/g)].map(([, stage]) => stage);

async function exchange(code: string) {
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, client_id: EVENTS.clientId });
  body.set('client_secret', EVENTS.clientSecret);
  const response = await fetch(`${world.simulatorUrl}/lwa/auth/o2/token`, { method: 'POST', body });
  return { status: response.status, token: ((await response.json()) as { access_token?: string }).access_token ?? '' };
}

async function post(token: string, messageId: string) {
  const event = {
    header: { namespace: 'Alexa', name: 'ChangeReport', payloadVersion: '3', messageId },
    endpoint: { scope: { type: 'BearerToken', token }, endpointId: 'lamp <1>' },
    payload: {},
  };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ event });
  const response = await fetch(`${world.simulatorUrl}/gateway/eu/v3/events`, { method: 'POST', headers, body });
  expect(response.status).toBe(202);
}

test('the page of a skill leads there, and what is not there yet is said', async () => {
  expect(await pageOf('')).toContain('href="/alexa/skills/alexa-demo/events"');
  const text = visibleText(await pageOf());
  expect(text).toContain('Alexa hands one over while an account is linked');
  expect(text).toContain(`${world.broker.url}/alexa/alexa-demo/events`);
});

test('a grant goes through its stages, newest first', async () => {
  const { amazon } = world.simulator;
  const first = amazon.issueCode(world.skill);
  expect(await stages()).toEqual(['issued']);
  await exchange(first);
  expect(await stages()).toEqual(['exchanged']);
  amazon.noteAnswer(first, true);
  const second = amazon.issueCode(world.skill);
  amazon.noteAnswer(second, false);
  expect(await stages()).toEqual(['refused', 'accepted']);
  amazon.disable(EVENTS.clientId);
  expect(await stages()).toEqual(['refused', 'disabled']);
});

test('events are shown newest first, escaped and without their tokens; some are counted only', async () => {
  const { token } = await exchange(world.simulator.amazon.issueCode(world.skill));
  for (let index = 1; index <= 27; index += 1) await post(token, `m-${String(index)}`);
  const page = await pageOf();
  const shown = [...page.matchAll(/data-event="([\w-]+)"/g)].map(([, id]) => id);
  expect([shown.length, shown[0], shown[24]]).toEqual([25, 'm-27', 'm-3']);
  expect(page).toContain('and 2 more');
  expect(page).toContain('lamp &lt;1&gt;');
  expect(page).not.toContain('Atza');
});

test('Login with Amazon can be made to fail, and the code is good afterwards', async () => {
  const code = world.simulator.amazon.issueCode(world.skill);
  world.simulator.faults.add({ target: 'lwa.token', kind: 'status', value: 503, times: 1 });
  expect((await exchange(code)).status).toBe(503);
  expect((await exchange(code)).status).toBe(200);
});

test('a skill that may send none has no such page', async () => {
  const without = await startWorld();
  const url = `${without.simulatorUrl}/alexa/skills/alexa-demo`;
  expect(await (await fetch(url)).text()).not.toContain('/events"');
  const response = await fetch(`${url}/events`, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([303, '/alexa/skills/alexa-demo']);
  await without.close();
});
