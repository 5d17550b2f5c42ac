import { refreshDueTokens } from '@linkbroker/linking';
import { createLogger } from '@linkbroker/telemetry';
import { freePort, watchedLog } from '@linkbroker/testing';
import { exchange, refresh } from '../test/alexa.js';
import { FIRST, FIRST_BACKEND, household, startFederation, type Federation } from '../test/federation.js';
import type { TestBroker } from '../test/test-broker.js';
import { workerNeeds } from '../test/worker.js';
import { createBroker } from './index.js';

const ROUNDS = 500;
const USERS = ['alice', 'bob'] as const;

let federation: Federation;
/** Another replica on the same stores: a process of its own but for the process. */
let replica: TestBroker;
let closeReplica: () => Promise<void>;
beforeAll(async () => {
  federation = await startFederation();
  await federation.startAfresh();
  const { broker } = federation;
  const port = await freePort();
  const logger = createLogger({ app: 'broker', level: 'info', destination: watchedLog('broker') });
  const second = await createBroker({ ...broker.env, BROKER_PORT: port }, logger, broker.clock.now);
  await second.app.listen(port, '127.0.0.1');
  const database = (await broker.database.open('worker')).database;
  const worker = workerNeeds(second.needs, database, broker.clock.now);
  replica = { ...broker, url: `http://localhost:${String(port)}`, broker: second, worker };
  closeReplica = () => second.close();
}, 60_000);
afterAll(async () => {
  await closeReplica();
  await federation.close();
});

test('two brokers and two workers that want the same single-use token 1,000 times ask for it 1,000 times', async () => {
  const { broker, simulator } = federation;
  const counters = () => simulator.models.rotating.counters();
  const pairs = [];
  for (const user of USERS) pairs.push(await household(federation, 'rotating', FIRST, user));
  const started = counters().tokenCalls.refresh_token;
  for (let round = 1; round <= ROUNDS; round += 1) {
    broker.clock.advance({ seconds: 3_700 });
    await broker.database.sql(
      'UPDATE linkbroker.upstream_token_sets SET last_used_at = $1, refresh_due_at = active_due_at',
      [broker.clock.now()],
    );
    const alexa = await Promise.all(pairs.map((pair) => refresh(broker, FIRST, pair.refresh)));
    const asked = alexa.flatMap(({ body }) =>
      [broker, replica].map((one) => exchange(one, FIRST_BACKEND, String(body['access_token']))),
    );
    const [answers] = await Promise.all([
      Promise.all(asked),
      refreshDueTokens(broker.worker),
      refreshDueTokens(replica.worker),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    // One token for each household, whoever asked and wherever.
    expect(new Set(answers.map(({ body }) => body['access_token'])).size).toBe(USERS.length);
    expect(counters().tokenCalls.refresh_token - started).toBe(round * USERS.length);
  }
  expect(ROUNDS * USERS.length).toBe(1_000);
  expect(counters().reuseDetections).toBe(0);
}, 400_000);
