import { z } from 'zod';
import { ConfigError } from './config-error.js';

/** Digits only: `Number('')` is 0, and 0 is a port that the system chooses. */
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most));
const port = wholeNumber(0, 65_535);
const flag = z
  .enum(['0', '1', ''])
  .default('0')
  .transform((value) => value === '1');
/** Amazon's own addresses; tests put others in their place. @see R159 R165 R202 */
export const AMAZON_ADDRESSES = {
  LWA_TOKEN_URL: 'https://api.amazon.com/auth/o2/token',
  ALEXA_API_NA: 'https://api.amazonalexa.com',
  ALEXA_API_EU: 'https://api.eu.amazonalexa.com',
  ALEXA_API_FE: 'https://api.fe.amazonalexa.com',
  SKILL_EVENT_CERT_ORIGIN: 'https://s3.amazonaws.com',
} as const;
const address = (usual: string) => z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).default(usual);
/** Something is put after it. */
const base = (usual: string) =>
  address(usual).refine((url) => !/[?#]|\/$/.test(url), 'must not end in a slash or have a query');
/** Scheme, host and port alone. */
const isOrigin = (url: string): boolean => /^https?:/.test(url) && URL.canParse(url) && new URL(url).origin === url;
const origin = (usual: string) =>
  z.string().refine(isOrigin, 'must be an http(s) address without a path').default(usual);
const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info');

/** Every environment variable an app may read, with its default. */
const VARIABLES = {
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// address' }),
  BROKER_PORT: port.default(4000),
  ADMIN_PORT: port.default(4100),
  SIMULATOR_PORT: port.default(4200),
  SIMULATOR_URL: z
    .string()
    .refine((url) => url === '' || isOrigin(url), 'must be an http(s) address without a path')
    .default(''),
  SIMULATOR_KEY: z.string().max(200).default(''),
  METRICS_PORT: port.default(9400),
  BROKER_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }),
  ADMIN_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }),
  DATA_DIR: z.string().min(1).default('.data'),
  MASTER_KEYS: z.string().min(1, 'must hold id:base64(32 bytes)[,…]'),
  TRUSTED_PROXIES: z.string().default(''),
  LOG_LEVEL: logLevel,
  LWA_TOKEN_URL: address(AMAZON_ADDRESSES.LWA_TOKEN_URL),
  ALEXA_API_NA: base(AMAZON_ADDRESSES.ALEXA_API_NA),
  ALEXA_API_EU: base(AMAZON_ADDRESSES.ALEXA_API_EU),
  ALEXA_API_FE: base(AMAZON_ADDRESSES.ALEXA_API_FE),
  SKILL_EVENT_CERT_ORIGIN: origin(AMAZON_ADDRESSES.SKILL_EVENT_CERT_ORIGIN),
  SKILL_EVENT_CA: z.string().default(''),
  EGRESS_ALLOW: z.string().default(''),
  ALLOW_HTTP: flag,
  STALE_SIGN_IN_DAYS: wholeNumber(1, 3_650).default(30),
  TENANT_REQUESTS_AT_ONCE: wholeNumber(1, 100_000).default(512),
  DOCTOR_RUNS_AT_ONCE: wholeNumber(0, 16).default(1),
  DOCTOR_RUNS_A_DAY: wholeNumber(1, 1_000).default(20),
  DOCTOR_CHROMIUM_SANDBOX: z
    .enum(['on', 'off'])
    .default('on')
    .transform((value) => value === 'on'),
  LINKBROKER_CHROMIUM: z.string().default(''),
  LINKBROKER_CHROMIUM_ENV: z.string().default(''),
  DATABASE_POOL_SIZE: wholeNumber(1, 200).default(12),
  TIMELINE: z
    .enum(['on', 'off'])
    .default('on')
    .transform((value) => value === 'on'),
} as const;

type Variables = typeof VARIABLES;
export type VariableName = keyof Variables;
export type Environment<Names extends VariableName> = { readonly [Name in Names]: z.infer<Variables[Name]> };

/**
 * Reads and validates the named variables.
 * @throws ConfigError naming every variable that is missing or wrong
 */
export function parseEnvironment<const Names extends VariableName>(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly Names[],
): Environment<Names> {
  const shape = Object.fromEntries(names.map((name) => [name, VARIABLES[name]]));
  const parsed = z.object(shape).safeParse(env);
  if (parsed.success) return parsed.data as Environment<Names>;
  throw new ConfigError(
    parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const message = env[name] === undefined ? 'is not set' : issue.message;
      return { line: null, path: name, message };
    }),
  );
}

type AmazonAddress = keyof typeof AMAZON_ADDRESSES;

/** Something in the place of Amazon's: an address, or the file of the authorities that its certificates lead to. */
export type ReplacedAddress =
  | { readonly variable: AmazonAddress; readonly url: string }
  | { readonly variable: 'SKILL_EVENT_CA'; readonly file: string };

/** What of Amazon's an environment replaces; a process says so in its log when it starts. */
export function replacedAddresses(
  env: Partial<Readonly<Record<AmazonAddress | 'SKILL_EVENT_CA', string>>>,
): ReplacedAddress[] {
  const addresses = (Object.keys(AMAZON_ADDRESSES) as AmazonAddress[]).flatMap((variable) => {
    const url = env[variable];
    return url === undefined || url === AMAZON_ADDRESSES[variable] ? [] : [{ variable, url }];
  });
  const file = env.SKILL_EVENT_CA ?? '';
  return file === '' ? addresses : [...addresses, { variable: 'SKILL_EVENT_CA', file }];
}
