import type { ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { root } from '../launcher/launch.js';

/** A store that the launcher's own tools started. */
export interface Store {
  readonly url: string;
  readonly child: ChildProcess;
  readonly stop: () => Promise<void>;
}

export interface Guard {
  readonly release: () => Promise<void>;
}

interface StoreTools {
  readonly startGuard: () => Guard;
  readonly startPostgres: (options: { dataDir: string; guard: Guard }) => Promise<Store>;
  readonly startRedis: (options: { dataDir: string; guard: Guard }) => Promise<Store>;
}

const load = async (name: string): Promise<unknown> => import(pathToFileURL(`${root}tools/lib/${name}.mjs`).href);

/** The launcher's store tooling, which is plain JavaScript without types. */
export async function storeTools(): Promise<StoreTools> {
  const [guard, postgres, redis] = await Promise.all(['guard', 'postgres', 'redis'].map(load));
  return Object.assign({}, guard, postgres, redis) as StoreTools;
}

export interface Found {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Finding<T> {
  readonly found: T | null;
  readonly reason: string | null;
}

interface DebTools {
  readonly findChromium: () => Promise<Finding<Found>>;
  readonly findPython: () => Promise<Finding<{ readonly python: string; readonly env: Record<string, string> }>>;
}

const fromEnvironment = (text: string | undefined): Record<string, string> =>
  text === undefined ? {} : (JSON.parse(text) as Record<string, string>);

/** Chromium, or the reason why this machine has none. */
export async function findChromium(): Promise<Finding<Found>> {
  const { LINKBROKER_CHROMIUM: executablePath, LINKBROKER_CHROMIUM_ENV: env } = process.env;
  if (executablePath) return { found: { executablePath, env: fromEnvironment(env) }, reason: null };
  return ((await load('deb-tools')) as DebTools).findChromium();
}

/** A Python with requests-oauthlib and Django OAuth Toolkit, or the reason why this machine has none. */
export async function findPython(): Promise<Finding<{ python: string; env: Record<string, string> }>> {
  const { LINKBROKER_PYTHON: python, LINKBROKER_PYTHON_ENV: env } = process.env;
  if (python) return { found: { python, env: fromEnvironment(env) }, reason: null };
  return ((await load('deb-tools')) as DebTools).findPython();
}

/** redis-server, which `npm test` has found or fetched. */
export async function findRedis(): Promise<Finding<Found>> {
  const { LINKBROKER_REDIS: executablePath, LINKBROKER_REDIS_LIB: libraries } = process.env;
  if (executablePath) {
    return { found: { executablePath, env: libraries ? { LD_LIBRARY_PATH: libraries } : {} }, reason: null };
  }
  const { findRedis: find } = (await load('deb-tools')) as { findRedis: () => Promise<Finding<Found>> };
  return find();
}

/** The Node that the product runs on. */
export async function pinnedNode(): Promise<string> {
  return ((await load('runtime')) as { pinnedNode: () => string }).pinnedNode();
}
