import { parseEnvironment, type Environment } from '@linkbroker/contracts';

const NAMES = [
  'HOST',
  'METRICS_PORT',
  'DATABASE_URL',
  'REDIS_URL',
  'LOG_LEVEL',
  'MASTER_KEYS',
  'EGRESS_ALLOW',
  'DATA_DIR',
  'DATABASE_POOL_SIZE',
  'STALE_SIGN_IN_DAYS',
  'TIMELINE',
  'LWA_TOKEN_URL',
  'ALEXA_API_NA',
  'ALEXA_API_EU',
  'ALEXA_API_FE',
] as const;

export type WorkerEnvironment = Environment<(typeof NAMES)[number]>;

/** @throws ConfigError */
export function readWorkerEnvironment(env: Readonly<Record<string, string | undefined>>): WorkerEnvironment {
  return parseEnvironment(env, NAMES);
}
