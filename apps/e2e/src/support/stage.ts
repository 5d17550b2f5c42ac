import { createSimulator, parseSkills, type Simulator, type Skill } from '@linkbroker/simulator';
import { eventually, freePort, noteSecret, watchServer } from '@linkbroker/testing';
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Launched, root } from '../launcher/launch.js';
import { pinnedNode } from './tools.js';

/** A broker process as it is shipped, with the simulator as Alexa and as provider. */
export interface Stage {
  readonly brokerUrl: string;
  readonly simulatorUrl: string;
  /** Its models and faults; it runs in this process. */
  readonly simulator: Simulator;
  readonly metricsUrl: string;
  readonly skill: Skill;
  /** What Alexa knows; a test may add to it. */
  readonly skills: Skill[];
  readonly broker: Launched;
  /** Applies a config file beside the demo's. */
  readonly apply: (yaml: string) => Promise<void>;
  /** The admin app as a process; its address and the operator's key. It is stopped with the stage. */
  readonly startAdmin: () => Promise<{ readonly url: string; readonly operatorKey: string }>;
  /** A worker process beside the broker; it is stopped with the stage. */
  readonly startWorker: () => Promise<Launched>;
  readonly close: () => Promise<void>;
}

/** What a stage is given beyond its stores. */
export interface StageOptions {
  readonly brokerPort?: number;
  /** Ports on this machine that providers of the test listen on. */
  readonly upstreamPorts?: readonly number[];
  /** The simulator's host: with `127.0.0.1` a browser takes it for another site than the broker, which is `localhost`. */
  readonly simulatorHost?: 'localhost' | '127.0.0.1';
  /** Secrets of more clients at the simulator's OpenID provider, by client id. */
  readonly upstreamClients?: Readonly<Record<string, string>>;
}

