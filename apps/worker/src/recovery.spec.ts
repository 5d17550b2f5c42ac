import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { HOUSEKEEPING_QUEUE, queueConnection } from '@linkbroker/queues';
import { createLogger } from '@linkbroker/telemetry';
import { eventually, noteSecret, watchedLog } from '@linkbroker/testing';
import { Queue, Worker, type Job } from 'bullmq';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HousekeepingProcessor } from './housekeeping.processor.js';
import { createWorker, readWorkerEnvironment } from './index.js';
import type { WorkerNeeds } from './worker-needs.js';

const REDIS_URL = process.env['TEST_REDIS_URL'] ?? '';
const logger = createLogger({ app: 'worker', level: 'info', destination: watchedLog('worker') });

const answer = () => ({
  ...{ tenantId: randomUUID(), setId: randomUUID(), attemptId: randomUUID(), version: 2, scopes: [] },
  ...{ hasRefreshToken: true, accessExpiresAt: null, refreshExpiresAt: null, activeDueAt: null, dormantDueAt: null },
  sealed: Buffer.from('sealed').toString('base64'),
});

test('answers that wait in a second place are stored before attempts are taken for lost', async () => {
  const done: string[] = [];
  const text = JSON.stringify(answer());
  const list = () => Promise.resolve([{ id: '1', name: 'one', text }]);
  const place = { keep: () => Promise.resolve(), remove: () => Promise.resolve(), list };
  const needs = {
    ...{ now: () => new Date(), trace: () => undefined, logger, unstored: { spool: place, stream: place } },
    dueTokenSets: {
      recover: () => Promise.resolve(done.push('recovered') > 0),
      endLost: () => {
        done.push('ended');
        return Promise.resolve([]);
      },
    },
  };
  const processor = new HousekeepingProcessor(needs as unknown as WorkerNeeds, {} as Queue);
  await processor.process({ data: { chore: 'end-lost-attempts' } } as Job);
  expect(done).toEqual(['recovered', 'recovered', 'ended']);
});

test('a chore whose worker died is taken over within seconds', async () => {
  const database = await createScratchDatabase();
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'linkbroker-worker-'));
  const connection = queueConnection(REDIS_URL);
  const queue = new Queue(HOUSEKEEPING_QUEUE, { connection });
  await queue.obliterate({ force: true });
  await queue.resume();
  const job = await queue.add('retire-client-secrets', { chore: 'retire-client-secrets' }, { removeOnComplete: false });
  let taken: () => void = () => undefined;
  const isTaken = new Promise<void>((resolve) => (taken = resolve));
  const hang = () => {
    taken();
    return new Promise(() => undefined);
  };
  const dying = new Worker(HOUSEKEEPING_QUEUE, hang, {
    connection,
    lockDuration: 1_000,
    skipLockRenewal: true,
    skipStalledCheck: true,
  });
  await isTaken;
  await dying.close(true);
  const MASTER_KEYS = `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`;
  const env = { DATABASE_URL: database.urls.worker, REDIS_URL, METRICS_PORT: '0', MASTER_KEYS, DATA_DIR };
  const worker = await createWorker(readWorkerEnvironment(env), logger);
  try {
    await eventually('the job to be completed', async (saw) => saw(await job.getState()) === 'completed', 15_000);
  } finally {
    await worker.close();
    await queue.close();
    await database.close();
    rmSync(DATA_DIR, { recursive: true, force: true });
  }
}, 40_000);

test('a turn that a wrong clock has put off is brought back', async () => {
  const written: string[] = [];
  const queue = {
    getJobScheduler: (chore: string) =>
      Promise.resolve({ next: Date.now() + (chore === 'refresh-due-tokens' ? 3_600_000 : 1_000) }),
    removeJobScheduler: (chore: string) => Promise.resolve(written.push(`removed ${chore}`)),
    upsertJobScheduler: (chore: string) => Promise.resolve(written.push(chore)),
  };
  const processor = new HousekeepingProcessor({ logger } as unknown as WorkerNeeds, queue as unknown as Queue);
  await processor.onApplicationBootstrap();
  const atStart = written.length;
  try {
    await eventually('a turn to be brought back', (saw) => saw(written).length >= atStart + 2, 20_000);
    expect(written.slice(atStart)).toEqual(['removed refresh-due-tokens', 'refresh-due-tokens']);
  } finally {
    processor.onApplicationShutdown();
  }
}, 30_000);

describe('a worker whose turn never comes', () => {
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'linkbroker-worker-'));
  let database: ScratchDatabase;
  let queue: Queue;
  beforeAll(async () => {
    database = await createScratchDatabase();
    queue = new Queue(HOUSEKEEPING_QUEUE, { connection: queueConnection(REDIS_URL) });
    await queue.pause();
  });
  afterAll(async () => {
    await queue.resume();
    await queue.close();
    await database.close();
    rmSync(DATA_DIR, { recursive: true, force: true });
  });

  test('recovers what lies on its own disk nevertheless', async () => {
    const spool = join(DATA_DIR, 'spool');
    mkdirSync(spool);
    const kept = answer();
    writeFileSync(join(spool, `${kept.attemptId}.json`), JSON.stringify(kept));
    const MASTER_KEYS = `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`;
    const env = { DATABASE_URL: database.urls.worker, REDIS_URL, METRICS_PORT: '0', MASTER_KEYS, DATA_DIR };
    const worker = await createWorker(readWorkerEnvironment(env), logger);
    try {
      // The set is not there, so the answer is not stored; that it was looked at and dealt with is what counts.
      const entries = () => readdirSync(spool).filter((file) => !file.startsWith('.'));
      await eventually('an empty spool', (saw) => saw(entries()).length === 0, 15_000);
    } finally {
      await worker.close();
    }
  }, 30_000);
});
