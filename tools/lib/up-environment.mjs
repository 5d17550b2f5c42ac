import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedEnvironment } from './runtime.mjs';
import { demoSecrets, masterKeys, simulatorKey } from './secrets.mjs';

const defined = (env) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));

/**
 * The environment of the product's own processes; DATABASE_URL and METRICS_PORT are each one's own and added there.
 * @param {{ redisUrl: string, holdsData: boolean }} stores @returns {Record<string, string>}
 */
export function productEnvironment(settings, { redisUrl, holdsData }) {
  const { dataDir, urls, ports } = settings;
  return defined({
    ...pinnedEnvironment(),
    DATABASE_URL: undefined,
    // The owner's login is the migration's alone: an application that had it could step around row security.
    MIGRATION_DATABASE_URL: undefined,
    REDIS_URL: redisUrl,
    MASTER_KEYS: masterKeys({ dataDir, holdsData }),
    DATA_DIR: dataDir,
    BROKER_PORT: String(ports.broker.port),
    ADMIN_PORT: String(ports.admin.port),
    BROKER_URL: urls.broker,
    ADMIN_URL: urls.admin,
    EGRESS_ALLOW: egressAllow(settings),
    SIMULATOR_SKILLS: exportedSkills(settings),
    ...(urls.broker.startsWith('http:') ? { ALLOW_HTTP: '1' } : {}),
    ...(settings.demo ? demoEnvironment(settings) : {}),
  });
}

function demoEnvironment({ dataDir, urls, ports }) {
  return {
    ...demoSecrets(dataDir),
    SIMULATOR_PORT: String(ports.simulator.port),
    SIMULATOR_URL: urls.simulator,
    SIMULATOR_KEY: simulatorKey(dataDir),
    ...simulatedAmazon(urls.simulator),
    ...simulatedSkillEvents(urls.simulator, dataDir),
  };
}

/** Where Alexa is simulated, what it does with events is simulated as well. */
function simulatedAmazon(simulator) {
  const gateway = (region) => process.env[`ALEXA_API_${region.toUpperCase()}`] ?? `${simulator}/gateway/${region}`;
  return {
    LWA_TOKEN_URL: process.env.LWA_TOKEN_URL ?? `${simulator}/lwa/auth/o2/token`,
    ALEXA_API_NA: gateway('na'),
    ALEXA_API_EU: gateway('eu'),
    ALEXA_API_FE: gateway('fe'),
  };
}

/** The simulator signs with an authority of its own, whose certificate it leaves in a file. */
function simulatedSkillEvents(simulator, dataDir) {
  const file = join(dataDir, 'simulator-ca.pem');
  return {
    SIMULATOR_CA_FILE: file,
    SKILL_EVENT_CERT_ORIGIN: process.env.SKILL_EVENT_CERT_ORIGIN ?? new URL(simulator).origin,
    SKILL_EVENT_CA: process.env.SKILL_EVENT_CA ?? file,
  };
}

/** The broker refuses loopback addresses as upstreams; the demo's upstream is on one. */
function egressAllow({ demo, ports }) {
  const simulator = demo ? [`127.0.0.1/32:${ports.simulator.port}`, `[::1]/128:${ports.simulator.port}`] : [];
  return [process.env.EGRESS_ALLOW, ...simulator].filter(Boolean).join(',');
}

/** Where `apply` leaves what Amazon's console would know; an earlier run's config file is still in the database. */
export const skillExports = (dataDir) => ({
  demo: join(dataDir, 'alexa-demo.json'),
  config: join(dataDir, 'alexa-config.json'),
});

function exportedSkills({ dataDir, demo, config }) {
  const files = skillExports(dataDir);
  return [...(demo ? [files.demo] : []), ...(config || existsSync(files.config) ? [files.config] : [])].join(',');
}

/** For stand-ins of the outside world (Alexa, an upstream): they have no business with our stores and keys. */
export function outsideEnvironment(env) {
  const ours = ['DATABASE_URL', 'REDIS_URL', 'MASTER_KEYS', 'METRICS_PORT'];
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.includes(name)));
}

/** What DATA_DIR/run.json hands to other commands: our own variables, nothing else of a person's environment. */
export function sharedVariables(env) {
  const names =
    /^(REDIS_URL|MASTER_KEYS|DATA_DIR|ALLOW_HTTP|EGRESS_ALLOW|(BROKER|ADMIN|SIMULATOR)_(URL|PORT)|SIMULATOR_SKILLS|DEMO_\w+_SECRET)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.test(name)));
}
