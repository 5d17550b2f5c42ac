import { applyConfig, exportForAlexa, readConfigFile, type AlexaSkillExport } from '@linkbroker/configuration';
import { revokeUpstream } from '@linkbroker/linking';
import { ConfigurationStore, KeysStore } from '@linkbroker/persistence';
import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { createLogger } from '@linkbroker/telemetry';
import { FixedClock, freePort, noteSecret, noteSecretsIn, watchedLog } from '@linkbroker/testing';
import { hashSecret, parseMasterKeys, Vault, verifySecret } from '@linkbroker/vault';
import { randomBytes, randomUUID } from 'node:crypto';
import { createBroker, readBrokerEnvironment, type Broker, type BrokerEnvironment } from '../src/index.js';
import { startUpstream, type Upstream } from './upstream.js';
import { workerNeeds, type WorkerFlows } from './worker.js';

export const ALEXA = { clientId: 'alexa-lights', clientSecret: 'lights+secret/with=signs & spaces' };
export const BACKEND = { clientId: 'lights-backend', clientSecret: 'backend-secret-1' };
export const REDIRECT = 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL';

/** A broker in process, with a real database, a real Redis and an independent OpenID provider behind it. */
export interface TestBroker {
  readonly url: string;
  /** What it was started with, for another broker on the same stores. */
  readonly env: BrokerEnvironment;
  readonly broker: Broker;
  readonly upstream: Upstream;
  readonly database: ScratchDatabase;
  readonly clock: FixedClock;
  readonly skill: AlexaSkillExport;
  /** Everything logged so far, as it left the process. */
  readonly log: () => string;
  /** Applies the test's config with another text in place of some; with a number of live grants it prunes. */
  readonly apply: (change?: (yaml: string) => string, liveGrants?: number) => Promise<void>;
  /** What the worker's flows need, with the worker's rights. */
  readonly worker: WorkerFlows;
  /** Carries out the upstream revocations that are due, as the worker does; how many. */
  readonly revokeDue: () => Promise<number>;
  readonly close: () => Promise<void>;
}

const CONFIG = (issuer: string): string => `
tenants:
  - slug: acme
    name: Acme Lighting
    connectors:
      - { slug: home, name: Acme Home, provider: oidc, issuer: "${issuer}", clientId: broker, clientSecret: upstream-secret, scopes: [openid, offline_access] }
      - { slug: gone, name: Gone, provider: oidc, issuer: "http://localhost:9", clientId: broker, clientSecret: upstream-secret }
    skills:
      - slug: lights
        name: Acme Lights
        clientId: ${ALEXA.clientId}
        clientSecrets: ["${ALEXA.clientSecret}"]
        vendorId: M3KVOEXUO4ALBL
        scopes: [lights, heating]
        connectors: [home, gone]
        backend: { clientId: ${BACKEND.clientId}, clientSecret: ${BACKEND.clientSecret} }
      - { slug: bounded, name: Bounded, clientId: alexa-bounded, clientSecret: bounded-secret, vendorId: M3KVOEXUO4ALBL, connectors: [home], refreshKeep: 2 }
      - { slug: strict, name: Strict, clientId: "https://strict.example/", clientSecret: strict-secret, vendorId: M3KVOEXUO4ALBL, connectors: [home], pkce: required }
      - { slug: through, name: Through, clientId: alexa-through, clientSecret: through-secret, vendorId: M3KVOEXUO4ALBL, connectors: [home], tokenMode: upstream, backend: { clientId: through-backend, clientSecret: through-backend-secret } }
  - slug: rival
    name: Rival
    connectors:
      - { slug: home, provider: oidc, issuer: "${issuer}", clientId: broker, clientSecret: upstream-secret }
    skills:
      - { slug: lamps, name: Lamps, clientId: alexa-rival, clientSecret: rival-secret, vendorId: M3KVOEXUO4ALBL, connectors: [home] }
`;

export async function startTestBroker(
  start = new Date().toISOString(),
  variables: Readonly<Record<string, string>> = {},
): Promise<TestBroker> {
  const clock = new FixedClock(start);
  const [port, database] = [await freePort(), await createScratchDatabase()];
  const url = `http://localhost:${port}`;
  const upstream = await startUpstream(['acme', 'rival'].map((tenant) => `${url}/callback/${tenant}/home`));
  const masterKeys = `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`;
  for (const role of Object.values(database.urls)) noteSecret('database password', new URL(role).password);
  const lines: string[] = [];
  const watched = watchedLog('broker');
  const logger = createLogger({
    app: 'broker',
    level: 'info',
    destination: {
      write: (line) => {
        lines.push(line);
        watched.write(line);
      },
    },
  });
  const env = readBrokerEnvironment({
    BROKER_PORT: String(port),
    ALLOW_HTTP: '1',
    DATABASE_URL: database.urls.broker,
    REDIS_URL: process.env['TEST_REDIS_URL'],
    MASTER_KEYS: masterKeys,
    EGRESS_ALLOW: '127.0.0.0/8,[::1]/128',
    ...variables,
  });
  const admin = await database.open('admin');
  const vault = new Vault(parseMasterKeys(masterKeys), new KeysStore(admin.database));
  const apply = async (change: (yaml: string) => string = (yaml) => yaml, liveGrants?: number): Promise<void> => {
    const needs = {
      now: clock.now,
      newId: randomUUID,
      newClientSecret: () => noteSecret('client secret', randomBytes(32).toString('base64url')),
      newSigningSecret: () => noteSecret('webhook secret', `whsec_${randomBytes(32).toString('base64')}`),
      hashSecret,
      verifySecret,
      seal: vault.seal.bind(vault),
      open: vault.open.bind(vault),
      store: new ConfigurationStore(admin.dataSource),
    };
    const prune = liveGrants !== undefined;
    const options = { dryRun: false, prune, liveGrants: liveGrants ?? null, retireSecrets: false };
    const config = readConfigFile(change(CONFIG(upstream.issuer)), {});
    noteSecretsIn(config);
    await applyConfig(needs, config, options);
  };
  await apply();
  const broker = await createBroker(env, logger, clock.now);
  await broker.app.listen(port, '127.0.0.1');
  const [skill] = exportForAlexa(readConfigFile(CONFIG(upstream.issuer), {}));
  const workerDatabase = (await database.open('worker')).database;
  const worker = workerNeeds(broker.needs, workerDatabase, clock.now);
  const revokeDue = (): Promise<number> => revokeUpstream(worker);
  const close = async (): Promise<void> => {
    await broker.close();
    await upstream.close();
    await database.close();
  };
  return {
    url,
    env,
    broker,
    upstream,
    database,
    clock,
    skill: skill!,
    log: () => lines.join(''),
    apply,
    worker,
    revokeDue,
    close,
  };
}
