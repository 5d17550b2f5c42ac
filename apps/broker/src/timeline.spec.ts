import { eventually } from '@linkbroker/testing';
import pg from 'pg';
import { authorizeUrl, linked, phone, refresh } from '../test/alexa.js';
import { ALEXA, startTestBroker, type TestBroker } from '../test/test-broker.js';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startTestBroker();
}, 60_000);
afterAll(() => broker.close());

const RECORD = 'linkbroker.record_timeline(json)';
const AWAY = 'ALTER FUNCTION linkbroker.record_timeline(json) RENAME TO record_timeline_away';
const BACK = 'ALTER FUNCTION linkbroker.record_timeline_away(json) RENAME TO record_timeline';

/** Waits until the timeline has so many entries of a kind. */
const entries = (name: string, outcome: string, count: number) =>
  eventually(`${count} of ${name} ${outcome}`, async (saw) => {
    const rows = await broker.database.sql(
      'SELECT 1 FROM linkbroker_timeline.entries WHERE name = $1 AND outcome = $2',
      [name, outcome],
    );
    if (rows.length > count) throw new Error(`${rows.length} of ${name} ${outcome}, not ${count}`);
    return saw(rows.length) === count;
  });

const figure = async (name: string): Promise<number> => {
  const metric = await broker.broker.needs.metrics.registry.getSingleMetric(name)?.get();
  return metric?.values[0]?.value ?? 0;
};

async function refreshed(token: string, times: number): Promise<string> {
  let newest = token;
  for (let count = 0; count < times; count += 1) {
    const answer = await refresh(broker, ALEXA, newest);
    expect(answer.status).toBe(200);
    newest = String(answer.body['refresh_token']);
  }
  return newest;
}

test('while timelines cannot be written nothing else changes, and what waited is written once they can', async () => {
  const first = (await linked(broker, ALEXA)).refresh;
  await entries('token.answered', 'issued', 1);
  await broker.database.sql(AWAY);
  const newest = await refreshed(first, 5);
  const page = await phone().open(authorizeUrl(broker));
  expect(page.status).toBe(200);
  await expect(broker.database.sql(`SELECT '${RECORD}'::regprocedure`)).rejects.toThrow(/does not exist/);
  await broker.database.sql(BACK);
  await entries('token.answered', 'rotated', 5);
  await refreshed(newest, 1);
  await entries('token.answered', 'rotated', 6);
});

test('a timeline whose table is locked holds nobody up', async () => {
  const first = (await linked(broker, ALEXA)).refresh;
  const holder = new pg.Client({ connectionString: broker.database.superuserUrl });
  await holder.connect();
  await holder.query('BEGIN; LOCK TABLE linkbroker_timeline.entries IN ACCESS EXCLUSIVE MODE');
  const before = await figure('linkbroker_timeline_waiting');
  await refreshed(first, 10);
  // Every answer came while the writer stood still.
  expect(await figure('linkbroker_timeline_waiting')).toBeGreaterThanOrEqual(before + 10);
  await holder.query('ROLLBACK');
  await holder.end();
  await entries('token.answered', 'rotated', 16);
  expect(await figure('linkbroker_timeline_waiting')).toBe(0);
});

test('what nobody can store in a text holds up nobody’s timeline', async () => {
  const before = await figure('linkbroker_timeline_waiting');
  for (const redirectUri of ['%00', 'https%3A%2F%2Fa.example%2F%00', '%ED%A0%80']) {
    const query = `client_id=${ALEXA.clientId}&response_type=code&redirect_uri=${redirectUri}`;
    expect((await fetch(`${broker.url}/oauth/authorize?${query}`)).status).toBe(400);
  }
  await entries('authorize.refused', 'invalid_request', 3);
  expect(await figure('linkbroker_timeline_waiting')).toBe(before);
});

test('what a household leaves on its timeline holds no token, code, secret, state or address of mail', async () => {
  const state = 'a-state/that+nobody=may-read';
  const pair = await linked(broker, ALEXA, authorizeUrl(broker, { state }));
  await refreshed(pair.refresh, 1);
  await refresh(broker, { ...ALEXA, clientSecret: 'a-wrong-secret-of-alexa' }, pair.refresh);
  await refresh(broker, ALEXA, `${pair.refresh.slice(0, -4)}AAAA`);
  await entries('client.refused', 'wrong_secret', 1);
  const rows = await broker.database.sql<{ row: string }>('SELECT e::text AS row FROM linkbroker_timeline.entries e');
  const all = rows.map(({ row }) => row).join('\n');
  for (const secret of [
    pair.access,
    pair.refresh,
    ALEXA.clientSecret,
    'a-wrong-secret-of-alexa',
    'upstream-secret',
    state,
  ]) {
    expect(all).not.toContain(secret);
    expect(all).not.toContain(encodeURIComponent(secret));
  }
  expect(all).not.toMatch(/[\w.]+@[\w.]+\.\w+/);
});
