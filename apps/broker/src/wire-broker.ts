import { AddressPolicy, CachedDocuments, Egress } from '@linkbroker/egress';
import { connectRedis, LinkRequestsStore, pingRedis } from '@linkbroker/ephemeral';
import {
  CachedClients,
  ClientsStore,
  ConnectorsStore,
  GrantsStore,
  KeysStore,
  LinksStore,
  openDatabase,
  readSchemaStatus,
  SeenSecrets,
} from '@linkbroker/persistence';
import { createTrace, Metrics, type Logger, type ReadinessCheck } from '@linkbroker/telemetry';
import { MacKeyRing, parseMasterKeys, SecretVerifier, Vault } from '@linkbroker/vault';
import { randomBytes } from 'node:crypto';
import type { BrokerEnvironment } from './environment.js';
import type { BrokerNeeds } from './broker-needs.js';
import { ownStores } from './own-stores.js';

export interface WiredBroker {
  readonly needs: BrokerNeeds;
  close(): Promise<void>;
}

const START_MS = 10_000;
const PROBE_MS = 2_000;
const KEY_RELOAD_MS = 60_000;
const SEEN_FLUSH_MS = 10 * 60_000;

/** The one place where stores, keys and flows meet. */
export async function wireBroker(
  env: BrokerEnvironment,
  logger: Logger,
  now: () => Date = () => new Date(),
): Promise<WiredBroker> {
  const masterKeys = parseMasterKeys(env.MASTER_KEYS);
  const policy = new AddressPolicy(env.EGRESS_ALLOW, ownStores([env.DATABASE_URL, env.REDIS_URL]));
  const metrics = new Metrics();
  const opened = await openDatabase(env.DATABASE_URL, env.DATABASE_POOL_SIZE);
  const { database } = opened;
  const redis = await connectRedis(env.REDIS_URL);

  const keysStore = new KeysStore(database);
  const vault = new Vault(masterKeys, keysStore);
  const keys = new MacKeyRing(masterKeys, keysStore);
  await keys.load(now(), performance.now() + START_MS);

  const clientsStore = new ClientsStore(database);
  const grants = new GrantsStore(database);
  const egress = new Egress(policy);
  const seen = new SeenSecrets(clientsStore);
  const checks: ReadinessCheck[] = [
    {
      name: 'postgres',
      check: async () => schemaMissing((await readSchemaStatus(database, performance.now() + PROBE_MS)).upToDate),
    },
    { name: 'redis', check: async () => ((await pingRedis(redis)) ? undefined : 'Redis does not answer') },
  ];
  const stopChores = startChores(logger, [
    [KEY_RELOAD_MS, () => keys.load(now(), performance.now() + PROBE_MS)],
    [SEEN_FLUSH_MS, () => seen.flush(now())],
  ]);

  const needs: BrokerNeeds = {
    now,
    randomBytes,
    trace: createTrace(logger, metrics),
    clients: new CachedClients(clientsStore),
    secrets: new SecretVerifier(),
    seeSecret: seen.note,
    keys,
    codes: grants,
    grants,
    revocations: grants,
    links: new LinksStore(database),
    linkRequests: new LinkRequestsStore(redis),
    connectors: new ConnectorsStore(database, (place, sealed, deadline) => vault.open(place, sealed, deadline)),
    seal: (place, plain, deadline) => vault.seal(place, plain, deadline),
    egress,
    documents: new CachedDocuments(egress),
    logger,
    metrics,
    checks,
    publicUrl: env.publicUrl,
  };
  const close = async (): Promise<void> => {
    stopChores();
    await seen.flush(now()).catch(() => undefined);
    await Promise.allSettled([egress.close(), opened.close()]);
    redis.disconnect();
  };
  return { needs, close };
}

const schemaMissing = (upToDate: boolean): string | undefined => (upToDate ? undefined : 'migrations are missing');

/** Repeated work that may fail and is tried again at its next turn. */
function startChores(logger: Logger, chores: readonly (readonly [number, () => Promise<void>])[]): () => void {
  const timers = chores.map(([everyMs, chore]) =>
    setInterval(() => {
      chore().catch((error: unknown) => {
        logger.warn({ err: error }, 'background chore failed');
      });
    }, everyMs),
  );
  return () => {
    timers.forEach(clearInterval);
  };
}
