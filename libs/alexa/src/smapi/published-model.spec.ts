import type { v1 } from 'ask-smapi-model';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { accountLinkingBody, type AccountLinkingRequest } from './account-linking-request.js';
import { readAccountLinkingResponse } from './account-linking-response.js';
import { buildAccountLinking, type SkillToLink } from './build-account-linking.js';
import { compareAccountLinking } from './compare-account-linking.js';

/** What stands in the model that Amazon has published, as far as account linking uses it. */
interface Definition {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly required?: readonly string[];
  readonly items?: Definition;
  readonly enum?: readonly string[];
  readonly $ref?: string;
}

const file = fileURLToPath(import.meta.resolve('ask-smapi-model/spec.json'));
const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as { definitions: Record<string, Definition> };
const published = (name: string): Definition => definitions[`v1.skill.accountLinking.${name}`]!;

/** Values without members, by the type that the model gives them. */
const PLAIN_TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
};

/** Where a value is none of the model's; members that it does not know are none either. */
function strangers(value: unknown, definition: Definition, where = ''): readonly string[] {
  const { $ref, type = '', items, enum: values } = definition;
  if ($ref) return strangers(value, definitions[$ref.replace('#/definitions/', '')]!, where);
  if (type === 'object') return value instanceof Object ? strangersIn(value, definition, where) : [where];
  if (type === 'array') {
    if (!Array.isArray(value)) return [where];
    return value.flatMap((item, at) => strangers(item, items!, `${where}.${String(at)}`));
  }
  const isKnown = PLAIN_TYPES[type]!(value) && (values?.includes(String(value)) ?? true);
  return isKnown ? [] : [where];
}

function strangersIn(value: object, { properties = {}, required = [] }: Definition, where: string): readonly string[] {
  const missing = required.filter((name) => !(name in value)).map((name) => `${where}.${name}`);
  const members = Object.entries(value).flatMap(([name, member]) =>
    properties[name] ? strangers(member, properties[name], `${where}.${name}`) : [`${where}.${name}`],
  );
  return [...missing, ...members];
}

const hosts = (count: number): string[] => Array.from({ length: count }, (_, at) => `h${String(at)}.example.com`);
const APP = 'https://app.example.com/alexa';

const PLAIN: SkillToLink = {
  clientId: 'alexa-lights',
  scopes: ['lights', 'scenes'],
  grantTypes: ['authorization_code'],
  accessTokenTtl: 3_600,
  loginHosts: ['id.example.com'],
};

interface Mutation {
  readonly what: string;
  /** Members that are undefined are taken out. */
  readonly change: Readonly<Record<string, unknown>>;
  /** Where our refusal points at. */
  readonly at: string;
  /** Whether the published model alone would refuse it; elsewhere it is narrower here. */
  readonly byModel: boolean;
}
const mutation =
  (byModel: boolean) =>
  (what: string, change: Mutation['change'], at: string): Mutation => ({ what, change, at, byModel });
const foreign = mutation(true);
const narrower = mutation(false);

interface Shape {
  readonly name: string;
  readonly skill: Partial<SkillToLink>;
  readonly skipOnEnablement?: boolean;
  readonly mutations: readonly [Mutation, Mutation, Mutation];
}

