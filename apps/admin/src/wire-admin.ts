import { AddressPolicy, CachedDocuments, Egress, ownStores } from '@linkbroker/egress';
import { connectRedis, IdempotentAnswersStore, pingRedis, TurnsStore } from '@linkbroker/ephemeral';
import {
  AuditLogStore,
  ConfigurationStore,
  ConnectorsStore,
  EventGrantPagesStore,
  EventLogStore,
  ImportsStore,
  KeysStore,
  LinkPagesStore,
  LiveMarksStore,
  openDatabase,
  OverviewStore,
  readSchemaStatus,
  TenantsStore,
  TimelineReader,
  type OpenDatabase,
  type SchemaStatus,
} from '@linkbroker/persistence';
import { Metrics, storeChecks, type Logger } from '@linkbroker/telemetry';
import { Fingerprints, MacKeyRing, Vault, type MasterKeys } from '@linkbroker/vault';
import { randomBytes } from 'node:crypto';
import type { AdminNeeds } from './admin-needs.js';
import { configurationNeeds } from './configuration/configuration-needs.js';
import { CONSOLE_DIRECTORY, readConsole } from './console/read-console.js';
import { openDoctor } from './doctor/open-doctor.js';
import type { AdminEnvironment } from './environment.js';
import { openOperatorKey } from './http/operator-key.js';
import { readMasterKeys } from './read-master-keys.js';
import { simulatorOf } from './set-up/simulator.js';
import { openAccess } from './sign-in/access.js';
import { openSignIn } from './sign-in/open-sign-in.js';

const PROBE_MS = 2_000;
const START_MS = 10_000;
/** Connections: people work with it, not Alexa's cloud. */
const POOL_SIZE = 4;

interface WiredAdmin {
  readonly needs: AdminNeeds;
  close(): Promise<void>;
}

/** Connects the admin app to its stores: the one place where flows meet what they need. */
export async function wireAdmin(
  env: AdminEnvironment,
  logger: Logger,
  version: string,
  now: () => Date,
): Promise<WiredAdmin> {
  const masterKeys = readMasterKeys(env.MASTER_KEYS);
  const own = {
    ...{ version, logger, now, startedAt: now(), metrics: new Metrics() },
    ...{ brokerUrl: env.BROKER_URL.replace(/\/$/, ''), adminUrl: env.adminUrl },
    simulator: simulatorOf(env),
    operatorKey: await openOperatorKey(env.DATA_DIR),
    console: await readConsole(CONSOLE_DIRECTORY),
  };
  const opened = await openDatabase(env.DATABASE_URL, POOL_SIZE);
  const redis = await connectRedis(env.REDIS_URL);
  const closeStores = async (): Promise<void> => {
    await opened.close();
    redis.disconnect();
  };
  const fingerprints = await openFingerprints(masterKeys, opened).catch(async (error: unknown) => {
    await closeStores();
    throw error;
  });
  const { adminUrl } = env;
  const policy = new AddressPolicy(env.EGRESS_ALLOW, await ownStores([env.DATABASE_URL, env.REDIS_URL]));
  const egress = new Egress(policy);
  const signIn = openSignIn({ redis, fingerprints, egress, now, dataSource: opened.dataSource, adminUrl });
  const doctor = openDoctor(env, { dataSource: opened.dataSource, policy, egress, logger, now });
  const schema = (): Promise<SchemaStatus> => readSchemaStatus(opened.database, performance.now() + PROBE_MS);
  const needs: AdminNeeds = {
    ...own,
    ...{ signIn, access: openAccess(signIn), turns: new TurnsStore(redis) },
    idempotent: new IdempotentAnswersStore(redis),
    ...{ schema, checks: storeChecks(schema, () => pingRedis(redis)) },
    ...storesOf(opened.dataSource),
    ...configurationVerbs(masterKeys, opened, now),
    doctor: doctor.needs,
    ...{ egress, documents: new CachedDocuments(egress), fingerprint: fingerprints.of, randomBytes },
  };
  const close = async (): Promise<void> => {
    await doctor.close();
    await egress.close();
    await closeStores();
  };
  return { needs, close };
}

const openFingerprints = (masterKeys: MasterKeys, { database }: OpenDatabase): Promise<Fingerprints> =>
  Fingerprints.open(masterKeys, new KeysStore(database), performance.now() + START_MS);

const storesOf = (dataSource: OpenDatabase['dataSource']) => ({
  timelines: new TimelineReader(dataSource),
  links: new LinkPagesStore(dataSource),
  imports: new ImportsStore(dataSource),
  tenants: new TenantsStore(dataSource),
  overview: new OverviewStore(dataSource),
  eventGrants: new EventGrantPagesStore(dataSource),
  eventLog: new EventLogStore(dataSource),
  liveMarks: new LiveMarksStore(dataSource),
  auditLog: new AuditLogStore(dataSource),
});

function configurationVerbs(masterKeys: MasterKeys, { database, dataSource }: OpenDatabase, now: () => Date) {
  const keys = new KeysStore(database);
  const vault = new Vault(masterKeys, keys, now);
  const configuration = new ConfigurationStore(dataSource);
  return {
    configuration,
    seal: vault.seal.bind(vault),
    planning: configurationNeeds(vault, configuration, now),
    connectors: new ConnectorsStore(database, (place, sealed, deadline) => vault.open(place, sealed, deadline)),
    macKeys: new MacKeyRing(masterKeys, keys),
    resolveTenant: (slug: string) => configuration.resolveTenant(slug),
  };
}
