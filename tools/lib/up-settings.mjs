import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { callerDirectory, dataDirectory } from './paths.mjs';
import { assertPortFree, wantedPort } from './ports.mjs';
import { Problem } from './problem.mjs';

/**
 * What this `up` is to do, from its arguments and environment (the names are the outside contract).
 * @throws {Problem} naming the argument or variable
 */
export function readSettings(args, env = process.env) {
  const { config, demo } = readArguments(args, env);
  const ports = {
    broker: { variable: 'BROKER_PORT', port: wantedPort('BROKER_PORT', 4_000, env) },
    admin: { variable: 'ADMIN_PORT', port: wantedPort('ADMIN_PORT', 4_100, env) },
    ...(demo ? { simulator: { variable: 'SIMULATOR_PORT', port: wantedPort('SIMULATOR_PORT', 4_200, env) } } : {}),
  };
  const firstMetrics = wantedPort('METRICS_PORT', 9_400, env);
  if (firstMetrics > 65_533) throw new Problem('METRICS_PORT must leave room for the two ports after it');
  const metrics = { broker: firstMetrics, worker: firstMetrics + 1, admin: firstMetrics + 2 };
  assertDistinct([
    ...Object.values(ports),
    ...Object.values(metrics).map((port) => ({ variable: 'METRICS_PORT', port })),
  ]);
  return {
    config,
    demo,
    ports,
    metrics,
    host: env.HOST || '127.0.0.1',
    dataDir: dataDirectory(env),
    urls: {
      broker: address('BROKER_URL', ports.broker.port, env),
      admin: address('ADMIN_URL', ports.admin.port, env),
      simulator: demo ? address('SIMULATOR_URL', ports.simulator.port, env) : null,
    },
  };
}

function readArguments(args, env) {
  let config = null;
  let demo = true;
  for (let at = 0; at < args.length; at += 1) {
    const [name, inline] = args[at].split(/=(.*)/s);
    if (name === '--no-demo' && inline === undefined) demo = false;
    else if (name === '--config') {
      const file = inline ?? args[(at += 1)];
      if (!file) throw new Problem('--config needs a file');
      config = isAbsolute(file) ? file : resolve(callerDirectory(env), file);
      if (!existsSync(config)) throw new Problem(`--config: there is no file ${config}`);
    } else throw new Problem(`unknown argument ${args[at]}: up knows --config FILE and --no-demo`);
  }
  return { config, demo };
}

function address(variable, port, env) {
  const text = env[variable] || `http://localhost:${port}`;
  if (!/^https?:\/\/[^/?#]+\/?$/.test(text))
    throw new Problem(`${variable} must be an origin such as https://id.example.com, not "${text}"`);
  return text.replace(/\/$/, '');
}

function assertDistinct(all) {
  const seen = new Map();
  for (const { variable, port } of all) {
    const other = seen.get(port);
    if (other) throw new Problem(`${other} and ${variable} both mean port ${port}: set one of them to another`);
    seen.set(port, variable);
  }
}

/** @throws {Problem} for the first port that another program has */
export async function assertPortsFree({ ports, metrics, host }) {
  for (const { variable, port } of Object.values(ports)) await assertPortFree(port, variable, { host });
  for (const port of Object.values(metrics)) await assertPortFree(port, 'METRICS_PORT', { host });
}
