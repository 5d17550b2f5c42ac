import { linkOnce } from '@linkbroker/simulator';
import { eventually, freePort } from '@linkbroker/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processTree } from './launcher/processes.js';
import { AlexaChains, refreshOnce, type Observed } from './support/alexa-chains.js';
import { startStage, type Stage } from './support/stage.js';
import { TcpRelay } from './support/tcp-relay.js';
import { findRedis, storeTools, type Guard, type Store } from './support/tools.js';

/** Amazon waits no longer than this (R12). */
const LIMIT_MS = 4_500;

let directory: string;
let guard: Guard;
let postgres: Store;
let relay: TcpRelay;
let redis: ChildProcess;
let redisPort: number;
let stage: Stage;

const portOf = (store: Store): number => Number(new URL(store.url).port);
const signalAll = (child: ChildProcess, signal: NodeJS.Signals): void => {
  for (const { pid } of processTree(child.pid!)) process.kill(pid, signal);
};

async function startPostgres(): Promise<Store> {
  const { startPostgres: start } = await storeTools();
  return start({ dataDir: directory, guard });
}

async function startRedis(): Promise<ChildProcess> {
  const { found, reason } = await findRedis();
  if (!found) throw new Error(reason ?? 'no Redis');
  const args = ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--dir', tmpdir()];
  return spawn(found.executablePath, args, {
    argv0: 'redis-server',
    env: { ...process.env, ...found.env },
    stdio: 'ignore',
  });
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'linkbroker-outage-'));
  guard = (await storeTools()).startGuard();
  redisPort = await freePort();
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  relay = await TcpRelay.to(portOf(postgres));
  const database = new URL(postgres.url);
  database.port = String(relay.port);
  database.pathname = '/linkbroker';
  stage = await startStage({ databaseUrl: database.href, redisUrl: `redis://127.0.0.1:${redisPort}` });
}, 90_000);

afterAll(async () => {
  await stage.close();
  await relay.close();
  redis.kill('SIGKILL');
  await guard.release();
  rmSync(directory, { recursive: true, force: true });
}, 60_000);

/** Answers by what they say. */
function tally(observed: readonly Observed[]) {
  const answered = observed.filter(({ status }) => status !== 0);
  return {
    ok: answered.filter(({ status }) => status === 200).length,
    unavailable: answered.filter(({ status, error }) => status === 503 && error === 'temporarily_unavailable').length,
    withoutRetryAfter: answered.filter(({ status, retryAfter }) => status === 503 && !(Number(retryAfter) > 0)).length,
    verdicts: answered.filter(({ error }) => error === 'invalid_grant').length,
    other: answered.filter(({ status }) => status !== 200 && status !== 503).length,
    late: answered.filter(({ ms }) => ms > LIMIT_MS).length,
    unanswered: observed.length - answered.length,
  };
}

/** Runs ten chains through an outage: some answers before, `count` unavailable ones during, some after. */
async function through(outage: () => unknown, repair: () => unknown, count = 20) {
  const chains = await AlexaChains.start(stage, 10);
  const since = (from: number) => {
    if (stage.broker.child.exitCode !== null) throw new Error(`the broker ended: ${stage.broker.stderr}`);
    return tally(chains.observed.slice(from));
  };
  try {
    await eventually('answers before', () => since(0).ok > 50);
    await outage();
    const began = chains.observed.length;
    await eventually('unavailable answers', () => since(began).unavailable >= count, 40_000);
    await repair();
    const repaired = chains.observed.length;
    await eventually('answers after, without a restart', () => since(repaired).ok > 50, 40_000);
  } finally {
    await chains.stop();
  }
  return since(0);
}

const clean = { withoutRetryAfter: 0, verdicts: 0, other: 0, late: 0, unanswered: 0 };

test('Postgres frozen under load: 503 in time, never a verdict, and on without a restart', async () => {
  const counts = await through(
    () => {
      signalAll(postgres.child, 'SIGSTOP');
    },
    () => {
      signalAll(postgres.child, 'SIGCONT');
    },
  );
  expect(counts).toMatchObject(clean);
}, 120_000);

test('Postgres killed under load: 503 in time, never a verdict, and on without a restart', async () => {
  const counts = await through(
    () => {
      signalAll(postgres.child, 'SIGKILL');
    },
    async () => {
      postgres = await startPostgres();
      relay.target = portOf(postgres);
    },
  );
  expect(counts).toMatchObject(clean);
}, 120_000);

test.each(['SIGSTOP', 'SIGKILL'] as const)(
  'Redis hit by %s: refreshes do not notice, linking says so and goes on after',
  async (signal) => {
    const chains = await AlexaChains.start(stage, 5);
    signalAll(redis, signal);
    const began = performance.now();
    const response = await fetch(`${stage.brokerUrl}/oauth/authorize?${authorizeQuery()}`, { redirect: 'manual' });
    expect(performance.now() - began).toBeLessThan(LIMIT_MS);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.text()).toContain('Wait a moment and try again');
    if (signal === 'SIGSTOP') signalAll(redis, 'SIGCONT');
    else redis = await startRedis();
    const { brokerUrl, skill } = stage;
    let linked = false;
    let trying = false;
    await eventually('a link after', () => {
      if (!trying && !linked) {
        trying = true;
        void linkOnce({ brokerUrl, skill, user: 'alice', thorough: false }).then((report) => {
          linked = report.ok;
          trying = false;
        });
      }
      return linked;
    });
    const counts = tally(await chains.stop());
    expect(counts).toMatchObject({ ...clean, unavailable: 0 });
    expect(counts.ok).toBeGreaterThan(50);
  },
  90_000,
);

test('SIGTERM lets the broker finish what it accepted, then it ends with 0', async () => {
  const { brokerUrl, skill } = stage;
  const report = await linkOnce({ brokerUrl, skill, user: 'alice', thorough: false });
  signalAll(postgres.child, 'SIGSTOP');
  const waiting = Array.from({ length: 10 }, () => refreshOnce(stage, report.link?.refreshToken ?? ''));
  // Answered after them on this machine's loopback: they have been accepted by now.
  await fetch(`${brokerUrl}/health/live`);
  stage.broker.child.kill('SIGTERM');
  const answers = (await Promise.all(waiting)).map(({ observed }) => observed);
  signalAll(postgres.child, 'SIGCONT');
  expect(tally(answers)).toMatchObject({ ...clean, unavailable: 10 });
  expect((await stage.broker.ended).code).toBe(0);
}, 60_000);

function authorizeQuery(): string {
  const { clientId, redirectUris } = stage.skill;
  return new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUris[0]!,
    state: 's',
  }).toString();
}
