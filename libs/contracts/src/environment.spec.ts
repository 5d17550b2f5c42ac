import { ConfigError } from './config-error.js';
import { AMAZON_ADDRESSES, parseEnvironment, replacedAddresses, type VariableName } from './environment.js';

function refusalOf(env: Record<string, string>, ...names: VariableName[]): ConfigError {
  try {
    parseEnvironment(env, names);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('what is left out', () => {
  it.each([
    ['HOST', '127.0.0.1'],
    ['BROKER_PORT', 4000],
    ['ADMIN_PORT', 4100],
    ['SIMULATOR_PORT', 4200],
    ['SIMULATOR_URL', ''],
    ['SIMULATOR_KEY', ''],
    ['METRICS_PORT', 9400],
    ['DATA_DIR', '.data'],
    ['TRUSTED_PROXIES', ''],
    ['LOG_LEVEL', 'info'],
    ['EGRESS_ALLOW', ''],
    ['ALLOW_HTTP', false],
    ['DATABASE_POOL_SIZE', 12],
    ['TENANT_REQUESTS_AT_ONCE', 512],
    ['TIMELINE', true],
    ['LWA_TOKEN_URL', 'https://api.amazon.com/auth/o2/token'],
    ['ALEXA_API_NA', 'https://api.amazonalexa.com'],
    ['ALEXA_API_EU', 'https://api.eu.amazonalexa.com'],
    ['ALEXA_API_FE', 'https://api.fe.amazonalexa.com'],
  ] as const)('%s becomes %j', (name, value) => {
    expect(parseEnvironment({}, [name])).toEqual({ [name]: value });
  });

  it.each(['DATABASE_URL', 'REDIS_URL', 'BROKER_URL', 'ADMIN_URL', 'MASTER_KEYS'] as const)(
    '%s is demanded',
    (name) => {
      expect(refusalOf({}, name).message).toBe(`${name}: is not set`);
    },
  );

  it('matters only where it was asked for', () => {
    expect(parseEnvironment({ DATABASE_URL: 'nonsense' }, ['HOST'])).toEqual({ HOST: '127.0.0.1' });
  });
});

describe('what is set', () => {
  it.each([
    ['DATABASE_URL', 'postgres://app:p%40ss@db.internal:5432/linkbroker?sslmode=require'],
    ['DATABASE_URL', 'postgresql://127.0.0.1/linkbroker'],
    ['REDIS_URL', 'redis://:secret@127.0.0.1:6379/0'],
    ['REDIS_URL', 'rediss://cache.internal'],
    ['BROKER_URL', 'http://localhost:4000'],
    ['ADMIN_URL', 'https://admin.example'],
    ['HOST', '0.0.0.0'],
    ['SIMULATOR_URL', 'http://localhost:4200'],
    ['LWA_TOKEN_URL', 'http://127.0.0.1:4200/lwa/auth/o2/token'],
    ['ALEXA_API_EU', 'http://127.0.0.1:4200/gateway/eu'],
    ['MASTER_KEYS', 'k1:abc'],
    ['LOG_LEVEL', 'silent'],
  ] as const)('%s may be %j', (name, value) => {
    expect(parseEnvironment({ [name]: value }, [name])).toEqual({ [name]: value });
  });

  it.each([
    ['BROKER_PORT', '0', 0],
    ['BROKER_PORT', '65535', 65_535],
    ['ALLOW_HTTP', '1', true],
    ['ALLOW_HTTP', '0', false],
    ['ALLOW_HTTP', '', false],
    ['DATABASE_POOL_SIZE', '200', 200],
    ['TIMELINE', 'on', true],
    ['TIMELINE', 'off', false],
  ] as const)('%s=%j is read as %j', (name, value, read) => {
    expect(parseEnvironment({ [name]: value }, [name])).toEqual({ [name]: read });
  });

  it.each([
    ['BROKER_PORT', ''],
    ['BROKER_PORT', '-1'],
    ['BROKER_PORT', '65536'],
    ['BROKER_PORT', '40.5'],
    ['BROKER_PORT', '0x1F90'],
    ['ADMIN_PORT', 'http'],
    ['METRICS_PORT', ' '],
    ['DATABASE_POOL_SIZE', '0'],
    ['DATABASE_POOL_SIZE', '201'],
    ['DATABASE_POOL_SIZE', ''],
    ['ALLOW_HTTP', 'true'],
    ['LOG_LEVEL', 'verbose'],
    ['HOST', ''],
    ['DATA_DIR', ''],
    ['MASTER_KEYS', ''],
    ['DATABASE_URL', ''],
    ['DATABASE_URL', 'mysql://db/linkbroker'],
    ['REDIS_URL', 'http://127.0.0.1:6379'],
    ['REDIS_URL', '127.0.0.1:6379'],
    ['BROKER_URL', 'broker.example'],
    ['BROKER_URL', 'ftp://broker.example'],
    ['LWA_TOKEN_URL', 'api.amazon.com'],
    ['ALEXA_API_EU', 'https://api.eu.amazonalexa.com?x'],
    ['ALEXA_API_EU', 'https://api.eu.amazonalexa.com/'],
    ['ALEXA_API_EU', 'eu'],
    ['SKILL_EVENT_CERT_ORIGIN', 's3.amazonaws.com'],
    ['SKILL_EVENT_CERT_ORIGIN', 'https://s3.amazonaws.com/'],
    ['SKILL_EVENT_CERT_ORIGIN', 'https://s3.amazonaws.com/echo.api'],
    ['SKILL_EVENT_CERT_ORIGIN', 'https://user@s3.amazonaws.com'],
    ['SKILL_EVENT_CERT_ORIGIN', 'file:///etc'],
  ] as const)('%s may not be %j', (name, value) => {
    const { problems } = refusalOf({ [name]: value }, name);
    expect(problems).toEqual([{ line: null, path: name, message: expect.any(String) as string }]);
  });
});

test("an address that takes the place of Amazon's is told", () => {
  expect(replacedAddresses({ ...AMAZON_ADDRESSES })).toEqual([]);
  const url = 'http://127.0.0.1:1/token';
  expect(replacedAddresses({ LWA_TOKEN_URL: url })).toEqual([{ variable: 'LWA_TOKEN_URL', url }]);
  expect(replacedAddresses({ SKILL_EVENT_CA: 'ca.pem' })).toEqual([{ variable: 'SKILL_EVENT_CA', file: 'ca.pem' }]);
  expect(replacedAddresses({ SKILL_EVENT_CA: '' })).toEqual([]);
});

describe('an error', () => {
  it('names every variable that is wrong, at once, one a line', () => {
    const error = refusalOf({ BROKER_PORT: 'x', LOG_LEVEL: 'y' }, 'DATABASE_URL', 'BROKER_PORT', 'LOG_LEVEL', 'HOST');
    expect(error.problems.map(({ path }) => path)).toEqual(['DATABASE_URL', 'BROKER_PORT', 'LOG_LEVEL']);
    expect(error.message.split('\n')).toHaveLength(3);
  });

  it.each([
    ['DATABASE_URL', 'mysql://app:hunter2@db/x'],
    ['REDIS_URL', 'http://:hunter2@cache'],
    ['BROKER_PORT', 'hunter2'],
    ['LOG_LEVEL', 'hunter2'],
  ] as const)('about %s never repeats its value', (name, value) => {
    expect(refusalOf({ [name]: value }, name).message).not.toContain('hunter2');
  });
});
