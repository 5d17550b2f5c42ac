import { ConfigError, parseEnvironment, type Environment } from '@linkbroker/contracts';

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
  'TRUSTED_PROXIES',
  'EGRESS_ALLOW',
  'DOCTOR_RUNS_AT_ONCE',
  'DOCTOR_RUNS_A_DAY',
  'DOCTOR_CHROMIUM_SANDBOX',
  'LINKBROKER_CHROMIUM',
  'LINKBROKER_CHROMIUM_ENV',
  'SIMULATOR_URL',
  'SIMULATOR_KEY',
] as const;

export type AdminEnvironment = Environment<(typeof NAMES)[number]> & {
  /** The public address, without a trailing slash. */
  readonly adminUrl: string;
};

/** Reads the admin app's environment. @throws ConfigError */
export function readAdminEnvironment(env: Readonly<Record<string, string | undefined>>): AdminEnvironment {
  const found = parseEnvironment(env, NAMES);
  const usual = `http://localhost:${String(found.ADMIN_PORT)}`;
  const { ADMIN_URL } = parseEnvironment({ ADMIN_URL: env['ADMIN_URL'] ?? usual }, ['ADMIN_URL']);
  const url = new URL(ADMIN_URL);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new ConfigError([{ line: null, path: 'ADMIN_URL', message: 'must have no path, query or fragment' }]);
  return { ...found, adminUrl: url.origin };
}
