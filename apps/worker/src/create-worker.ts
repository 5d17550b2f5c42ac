import 'reflect-metadata';
import { replacedAddresses } from '@linkbroker/contracts';
import { AddressPolicy, CachedDocuments, Egress, ownStores } from '@linkbroker/egress';
import { connectRedis, pingRedis, UnstoredAnswersStore } from '@linkbroker/ephemeral';
import { keepUnstored, recoverAnswers } from '@linkbroker/linking';
import {
  AlexaEventsStore,
  CachedConnectors,
  ConnectorsStore,
  DueTokenSetsStore,
  EventDeliveriesStore,
  EventGrantsStore,
  HousekeepingStore,
  ImportedLinksStore,
  KeysStore,
  LinkHealthStore,
  openDatabase,
  readSchemaStatus,
  RefreshHours,
  RevocationsStore,
  SignInsStore,
  SharedTokenSetsStore,
  TimelineStore,
  TimelineWriter,
  type Database,
  type OpenSealed,
} from '@linkbroker/persistence';
import { HOUSEKEEPING_QUEUE, queueConnection } from '@linkbroker/queues';
import { createTrace, Metrics, storeChecks, Timeline, type Logger } from '@linkbroker/telemetry';
import { checkMasterKeys, Fingerprints, parseMasterKeys, Vault, type MasterKeys } from '@linkbroker/vault';
import { BullModule } from '@nestjs/bullmq';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Spool } from '@linkbroker/spool';
import type { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { WorkerEnvironment } from './environment.js';
import { HousekeepingProcessor } from './housekeeping.processor.js';
import { WORKER_NEEDS, type WorkerNeeds } from './worker-needs.js';

const START_MS = 10_000;
const PROBE_MS = 2_000;
/** Well within a lease: an answer that waits on this machine's disk is to be stored before its token is presented again. */
const RECOVER_MS = 5_000;
const COUNT_MS = 60_000;

@Module({})
export class WorkerModule {
  static with(needs: WorkerNeeds, redisUrl: string): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        BullModule.forRoot({ connection: queueConnection(redisUrl) }),
        BullModule.registerQueue({ name: HOUSEKEEPING_QUEUE }),
      ],
      providers: [{ provide: WORKER_NEEDS, useValue: needs }, HousekeepingProcessor],
    };
  }
}

export interface RunningWorker {
  readonly needs: WorkerNeeds;
  close(): Promise<void>;
}

/** Asked for when the metrics are: every worker gives the same answer. */
function publishLinkHealth(metrics: Metrics, health: LinkHealthStore): void {
  const read = async () =>
    (await health.countUnwell(performance.now() + PROBE_MS)).map(({ count, ...labels }) => ({ labels, value: count }));
  const help = 'Upstream token sets that are not well: failing, at_risk or dead';
  metrics.labelledGauge('linkbroker_unwell_token_sets', help, ['tenant', 'connector', 'state'], read);
}

/** What this process could not store is on its own disk: a turn of the queue may be any worker's. */
function recoverAgainAndAgain(needs: WorkerNeeds): NodeJS.Timeout {
  const turn = (): void => {
    recoverAnswers(needs).catch((error: unknown) => {
      needs.logger.warn({ err: error }, 'answers not recovered; the next turn is the retry');
    });
  };
  turn();
  return setInterval(turn, RECOVER_MS);
}

function storesOf(database: Database, open: OpenSealed) {
  const connectors = new ConnectorsStore(database, open);
  return {
    housekeeping: new HousekeepingStore(database),
    connectors: new CachedConnectors(connectors),
    removedConnectors: connectors,
    tokenSets: new SharedTokenSetsStore(database),
    dueTokenSets: new DueTokenSetsStore(database),
    deliveries: new EventDeliveriesStore(database),
    eventGrants: new EventGrantsStore(database),
    alexaEvents: new AlexaEventsStore(database),
    revocations: new RevocationsStore(database),
    signIns: new SignInsStore(database),
    importedLinks: new ImportedLinksStore(database),
    timelines: new TimelineStore(database),
  };
}

