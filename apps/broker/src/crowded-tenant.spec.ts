import { linked, refresh, type Answer } from '../test/alexa.js';
import { ALEXA, startTestBroker, type TestBroker } from '../test/test-broker.js';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startTestBroker(undefined, { TENANT_REQUESTS_AT_ONCE: '2' });
}, 60_000);
afterAll(() => broker.close());

const statuses = (answers: readonly Answer[]) => [...new Set(answers.map(({ status }) => status))].sort();

test('a tenant that asks for more than its share at once is asked to come again, and loses nothing', async () => {
  const { refresh: token } = await linked(broker, ALEXA);
  const answers = await Promise.all(Array.from({ length: 40 }, () => refresh(broker, ALEXA, token)));
  expect(statuses(answers)).toEqual([200, 503]);
  for (const { status, headers, body } of answers.filter((answer) => answer.status !== 200)) {
    expect([status, body['error']]).toEqual([503, 'temporarily_unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  }
  const [first] = answers.filter(({ status }) => status === 200);
  expect((await refresh(broker, ALEXA, String(first!.body['refresh_token']))).status).toBe(200);
});

test('another tenant does not notice', async () => {
  const { refresh: token } = await linked(broker, ALEXA);
  const rival = { clientId: 'alexa-rival', clientSecret: 'rival-secret' };
  const crowd = Promise.all(Array.from({ length: 40 }, () => refresh(broker, ALEXA, token)));
  const verdicts = [];
  for (let turn = 0; turn < 10; turn += 1) verdicts.push((await refresh(broker, rival, 'forged')).body['error']);
  expect(new Set(verdicts)).toEqual(new Set(['invalid_grant']));
  expect(statuses(await crowd)).toEqual([200, 503]);
});
