import { z } from 'zod';
import { EVENT_TYPES, readSigningSecret } from './events.js';
import { APP_PLATFORMS, EVENT_REGIONS } from './records.js';
import { slug } from './slug.js';

const printable = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x20-\x7E]+$/, 'must be printable ASCII');
const secret = z.string().min(1).max(512);
/** A provider may want a private key here instead of a secret. */
const connectorSecret = z.string().min(1).max(8_192);
const scopeToken = z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'must be a single scope without spaces');
const url = z.url({ protocol: /^https?$/ });
const redirectUri = z
  .url()
  .refine((value) => !value.includes('#'), 'must not have a fragment')
  .refine((value) => !/^(javascript|data|vbscript|file|blob):/i.test(value), 'must not be a script or file address');

const connector = z.strictObject({
  slug,
  name: z.string().min(1).max(80).optional(),
  /** Id of a provider of the catalogue. */
  provider: z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be the id of a provider (docs/providers.md)'),
  issuer: url.optional(),
  parameters: z.record(z.string().max(40), z.string().min(1).max(200)).default({}),
  clientId: printable,
  clientSecret: connectorSecret,
  /** The provider's default where absent. */
  scopes: z.array(scopeToken).max(50).optional(),
  revokeUpstream: z.enum(['last-link', 'never']).default('last-link'),
  endpoints: z
    .strictObject({
      authorization: url.optional(),
      token: url.optional(),
      userinfo: url.optional(),
      revocation: url.optional(),
    })
    .default({}),
});

const branding = z.strictObject({
  color: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour as #rrggbb')
    .optional(),
  logo: z
    .string()
    .max(8_192, 'must be at most 8 KiB; the page has to stay small')
    .regex(
      /^data:image\/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+={0,2}$/,
      'must be a picture as data:image/png;base64,… (png, jpeg, webp or gif): link pages load nothing from other hosts',
    )
    .optional(),
});

const backendFields = z.strictObject({
  clientId: printable,
  clientSecret: secret.optional(),
  clientSecrets: z.array(secret).min(1).max(2).optional(),
});
const backend = backendFields.refine(hasOneKindOfSecret, 'needs clientSecret or clientSecrets, not both');

const relayUrl = url
  .max(2_000)
  .refine((value) => !value.includes('#'), 'must not have a fragment')
  .refine((value) => !URL.canParse(value) || new URL(value).username === '', 'must not have credentials in it');

const relay = z.strictObject({
  authorizationUrl: relayUrl,
  tokenUrl: relayUrl,
  /** Only where they differ from the skill's. */
  clientId: printable.optional(),
  clientSecret: secret.optional(),
  scheme: z.enum(['HTTP_BASIC', 'REQUEST_BODY_CREDENTIALS']).default('REQUEST_BODY_CREDENTIALS'),
});

/** Alexa's own client of the skill for events. @see R159 R160 */
const events = z.strictObject({
  clientId: printable.max(100, 'must be at most 100 characters (R160)'),
  clientSecret: secret,
  region: z.enum(EVENT_REGIONS),
  /** Whether Amazon's console has the reciprocal address. @see R174 */
  reciprocal: z.boolean().default(false),
});

const appUrl = redirectUri.max(2_000);
const appToApp = z.strictObject({
  authorizationUrlsByPlatform: z
    .array(z.strictObject({ platform: z.enum(APP_PLATFORMS), url: appUrl }))
    .max(APP_PLATFORMS.length)
    .refine((list) => new Set(list.map(({ platform }) => platform)).size === list.length, 'names a platform twice')
    .default([]),
  redirectUrls: z.array(appUrl).max(20).default([]),
});

const signingSecret = z
  .string()
  .refine(
    (text) => readSigningSecret(text) !== undefined,
    'must be whsec_ and the base64 of 24 to 64 octets, e.g. of openssl rand -base64 32',
  );
const webhook = z
  .strictObject({
    url: url
      .max(2_000)
      .refine((value) => !value.includes('#'), 'must not have a fragment')
      .refine((value) => !URL.canParse(value) || new URL(value).username === '', 'must not have credentials in it'),
    events: z.array(z.enum(EVENT_TYPES)).min(1).max(EVENT_TYPES.length),
    secret: signingSecret.optional(),
    secrets: z.array(signingSecret).min(1).max(2).optional(),
  })
  .refine((value) => value.secret === undefined || value.secrets === undefined, 'takes secret or secrets, not both');

