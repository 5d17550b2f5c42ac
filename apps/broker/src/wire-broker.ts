import { AddressPolicy, CachedDocuments, Egress, ownStores } from '@linkbroker/egress';
import {
  connectRedis,
  LinkRequestsStore,
  pingRedis,
  PostedCallbacksStore,
  UnstoredAnswersStore,
} from '@linkbroker/ephemeral';
import {
  keepUnstored,
  recoverAnswers,
  refreshUpstream,
  shareRefreshes,
  type StoreRefreshNeeds,
  TenantTurns,
  type UnstoredPlaces,
  type CountedConnector,
  type RefreshBucket,
} from '@linkbroker/linking';
import {
  AlexaEventsStore,
  CachedClients,
  ClientsStore,
  ConnectorsStore,
  DueTokenSetsStore,
  EventGrantsStore,
  ForeignTokensStore,
  GrantedTokensStore,
  GrantsStore,
  KeysStore,
  LinksStore,
  openDatabase,
  readSchemaStatus,
  RefreshHours,
  RelayedTokensStore,
  SeenSecrets,
  SkillEventsStore,
  TimelineWriter,
  TokenSetsStore,
  UsedTokenSets,
  type Database,
  type OpenDatabase,
  type OpenSealed,
  type Seal,
} from '@linkbroker/persistence';
import { Spool } from '@linkbroker/spool';
import { createTrace, Metrics, Rations, storeChecks, Timeline, type Logger } from '@linkbroker/telemetry';
import {
  checkMasterKeys,
  Fingerprints,
  MacKeyRing,
  parseMasterKeys,
  SecretVerifier,
  Vault,
  type MasterKeys,
} from '@linkbroker/vault';
import type { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { SigningCertificates } from './alexa/skill-events/signing-certificates.js';
import { trustedRoots } from './alexa/skill-events/trusted-roots.js';
import type { BrokerEnvironment } from './environment.js';
import type { BrokerNeeds } from './broker-needs.js';

export interface WiredBroker {
  readonly needs: BrokerNeeds;
  readonly close: () => Promise<void>;
}

const START_MS = 10_000;
const PROBE_MS = 2_000;
const KEY_RELOAD_MS = 60_000;
const SEEN_FLUSH_MS = 10 * 60_000;
const USED_FLUSH_MS = 60_000;
/** Well within a lease: an answer that waits on this machine's disk is to be stored before its token is presented again. */
const RECOVER_MS = 5_000;

/** The one place where stores, keys and flows meet. */
export async function wireBroker(
  env: BrokerEnvironment,
  logger: Logger,
  now: () => Date = () => new Date(),
): Promise<WiredBroker> {
  const masterKeys = parseMasterKeys(env.MASTER_KEYS);
  const stores = await ownStores([env.DATABASE_URL, env.REDIS_URL]);
  const egress = new Egress(new AddressPolicy(env.EGRESS_ALLOW, stores));
  const opened = await openDatabase(env.DATABASE_URL, env.DATABASE_POOL_SIZE);
  const { database } = opened;
  const redis = await connectRedis(env.REDIS_URL);
  const metrics = new Metrics();
  const { vault, keys, fingerprints } = await openKeys(masterKeys, opened, redis, now);
  const timeline = new Timeline({ store: new TimelineWriter(env.DATABASE_URL), now, metrics, logger }, env.TIMELINE);
  const ambient = { now, randomBytes, trace: createTrace(logger, metrics, timeline.record) };
  const { seen, ...clients } = clientVerbs(database, now);
  const hours = new RefreshHours(database, now);
  const verbs = upstreamVerbs(database, vault, egress, metrics, hours);
  const upstreams = { ...ambient, ...verbs, ...secondPlaces(env.DATA_DIR, redis) };
  const dueTokenSets = new DueTokenSetsStore(database);
  const used = new UsedTokenSets(dueTokenSets);
  const stopChores = startChores(logger, [
    [KEY_RELOAD_MS, () => keys.load(now(), performance.now() + PROBE_MS)],
    [SEEN_FLUSH_MS, () => seen.flush(now())],
    [USED_FLUSH_MS, () => used.flush(now())],
    [USED_FLUSH_MS, () => hours.flush()],
    // What this process could not store is on its own disk: nobody else can replay it.
    [RECOVER_MS, () => recoverAnswers({ ...upstreams, dueTokenSets })],
  ]);
  const needs: BrokerNeeds = {
    ...ambient,
    ...{ logger, metrics, keys, publicUrl: env.publicUrl, record: timeline.record },
    ...clients,
    ...linkVerbs(database, redis),
    ...amazonVerbs(env, database, egress, now),
    ...upstreams,
    ...{ fingerprint: fingerprints.of, noteUse: used.note, turns: new TenantTurns(env.TENANT_REQUESTS_AT_ONCE) },
    refreshUpstream: shareRefreshes((tenantId, set) => refreshUpstream(upstreams, tenantId, set)),
    checks: storeChecks(
      () => readSchemaStatus(database, performance.now() + PROBE_MS),
      () => pingRedis(redis),
    ),
  };
  const close = async (): Promise<void> => {
    stopChores();
    await Promise.allSettled([seen.flush(now()), used.flush(now()), hours.flush(), timeline.close()]);
    await Promise.allSettled([egress.close(), opened.close()]);
    redis.disconnect();
  };
  return { needs, close };
}

const linkVerbs = (database: Database, redis: Redis) => ({
  ...grantVerbs(new GrantsStore(database)),
  links: new LinksStore(database),
  grantedTokens: new GrantedTokensStore(database),
  foreignTokens: new ForeignTokensStore(database),
  linkRequests: new LinkRequestsStore(redis),
  postedCallbacks: new PostedCallbacksStore(redis),
});

const amazonVerbs = (env: BrokerEnvironment, database: Database, egress: Egress, now: () => Date) => ({
  ...skillEventVerbs(env, database, egress, now),
  eventGrants: new EventGrantsStore(database),
  alexaEvents: new AlexaEventsStore(database),
  lwaTokenUrl: env.LWA_TOKEN_URL,
  gateways: { na: env.ALEXA_API_NA, eu: env.ALEXA_API_EU, fe: env.ALEXA_API_FE },
});

const TOLD_REFUSALS_A_MINUTE = 60;

/** How it is known that an event is Alexa's, and where it is handled. */
const skillEventVerbs = (env: BrokerEnvironment, database: Database, egress: Egress, now: () => Date) => ({
  skillEvents: new SkillEventsStore(database),
  refusedSkillEvents: new Rations(TOLD_REFUSALS_A_MINUTE, 60_000),
  skillEventAuthentication: {
    now,
    certificateOrigin: env.SKILL_EVENT_CERT_ORIGIN,
    certificates: new SigningCertificates({ egress, roots: trustedRoots(env.SKILL_EVENT_CA), now }),
  },
});

/** Everything between us and the providers. */
function upstreamVerbs(database: Database, vault: Vault, egress: Egress, metrics: Metrics, hours: RefreshHours) {
  const open: OpenSealed = (place, sealed, deadline) => vault.open(place, sealed, deadline);
  const seal: Seal = (place, plain, deadline) => vault.seal(place, plain, deadline);
  const connectors = new ConnectorsStore(database, open);
  return {
    open,
    seal,
    connectors,
    egress,
    documents: new CachedDocuments(egress),
    tokenSets: new TokenSetsStore(database),
    relayedTokens: new RelayedTokensStore(database),
    countUpstreamRefresh: (connector: CountedConnector, bucket: RefreshBucket): void => {
      metrics.countUpstreamRefresh(connector, bucket);
      hours.count(connector, bucket);
    },
  };
}

/** Where an answer goes that the database will not take. */
function secondPlaces(dataDir: string, redis: Redis) {
  const unstored: UnstoredPlaces = {
    spool: new Spool(join(dataDir, 'spool')),
    stream: new UnstoredAnswersStore(redis),
  };
  const keep: StoreRefreshNeeds['keepUnstored'] = (tenantId, answer) => keepUnstored(unstored, tenantId, answer);
  return { unstored, keepUnstored: keep };
}

const RETIRED_A_SECOND = 5;

/** Who asks. Old secrets only explain a refusal, so guesses must not become a load on the database. */
function clientVerbs(database: Database, now: () => Date) {
  const store = new ClientsStore(database);
  const seen = new SeenSecrets(store);
  const rations = new Rations(RETIRED_A_SECOND, 1_000);
  const findRetiredSecrets: BrokerNeeds['findRetiredSecrets'] = async (clientId, deadline) =>
    rations.take(clientId, now().getTime()) ? store.findRetired(clientId, deadline) : [];
  const clients = new CachedClients(store);
  return { seen, clients, secrets: new SecretVerifier(), seeSecret: seen.note, findRetiredSecrets };
}

/** One store serves three flows' shapes. */
const grantVerbs = (grants: GrantsStore) => ({ codes: grants, grants, revocations: grants });

/** The canary: with a master key that is missing or wrong the broker does not start, and leaves no connection behind. */
async function openKeys(masterKeys: MasterKeys, opened: OpenDatabase, redis: Redis, now: () => Date) {
  const rows = new KeysStore(opened.database);
  const keys = new MacKeyRing(masterKeys, rows);
  try {
    await checkMasterKeys(masterKeys, rows, performance.now() + START_MS);
    await keys.load(now(), performance.now() + START_MS);
    const fingerprints = await Fingerprints.open(masterKeys, rows, performance.now() + START_MS);
    return { vault: new Vault(masterKeys, rows, now), keys, fingerprints };
  } catch (error) {
    redis.disconnect();
    await opened.close();
    throw error;
  }
}

/** Work done at once and again and again, that may fail and is tried at its next turn. */
function startChores(logger: Logger, chores: readonly (readonly [number, () => Promise<unknown>])[]): () => void {
  const timers = chores.map(([everyMs, chore]) => {
    const turn = (): void => {
      chore().catch((error: unknown) => {
        logger.warn({ err: error }, 'background chore failed');
      });
    };
    turn();
    return setInterval(turn, everyMs);
  });
  return () => {
    timers.forEach(clearInterval);
  };
}
