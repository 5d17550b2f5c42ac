import { parseEnvironment, type Environment } from '@linkbroker/contracts';

const NAMES = [
  'HOST',
  'ADMIN_PORT',
  'METRICS_PORT',
  'DATABASE_URL',
  'REDIS_URL',
  'LOG_LEVEL',
  'DATA_DIR',
  'MASTER_KEYS',
  'BROKER_URL',
] as const;

export type AdminEnvironment = Environment<(typeof NAMES)[number]>;

/** @throws ConfigError */
export function readAdminEnvironment(env: Readonly<Record<string, string | undefined>>): AdminEnvironment {
  return parseEnvironment(env, NAMES);
}