const skillFields = z.strictObject({
  slug,
  name: z.string().min(1).max(80),
  skillId: z.string().max(200).optional(),
  clientId: printable,
  clientSecret: secret.optional(),
  clientSecrets: z.array(secret).min(1).max(2).optional(),
  vendorId: z
    .string()
    .regex(/^M[A-Z0-9]{4,31}$/, 'must be the vendor id: M and uppercase letters or digits (developer console, "My ID")')
    .optional(),
  redirectUris: z.array(redirectUri).max(20).default([]),
  grantTypes: z
    .array(z.enum(['authorization_code', 'implicit']))
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'names a grant twice')
    .default(['authorization_code']),
  /** Seconds; only with the implicit grant. */
  implicitTokenTtl: z.int().min(3_600).max(315_360_000).optional(),
  pkce: z.enum(['optional', 'required']).default('optional'),
  scopes: z.array(scopeToken).max(15, 'Alexa allows at most 15 scopes (R130)').default([]),
  connectors: z.array(slug).min(1, 'needs at least one connector').max(20).default([]),
  relay: relay.optional(),
  accessTokenTtl: z
    .int()
    .min(360, 'Alexa needs access tokens of at least 360 seconds (R80)')
    .max(31_536_000)
    .default(3600),
  refreshKeep: z.union([z.literal('all'), z.int().min(1).max(1000)]).default('all'),
  tokenMode: z.enum(['own', 'upstream']).default('own'),
  branding: branding.default({}),
  webhooks: z.array(webhook).max(10).default([]),
  backend: backend.optional(),
  events: events.optional(),
  appToApp: appToApp.optional(),
});

const NO_REDIRECT = 'needs vendorId or redirectUris';
const NO_CONNECTOR = { path: ['connectors'], message: 'needs at least one connector, or relay instead' };
const isReturnable = (value: { vendorId?: string | undefined; redirectUris: readonly string[] }): boolean =>
  value.vendorId !== undefined || value.redirectUris.length > 0;
const leadsSomewhere = (value: { relay?: object | undefined; connectors: readonly string[] }): boolean =>
  value.relay !== undefined || value.connectors.length > 0;

const skill = skillFields
  .refine(hasOneKindOfSecret, 'needs clientSecret or clientSecrets, not both')
  .refine(isReturnable, NO_REDIRECT)
  .refine(leadsSomewhere, NO_CONNECTOR);

/** A connector whose secret may be left out: then the one that is there stays. */
export const connectorDocument = connector.partial({ clientSecret: true });

const TWO_KINDS = 'takes clientSecret or clientSecrets, not both';
const documentFields = skillFields.extend({
  backend: backendFields.refine(hasNoTwoKindsOfSecret, TWO_KINDS).optional(),
  events: events.partial({ clientSecret: true }).optional(),
});

/** A skill whose secrets may be left out: then those that are there stay, and where there are none one is made. */
export const skillDocument = documentFields
  .refine(hasNoTwoKindsOfSecret, TWO_KINDS)
  .refine(isReturnable, NO_REDIRECT)
  .refine(leadsSomewhere, NO_CONNECTOR);

/** The same where its slug stands elsewhere. */
export const skillBody = documentFields
  .omit({ slug: true })
  .refine(hasNoTwoKindsOfSecret, TWO_KINDS)
  .refine(isReturnable, NO_REDIRECT)
  .refine(leadsSomewhere, NO_CONNECTOR);

export type ConnectorDocument = z.output<typeof connectorDocument>;
export type SkillDocument = z.output<typeof skillDocument>;
/** As somebody writes it: what has a default may be left out. */
export type WrittenSkill = z.input<typeof skillDocument>;

const tenant = z.strictObject({
  slug,
  name: z.string().min(1).max(80),
  /** Days for which timelines are kept. */
  timelineDays: z.int().min(1).max(400).default(30),
  connectors: z.array(connector).default([]),
  skills: z.array(skill).default([]),
});

/** The config file of `npm run apply`. Shapes and limits; line numbers and `${ENV}` are the reader's work. */
export const configFile = z.strictObject({ tenants: z.array(tenant).min(1) });

/** A validated config file. */
export type ConfigFile = z.infer<typeof configFile>;
export type ConfigTenant = ConfigFile['tenants'][number];
export type ConfigSkill = ConfigTenant['skills'][number];
export type ConfigConnector = ConfigTenant['connectors'][number];
export type ConfigRelay = NonNullable<ConfigSkill['relay']>;
export type ConfigWebhook = ConfigSkill['webhooks'][number];

function hasOneKindOfSecret(value: {
  clientSecret?: string | undefined;
  clientSecrets?: string[] | undefined;
}): boolean {
  return (value.clientSecret === undefined) !== (value.clientSecrets === undefined);
}

function hasNoTwoKindsOfSecret(value: {
  clientSecret?: string | undefined;
  clientSecrets?: string[] | undefined;
}): boolean {
  return value.clientSecret === undefined || value.clientSecrets === undefined;
}

/** The live secrets a client shall have, newest first. */
export function secretsOf(client: {
  clientSecret?: string | undefined;
  clientSecrets?: string[] | undefined;
}): string[] {
  return client.clientSecrets ?? (client.clientSecret === undefined ? [] : [client.clientSecret]);
}

/** The secrets a webhook's requests are signed with, newest first; none where the file leaves it to the broker to make one. */
export function signingSecretsOf({ secret, secrets }: Pick<ConfigWebhook, 'secret' | 'secrets'>): string[] {
  return secrets ?? (secret === undefined ? [] : [secret]);
}
