import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { waitUntilHealthy } from './health.mjs';
import { install } from './install.mjs';
import { tellingLine } from './logs.mjs';
import { root } from './paths.mjs';
import { Problem, say } from './problem.mjs';
import { writeRunFile } from './run-file.mjs';
import { pinnedEnvironment, pinnedNode, serviceEnvironment, serviceFlags } from './runtime.mjs';
import { loginSuffix } from './secrets.mjs';
import { outsideEnvironment, productEnvironment, sharedVariables, skillExports } from './up-environment.mjs';
import { assertPortsFree } from './up-settings.mjs';
import { upStores } from './up-stores.mjs';

const script = (path) => join(root, 'apps', path);

/**
 * From a checkout to a running Linkbroker, in order; resolves once READY has been printed.
 * @param {ReturnType<typeof import('./up-settings.mjs').readSettings>} settings
 * @param {{ family: ReturnType<typeof import('./children.mjs').createFamily>, guard: ReturnType<typeof import('./guard.mjs').startGuard> }} tools
 * @throws {Problem} every failure is one clear line
 */
export async function bringUp(settings, { family, guard }) {
  await assertPortsFree(settings);
  await install(family);
  const apps = ['broker', 'worker', 'admin', ...(settings.demo ? ['simulator'] : [])];
  const [stores] = await Promise.all([upStores(settings, { family, guard }), build(family, apps)]);
  const database = await migrate(settings, stores, family);
  const env = productEnvironment(settings, { ...stores, ...database });
  await applyConfigs(settings, { family, env, database });
  say('starting the applications …');
  startApps(settings, { family, env, database });
  await waitUntilHealthy(healthAddresses(settings));
  if (settings.demo) await demonstrate({ family, env });
  await welcomeOperator({ family, env, database });
  announce(settings, { ...sharedVariables(env), DATABASE_URL: database.urls.admin });
}

/** @returns {Promise<{ holdsData: boolean, urls: { broker: string, worker: string, admin: string } }>} */
async function migrate({ dataDir }, { databaseEnv }, family) {
  say('migrating the database …');
  const args = [built('admin/dist/migrate.js'), '--logins', loginSuffix(dataDir)];
  const env = { ...pinnedEnvironment(), ...databaseEnv };
  const { code, stdout, stderr } = await family.run('the migration', pinnedNode(), args, { cwd: root, env });
  if (code !== 0) throw new Problem(`the migration failed: ${tellingLine(stderr.split('\n')) || `exit ${code}`}`);
  return JSON.parse(stdout);
}

async function applyConfigs({ config, demo, dataDir }, { family, env, database }) {
  const out = skillExports(dataDir);
  const apply = async (what, file, exported) => {
    say(`applying ${what} …`);
    const args = [built('admin/dist/apply.js'), '-f', file, '--export-alexa', exported];
    const options = { cwd: root, env: { ...env, DATABASE_URL: database.urls.admin } };
    const { code, stdout, stderr } = await family.run('apply', pinnedNode(), args, options);
    process.stderr.write(stdout + stderr);
    if (code !== 0) throw new Problem(`${what} could not be applied (exit ${code}), see above`);
  };
  if (demo) await apply('the demo config', script('simulator/demo.yaml'), out.demo);
  if (config) await apply(config, config, out.config);
}

function startApps({ dataDir, metrics, demo }, { family, env, database }) {
  const logs = join(dataDir, 'logs');
  const serve = (name, own) => {
    const args = [...serviceFlags, built(`${name}/dist/main.js`)];
    family.serve(name, pinnedNode(), args, { cwd: root, env: { ...serviceEnvironment, ...own }, logs });
  };
  for (const [name, port] of Object.entries(metrics)) {
    serve(name, { ...env, DATABASE_URL: database.urls[name], METRICS_PORT: String(port) });
  }
  if (demo) serve('simulator', outsideEnvironment(env));
}

function built(path) {
  if (existsSync(script(path))) return script(path);
  throw new Problem(`apps/${path} is missing after the build`);
}

const reach = (host) => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);

function healthAddresses({ host, ports, metrics, demo }) {
  const ready = (port) => `http://${reach(host)}:${port}/health/ready`;
  return {
    broker: ready(ports.broker.port),
    admin: ready(ports.admin.port),
    worker: ready(metrics.worker),
    ...(demo ? { simulator: ready(ports.simulator.port) } : {}),
  };
}

async function demonstrate({ family, env }) {
  say('linking an account as Alexa would …');
  const options = { cwd: root, env: outsideEnvironment(env), show: true };
  const { code, stderr } = await family.run('the demo link', pinnedNode(), [built('simulator/dist/link.js')], options);
  if (code !== 0) throw new Problem(`the demo link failed: ${tellingLine(stderr.split('\n')) || `exit ${code}`}`);
}

/** Shows where the first operator's account is made, until there is one; to whoever started this, and to no log. */
async function welcomeOperator({ family, env, database }) {
  const options = { cwd: root, env: { ...env, DATABASE_URL: database.urls.admin } };
  const run = await family.run('the first operator', pinnedNode(), [built('admin/dist/operator.js')], options);
  if (run.code === 0) say(`make the first operator's account at ${run.stdout.trim()} (good for an hour)`);
  else if (run.code !== 1) throw new Problem(`no link for the first operator: ${tellingLine(run.stderr.split('\n'))}`);
}

function announce({ urls, metrics, host, dataDir }, env) {
  const { broker, admin, simulator } = urls;
  const addresses = Object.entries(metrics).map(([name, port]) => [name, `http://${reach(host)}:${port}`]);
  writeRunFile(dataDir, { broker, admin, simulator, metrics: Object.fromEntries(addresses), env });
  process.stdout.write(`READY broker=${broker} admin=${admin} simulator=${simulator ?? '-'}\n`);
}