const SHAPES: readonly Shape[] = [
  {
    name: 'the code grant',
    skill: {},
    mutations: [
      foreign('a misspelt member (R126)', { clientID: 'alexa-lights' }, ''),
      foreign('a type of RFC 6749 (R127)', { type: 'authorization_code' }, 'type'),
      narrower('no token address (R132)', { accessTokenUrl: undefined }, 'accessTokenUrl'),
    ],
  },
  {
    name: 'no scopes',
    skill: { scopes: [] },
    mutations: [
      foreign('scopes as one text', { scopes: 'lights scenes' }, 'scopes'),
      foreign('the member of RFC 6749 (R126)', { scope: 'lights' }, ''),
      narrower('no secret (R132)', { clientSecret: undefined }, 'clientSecret'),
    ],
  },
  {
    name: 'as many scopes as there may be',
    skill: { scopes: hosts(15) },
    mutations: [
      narrower('one scope more (R130)', { scopes: hosts(16) }, 'scopes'),
      foreign('a number as scope', { scopes: [1] }, 'scopes.0'),
      narrower('two scopes in one', { scopes: ['lights scenes'] }, 'scopes.0'),
    ],
  },
  {
    name: 'more sign-in hosts than there may be',
    skill: { loginHosts: hosts(20) },
    mutations: [
      narrower('one host more (R131)', { domains: hosts(16) }, 'domains'),
      foreign('hosts as one text', { domains: 'h1.example.com' }, 'domains'),
      narrower('a wildcard (R53)', { domains: ['*.example.com'] }, 'domains.0'),
    ],
  },
  {
    name: 'the implicit grant',
    skill: { grantTypes: ['implicit'] },
    mutations: [
      narrower('called a code grant (R132)', { type: 'AUTH_CODE' }, 'accessTokenUrl'),
      foreign('a type in small letters (R127)', { type: 'implicit' }, 'type'),
      foreign('the response type (R126)', { responseType: 'token' }, ''),
    ],
  },
  {
    name: 'both grants',
    skill: { grantTypes: ['implicit', 'authorization_code'] },
    mutations: [
      narrower('no scheme (R132)', { accessTokenScheme: undefined }, 'accessTokenScheme'),
      foreign('a scheme of HTTP (R127)', { accessTokenScheme: 'Basic' }, 'accessTokenScheme'),
      foreign('our own member (R126)', { grantTypes: ['implicit'] }, ''),
    ],
  },
  {
    name: 'a client id that is an address',
    skill: { clientId: 'https://layla.amazon.com/' },
    mutations: [
      narrower('no client id', { clientId: undefined }, 'clientId'),
      foreign('a number as client id', { clientId: 5 }, 'clientId'),
      narrower('an address without TLS (R6)', { authorizationUrl: 'http://link.example.com/a' }, 'authorizationUrl'),
    ],
  },
  {
    name: 'apps of its maker',
    skill: {
      appToApp: {
        authorizationUrlsByPlatform: [
          { platform: 'iOS', url: APP },
          { platform: 'Android', url: APP },
        ],
        redirectUrls: [APP],
      },
    },
    mutations: [
      foreign(
        'a platform without its address (R128)',
        { authorizationUrlsByPlatform: [{ platformType: 'iOS' }] },
        'authorizationUrlsByPlatform.0.platformAuthorizationUrl',
      ),
      foreign(
        'a platform that there is not (R127)',
        { authorizationUrlsByPlatform: [{ platformType: 'FireOS', platformAuthorizationUrl: APP }] },
        'authorizationUrlsByPlatform.0.platformType',
      ),
      foreign(
        'our own names within (R126)',
        { authorizationUrlsByPlatform: [{ platformType: 'iOS', platformAuthorizationUrl: APP, url: APP }] },
        'authorizationUrlsByPlatform.0',
      ),
    ],
  },
  {
    name: 'reciprocal authorization',
    skill: { reciprocal: true },
    mutations: [
      foreign('another name of the address (R126)', { reciprocalUrl: APP }, ''),
      foreign('a switch as address', { reciprocalAccessTokenUrl: true }, 'reciprocalAccessTokenUrl'),
      narrower(
        'an address with a port (R6)',
        { reciprocalAccessTokenUrl: 'https://link.example.com:8443/r' },
        'reciprocalAccessTokenUrl',
      ),
    ],
  },
  {
    name: 'enabling without linking, and the shortest lifetime',
    skill: { accessTokenTtl: 360 },
    skipOnEnablement: true,
    mutations: [
      foreign('a switch as text (R136)', { skipOnEnablement: 'true' }, 'skipOnEnablement'),
      foreign('a lifetime as text', { defaultTokenExpirationInSeconds: '3600' }, 'defaultTokenExpirationInSeconds'),
      narrower(
        'a lifetime too short (R81)',
        { defaultTokenExpirationInSeconds: 359 },
        'defaultTokenExpirationInSeconds',
      ),
    ],
  },
];

const build = ({ skill, skipOnEnablement = false }: Shape): AccountLinkingRequest =>
  buildAccountLinking(
    { ...PLAIN, ...skill },
    { publicUrl: 'https://link.example.com', clientSecret: 'kept-quiet', skipOnEnablement },
  ).body.accountLinkingRequest;

function changed(request: AccountLinkingRequest, change: Mutation['change']): Record<string, unknown> {
  const members: Record<string, unknown> = { ...request, ...change };
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined));
}

const pointsOf = (body: unknown): string[] =>
  (accountLinkingBody.safeParse(body).error?.issues ?? []).map(({ path }) => path.slice(1).join('.'));

describe.each(SHAPES)('a skill with $name', (shape) => {
  const accountLinkingRequest = build(shape);

  test('gets a body that the published model takes, and not without its wrapper (R125)', () => {
    const theirs: v1.skill.accountLinking.AccountLinkingRequest = { accountLinkingRequest };
    expect(strangers(theirs, published('AccountLinkingRequest'))).toEqual([]);
    expect(strangers(accountLinkingRequest, published('AccountLinkingRequest'))).not.toEqual([]);
    expect(accountLinkingBody.safeParse(accountLinkingRequest).success).toBe(false);
  });

  test('differs in nothing from what the model gives back of it (R129)', () => {
    const given = Object.keys(published('AccountLinkingResponse').properties!);
    const response = Object.fromEntries(Object.entries(accountLinkingRequest).filter(([name]) => given.includes(name)));
    expect(strangers(response, published('AccountLinkingResponse'))).toEqual([]);
    const text = JSON.stringify({ accountLinkingResponse: response });
    expect(compareAccountLinking(accountLinkingRequest, readAccountLinkingResponse(text))).toEqual([]);
  });

  test.each(shape.mutations)('is refused with $what', ({ change, at, byModel }) => {
    const body = { accountLinkingRequest: changed(accountLinkingRequest, change) };
    expect(pointsOf(body)).toContain(at);
    expect(strangers(body, published('AccountLinkingRequest')).length > 0).toBe(byModel);
  });
});

test('there are ten of them, and every member of the model is in one', () => {
  expect(SHAPES).toHaveLength(10);
  const members = new Set(SHAPES.flatMap((shape) => Object.keys(build(shape))));
  const all = Object.keys(published('AccountLinkingRequestPayload').properties!);
  // Voice is not the broker's to say (R196).
  expect(all.filter((name) => !members.has(name))).toEqual(['voiceForwardAccountLinking']);
});
