import { ConfigError, parseEnvironment, type Environment } from '@linkbroker/contracts';

const NAMES = [
  'HOST',
  'BROKER_PORT',
  'METRICS_PORT',
  'DATABASE_URL',
  'REDIS_URL',
  'MASTER_KEYS',
  'TRUSTED_PROXIES',
  'LOG_LEVEL',
  'EGRESS_ALLOW',
  'ALLOW_HTTP',
  'TENANT_REQUESTS_AT_ONCE',
  'DATABASE_POOL_SIZE',
  'DATA_DIR',
  'TIMELINE',
  'LWA_TOKEN_URL',
  'ALEXA_API_NA',
  'ALEXA_API_EU',
  'ALEXA_API_FE',
  'SKILL_EVENT_CERT_ORIGIN',
  'SKILL_EVENT_CA',
] as const;

export type BrokerEnvironment = Environment<(typeof NAMES)[number]> & {
  /** The public address, without a trailing slash. */
  readonly publicUrl: string;
};

/**
 * Reads the broker's environment. The public address must be https on port 443, as Alexa demands, unless ALLOW_HTTP=1.
 * @throws ConfigError
 * @see R6
 */
export function readBrokerEnvironment(env: Readonly<Record<string, string | undefined>>): BrokerEnvironment {
  const found = parseEnvironment(env, NAMES);
  const withUrl = { BROKER_URL: `http://localhost:${String(found.BROKER_PORT)}`, ...definedOnly(env) };
  const { BROKER_URL } = parseEnvironment(withUrl, ['BROKER_URL']);
  const url = new URL(BROKER_URL);
  if (!found.ALLOW_HTTP && (url.protocol !== 'https:' || url.port !== '')) {
    throw new ConfigError([
      { line: null, path: 'BROKER_URL', message: 'must be https on port 443, or set ALLOW_HTTP=1 for a test' },
    ]);
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new ConfigError([{ line: null, path: 'BROKER_URL', message: 'must have no path, query or fragment' }]);
  }
  return { ...found, publicUrl: url.origin };
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