export interface StageStores {
  /** A superuser's address; its database is made when it is missing. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

const SECRETS = {
  DEMO_UPSTREAM_SECRET: 'upstream-secret',
  DEMO_SKILL_SECRET: 'skill-secret',
  DEMO_BACKEND_SECRET: 'backend',
};
/** As many as a Redis has unless told otherwise. */
const REDIS_DATABASES = 16;
const run = promisify(execFile);

/** Migrates, applies the demo config, starts the simulator in process and the broker as a process. */
export async function startStage(
  { databaseUrl, redisUrl }: StageStores,
  { brokerPort: givenPort, upstreamPorts = [], simulatorHost = 'localhost', upstreamClients = {} }: StageOptions = {},
): Promise<Stage> {
  const brokerPort = givenPort ?? (await freePort());
  const [simulatorPort, metricsPort, workerMetricsPort] = [await freePort(), await freePort(), await freePort()];
  const [brokerUrl, simulatorUrl] = [`http://localhost:${brokerPort}`, `http://${simulatorHost}:${simulatorPort}`];
  const directory = mkdtempSync(join(tmpdir(), 'linkbroker-e2e-'));
  const node = await pinnedNode();
  const MASTER_KEYS = `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`;
  const command = async (file: string, args: string[], env: Record<string, string>): Promise<string> =>
    (await run(node, [join(root, file), ...args], { env: { ...process.env, NODE_OPTIONS: '', ...env } })).stdout;

  const suffix = randomBytes(4).toString('hex');
  const migrated = await command('apps/admin/dist/migrate.js', ['--logins', suffix], {
    MIGRATION_DATABASE_URL: databaseUrl,
  });
  const { urls } = JSON.parse(migrated) as { urls: { broker: string; worker: string; admin: string } };
  for (const role of Object.values(urls)) noteSecret('database password', new URL(role).password);
  const skillsFile = join(directory, 'alexa.json');
  const applyEnv = { DATABASE_URL: urls.admin, MASTER_KEYS, SIMULATOR_URL: simulatorUrl, ...SECRETS };
  const applyFile = async (file: string, ...more: string[]): Promise<void> => {
    await command('apps/admin/dist/apply.js', ['-f', file, ...more], applyEnv);
  };
  await applyFile(join(root, 'apps/simulator/demo.yaml'), '--export-alexa', skillsFile);
  const apply = async (yaml: string): Promise<void> => {
    const file = join(directory, `${randomBytes(4).toString('hex')}.yaml`);
    writeFileSync(file, yaml);
    await applyFile(file);
  };
  const [skill] = parseSkills(readFileSync(skillsFile, 'utf8'), skillsFile);
  const skills = [skill!];
  const secrets = { 'linkbroker-demo': SECRETS.DEMO_UPSTREAM_SECRET, ...upstreamClients };
  for (const secret of Object.values({ ...SECRETS, ...secrets })) noteSecret('client secret', secret);
  const clients = Object.entries(secrets).map(([clientId, clientSecret]) => {
    return { clientId, clientSecret, brokerCallbacks: true };
  });
  const simulatorKey = noteSecret('simulator key', randomBytes(24).toString('base64url'));
  const simulator = createSimulator({
    key: simulatorKey,
    port: simulatorPort,
    url: simulatorUrl,
    brokerUrl,
    skills: () => skills,
    upstream: { clients },
  });
  watchServer(simulator);
  await simulator.listen({ host: '127.0.0.1', port: simulatorPort });
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    BROKER_PORT: String(brokerPort),
    METRICS_PORT: String(metricsPort),
    DATABASE_URL: urls.broker,
    REDIS_URL: redisUrl,
    MASTER_KEYS,
    ALLOW_HTTP: '1',
    LOG_LEVEL: 'info',
    LWA_TOKEN_URL: `${simulatorUrl}/lwa/auth/o2/token`,
    ALEXA_API_NA: `${simulatorUrl}/gateway/na`,
    ALEXA_API_EU: `${simulatorUrl}/gateway/eu`,
    ALEXA_API_FE: `${simulatorUrl}/gateway/fe`,
    EGRESS_ALLOW: [simulatorPort, ...upstreamPorts]
      .flatMap((port) => [`127.0.0.1/32:${String(port)}`, `[::1]/128:${String(port)}`])
      .join(','),
  };
  const launch = (app: string, change: Record<string, string> = {}): Launched => {
    const own = { ...env, ...change };
    const child = spawn(node, [join(root, `apps/${app}/dist/main.js`)], {
      env: own,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return new Launched(child, `the ${app} process`);
  };
  const broker = launch('broker');
  const launched = [broker];
  const startWorker = async (): Promise<Launched> => {
    const worker = launch('worker', { DATABASE_URL: urls.worker, METRICS_PORT: String(workerMetricsPort) });
    launched.push(worker);
    await ready(`http://127.0.0.1:${workerMetricsPort}/health/ready`, worker);
    return worker;
  };
  const startAdmin = async () => {
    const [port, metrics] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${String(port)}`;
    const own = { DATABASE_URL: urls.admin, ADMIN_PORT: String(port), METRICS_PORT: String(metrics) };
    const beside = { SIMULATOR_URL: simulatorUrl, SIMULATOR_KEY: simulatorKey };
    const admin = launch('admin', { ...own, ...beside, BROKER_URL: brokerUrl, DATA_DIR: directory });
    launched.push(admin);
    await ready(`${url}/health/ready`, admin);
    return {
      url,
      operatorKey: noteSecret('operator key', readFileSync(join(directory, 'operator.key'), 'utf8').trim()),
    };
  };
  await ready(`${brokerUrl}/health/ready`, broker);
  const close = async (): Promise<void> => {
    for (const { child, ended } of launched) {
      child.kill('SIGTERM');
      await ended;
    }
    await simulator.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return {
    brokerUrl,
    simulatorUrl,
    simulator,
    metricsUrl: `http://127.0.0.1:${metricsPort}`,
    skill: skill!,
    skills,
    broker,
    apply,
    startAdmin,
    startWorker,
    close,
  };
}

async function ready(url: string, launched: Launched): Promise<void> {
  let ok = false;
  const poll = setInterval(() => {
    fetch(url).then(
      (response) => (ok = response.ok),
      () => undefined,
    );
  }, 100);
  try {
    await eventually(`${url} to answer`, () => {
      if (launched.child.exitCode !== null) throw new Error(`the process ended: ${launched.stderr}`);
      return ok;
    });
  } finally {
    clearInterval(poll);
  }
}

/**
 * A database of this spec's own on the server of the whole run; on its Redis one that no spec uses at the same time, or a
 * worker would take another's chores.
 */
export function scratchStores(): StageStores {
  const database = new URL(process.env['TEST_DATABASE_URL'] ?? '');
  database.pathname = `/e2e_${randomBytes(5).toString('hex')}`;
  const redis = new URL(process.env['TEST_REDIS_URL'] ?? '');
  redis.pathname = `/${Number(process.env['JEST_WORKER_ID'] ?? 0) % REDIS_DATABASES}`;
  return { databaseUrl: database.href, redisUrl: redis.href };
}