/** The canary: with a master key that is missing or wrong the worker does not start. */
async function openFingerprints(masterKeys: MasterKeys, keys: KeysStore): Promise<Fingerprints> {
  await checkMasterKeys(masterKeys, keys, performance.now() + START_MS);
  return Fingerprints.open(masterKeys, keys, performance.now() + START_MS);
}

const checksOf = (database: Database, redis: Redis) =>
  storeChecks(
    () => readSchemaStatus(database, performance.now() + PROBE_MS),
    () => pingRedis(redis),
  );

/** For metrics as they come, and for the hours that people look at once a minute. */
function countRefreshes(metrics: Metrics, hours: RefreshHours, logger: Logger) {
  const flush = (): Promise<void> =>
    hours.flush().catch((error: unknown) => logger.warn({ err: error }, 'counts not written; they wait'));
  const timer = setInterval(() => void flush(), COUNT_MS);
  const count: WorkerNeeds['countUpstreamRefresh'] = (connector, bucket) => {
    metrics.countUpstreamRefresh(connector, bucket);
    hours.count(connector, bucket);
  };
  const stop = (): Promise<void> => {
    clearInterval(timer);
    return flush();
  };
  return { count, stop };
}

/** Starts the worker: processors run when this resolves. */
export async function createWorker(
  env: WorkerEnvironment,
  logger: Logger,
  now: () => Date = () => new Date(),
): Promise<RunningWorker> {
  const opened = await openDatabase(env.DATABASE_URL, env.DATABASE_POOL_SIZE);
  const masterKeys = parseMasterKeys(env.MASTER_KEYS);
  const keys = new KeysStore(opened.database);
  const fingerprints = await openFingerprints(masterKeys, keys).catch(async (error: unknown) => {
    await opened.close();
    throw error;
  });
  const redis = await connectRedis(env.REDIS_URL);
  const { database } = opened;
  const checks = checksOf(database, redis);
  const metrics = new Metrics();
  const timeline = new Timeline({ store: new TimelineWriter(env.DATABASE_URL), now, metrics, logger }, env.TIMELINE);
  const vault = new Vault(masterKeys, keys, now);
  const counting = countRefreshes(metrics, new RefreshHours(database, now), logger);
  const seal: WorkerNeeds['seal'] = (place, plain, deadline) => vault.seal(place, plain, deadline);
  const unstored = { spool: new Spool(join(env.DATA_DIR, 'spool')), stream: new UnstoredAnswersStore(redis) };
  const open: WorkerNeeds['open'] = (place, sealed, deadline) => vault.open(place, sealed, deadline);
  const egress = new Egress(new AddressPolicy(env.EGRESS_ALLOW, await ownStores([env.DATABASE_URL, env.REDIS_URL])));
  const needs: WorkerNeeds = {
    ...{ now, randomBytes, trace: createTrace(logger, metrics, timeline.record), logger, metrics, checks },
    ...{ open, seal, egress, documents: new CachedDocuments(egress), fingerprint: fingerprints.of },
    ...storesOf(database, open),
    unstored,
    ...{ staleDays: env.STALE_SIGN_IN_DAYS, lwaTokenUrl: env.LWA_TOKEN_URL },
    gateways: { na: env.ALEXA_API_NA, eu: env.ALEXA_API_EU, fe: env.ALEXA_API_FE },
    countUpstreamRefresh: counting.count,
    keepUnstored: (tenantId, answer) => keepUnstored(unstored, tenantId, answer),
  };
  for (const replaced of replacedAddresses(env)) logger.warn(replaced, "another address in the place of Amazon's");
  publishLinkHealth(metrics, new LinkHealthStore(database));
  const app = await NestFactory.createApplicationContext(WorkerModule.with(needs, env.REDIS_URL), {
    logger: false,
    abortOnError: false,
  });
  const recovering = recoverAgainAndAgain(needs);
  const close = async (): Promise<void> => {
    clearInterval(recovering);
    await app.close();
    await counting.stop();
    await Promise.allSettled([timeline.close(), egress.close(), opened.close()]);
    redis.disconnect();
  };
  return { needs, close };
}
