import { buildRepairToken } from '@linkbroker/protocol';
import { exchange, phone, press, refresh } from '../test/alexa.js';
import { FIRST, FIRST_BACKEND, household, startFederation, type Federation } from '../test/federation.js';

let federation: Federation;
beforeAll(async () => {
  federation = await startFederation();
}, 60_000);
afterAll(() => federation.close());
beforeEach(() => federation.startAfresh());

const counters = () => federation.simulator.models.rotating.counters();

/** A household whose provider has forgotten it; Alexa does not know yet. */
async function atRisk() {
  const { broker, simulator } = federation;
  const pair = await household(federation, 'rotating');
  simulator.models.rotating.ledger.clear();
  broker.clock.advance({ seconds: 3_700 });
  const access = String((await refresh(broker, FIRST, pair.refresh)).body['access_token']);
  const answer = await exchange(broker, FIRST_BACKEND, access);
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant', link_state: 'at_risk' } });
  return { ...pair, access, repair: String(answer.body['repair_uri']) };
}

/** Opens a repair link and signs in; the page where it ends. */
async function repair(address: string, user = 'alice') {
  const { broker } = federation;
  const browser = phone({ stopAt: () => false });
  const first = await browser.open(address);
  let page = await press(browser, first, 'connector', 'rotating');
  for (let step = 0; step < 6 && !page.url.startsWith(broker.url); step += 1) {
    const [form] = page.forms;
    page = await browser.submit(
      page,
      form!,
      form!.buttons[0],
      new Map(Object.entries({ username: user, password: user })),
    );
  }
  return { browser, first, page };
}

const linkOf = async (): Promise<{ id: string; tenant_id: string }> => {
  const [row] = await federation.broker.database.sql<{ id: string; tenant_id: string }>(
    'SELECT id, tenant_id FROM linkbroker.links ORDER BY created_at DESC LIMIT 1',
  );
  return row!;
};
const grants = () => federation.broker.database.sql('SELECT * FROM linkbroker.grants ORDER BY id');

test('a link at risk is told with the address at which it can be saved, and Alexa notices nothing', async () => {
  const { broker } = federation;
  const { repair: address, access, refresh: held } = await atRisk();
  expect(address).toMatch(new RegExp(`^${broker.url}/repair/[\\w-]{72}$`));
  const before = await grants();
  const { first, page } = await repair(address);
  expect(first.answer.body).toContain('Keep First working with Alexa');
  expect(first.answer.body.match(/name="connector"/g)).toHaveLength(1);
  expect(page.url).toContain(`${broker.url}/repair/done?state=`);
  expect(page.answer.body).toContain('You are signed in again');
  expect(await grants()).toEqual(before);
  expect(await exchange(broker, FIRST_BACKEND, access)).toMatchObject({ status: 200 });
  expect((await refresh(broker, FIRST, held)).status).toBe(200);
  expect(broker.log()).toContain('repair.finished');
});

test('another account is refused, nothing of it is stored, and the right one can still be taken', async () => {
  const { broker } = federation;
  const { repair: address, access } = await atRisk();
  const { browser, page } = await repair(address, 'bob');
  expect(page.answer.body).toContain('That was another account');
  expect(await broker.database.sql('SELECT 1 FROM linkbroker.upstream_token_sets')).toHaveLength(1);
  expect((await exchange(broker, FIRST_BACKEND, access)).status).toBe(400);
  const again = await browser.submit(page, page.forms[0]!, page.forms[0]!.buttons[0], new Map());
  expect(again.answer.body).toContain('Keep First working with Alexa');
});

test('the last page says nothing of an attempt that nobody made', async () => {
  for (const query of ['', '?state=x', `?state=${'a'.repeat(22)}`]) {
    const answer = await fetch(`${federation.broker.url}/repair/done${query}`);
    expect(answer.status).toBe(410);
    expect(await answer.text()).not.toContain('You are signed in again');
  }
});

test('a token that still lives is released with the address, as soon as the provider has refused to renew it', async () => {
  const { broker, simulator } = federation;
  const pair = await household(federation, 'rotating');
  simulator.models.rotating.ledger.clear();
  broker.clock.advance({ seconds: 3_600 - 30 });
  const access = String((await refresh(broker, FIRST, pair.refresh)).body['access_token']);
  await exchange(broker, FIRST_BACKEND, access);
  const answer = await exchange(broker, FIRST_BACKEND, access);
  expect(answer).toMatchObject({ status: 200, body: { link_state: 'at_risk' } });
  await repair(String(answer.body['repair_uri']));
  const healed = await exchange(broker, FIRST_BACKEND, access);
  expect(healed.status).toBe(200);
  expect(healed.body).not.toHaveProperty('link_state');
});

test('cancelling changes nothing and says so', async () => {
  const { repair: address } = await atRisk();
  const browser = phone({ stopAt: () => false });
  const page = await browser.open(address);
  const cancel = page.forms.find(({ action }) => action.endsWith('/cancel'))!;
  const end = await browser.submit(page, cancel, cancel.buttons[0], new Map());
  expect(end.url).toContain('/repair/done?');
  expect(end.answer.body).toContain('Nothing has changed');
  const calls = counters().tokenCalls.refresh_token;
  expect((await repair(address)).page.answer.body).toContain('You are signed in again');
  expect(counters().tokenCalls.refresh_token).toBe(calls);
});

test('looking at it does nothing, however often', async () => {
  const { repair: address } = await atRisk();
  const before = await grants();
  for (let visit = 0; visit < 3; visit += 1) {
    const answer = await fetch(address, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([303, null]);
  }
  expect(await grants()).toEqual(before);
});

test('a link that has ended cannot be repaired', async () => {
  const { repair: address } = await atRisk();
  await federation.broker.database.sql(`UPDATE linkbroker.grants SET revoked_at = now(), revoke_reason = 'test'`);
  const answer = await fetch(address);
  expect(answer.status).toBe(410);
  expect(await answer.text()).toContain('This link has ended');
});

test('tokens that are forged, expired, or of another tenant lead nowhere', async () => {
  const { broker } = federation;
  const { repair: address } = await atRisk();
  const { keys } = broker.broker.needs;
  const now = broker.clock.now();
  const { id, tenant_id: tenantId } = await linkOf();
  const [other] = await broker.database.sql<{ id: string }>('SELECT id FROM linkbroker.tenants WHERE id <> $1', [
    tenantId,
  ]);
  const built = (tenant: string, seconds: number): string => {
    const expiresAt = new Date(now.getTime() + seconds * 1_000);
    const claims = { macKeyId: keys.signingKeyId(now), tenantId: tenant, linkId: id, expiresAt };
    return `${broker.url}/repair/${buildRepairToken(claims, keys.lookup)}`;
  };
  const statuses = [];
  for (const url of [
    built(tenantId, 60),
    built(tenantId, -1),
    built(other!.id, 60),
    `${address.slice(0, -2)}AA`,
    `${broker.url}/repair/x`,
  ]) {
    statuses.push((await fetch(url, { redirect: 'manual' })).status);
  }
  expect(statuses).toEqual([303, 410, 410, 404, 404]);
});
