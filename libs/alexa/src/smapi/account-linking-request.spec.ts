import type { v1 } from 'ask-smapi-model';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { accountLinkingBody, accountLinkingRequest, type AccountLinkingBody } from './account-linking-request.js';
import {
  accountLinkingResponse,
  AccountLinkingUnreadable,
  readAccountLinkingResponse,
} from './account-linking-response.js';

const REQUEST = {
  type: 'AUTH_CODE',
  authorizationUrl: 'https://auth.example.com/oauth/authorize',
  accessTokenUrl: 'https://auth.example.com/oauth/token',
  clientId: 'alexa-skill',
  clientSecret: 'kept-quiet',
  accessTokenScheme: 'HTTP_BASIC',
  scopes: ['devices'],
  domains: ['auth.example.com', 'cdn.example.com', 'accounts.google.com'],
  defaultTokenExpirationInSeconds: 3600,
  skipOnEnablement: false,
  reciprocalAccessTokenUrl: 'https://auth.example.com/api/reciprocal/authorize',
  redirectUrls: ['https://app.example.com/alexa/callback'],
  authorizationUrlsByPlatform: [
    { platformType: 'iOS', platformAuthorizationUrl: 'https://app.example.com/alexa/authorize' },
    { platformType: 'Android', platformAuthorizationUrl: 'https://app.example.com/alexa/authorize' },
  ],
  voiceForwardAccountLinking: 'DISABLED',
} as const;

const complaints = (request: unknown): string[] =>
  (accountLinkingBody.safeParse({ accountLinkingRequest: request }).error?.issues ?? []).map(
    ({ path, message }) => `${path.slice(1).join('.')}: ${message}`,
  );

describe('beside the model that Amazon has published', () => {
  interface Definition {
    readonly properties?: Readonly<Record<string, unknown>>;
    readonly enum?: readonly string[];
  }
  const model = fileURLToPath(import.meta.resolve('ask-smapi-model/spec.json'));
  const { definitions } = JSON.parse(readFileSync(model, 'utf8')) as { definitions: Record<string, Definition> };
  const published = (name: string): Definition => definitions[`v1.skill.accountLinking.${name}`]!;
  const members = (name: string): string[] => Object.keys(published(name).properties ?? {}).sort();

  test('a body is one of theirs', () => {
    const ours: AccountLinkingBody = accountLinkingBody.parse({ accountLinkingRequest: REQUEST });
    const theirs: v1.skill.accountLinking.AccountLinkingRequest = ours;
    expect(theirs).toEqual({ accountLinkingRequest: REQUEST });
    expect(members('AccountLinkingRequest')).toEqual(Object.keys(accountLinkingBody.shape));
  });

  test('members and values are the same', () => {
    const { shape } = accountLinkingRequest;
    expect(Object.keys(shape).sort()).toEqual(members('AccountLinkingRequestPayload'));
    expect(Object.keys(accountLinkingResponse.shape).sort()).toEqual(members('AccountLinkingResponse'));
    expect(shape.type.options).toEqual(published('AccountLinkingType').enum);
    expect(shape.accessTokenScheme.unwrap().options).toEqual(published('AccessTokenSchemeType').enum);
    expect(shape.voiceForwardAccountLinking.unwrap().options).toEqual(
      published('VoiceForwardAccountLinkingStatus').enum,
    );
    const platform = shape.authorizationUrlsByPlatform.unwrap().element.shape;
    expect(Object.keys(platform).sort()).toEqual(members('AccountLinkingPlatformAuthorizationUrl'));
    expect(platform.platformType.options).toEqual(published('PlatformType').enum);
  });
});

const hosts = (count: number): string[] => Array.from({ length: count }, (_, at) => `h${at}.example.com`);

test.each([
  ['a code grant', {}],
  ['no lifetime', { defaultTokenExpirationInSeconds: undefined }],
  ['15 domains and scopes', { domains: hosts(15), scopes: hosts(15) }],
  ['an address on this machine', { authorizationUrl: 'http://localhost:4000/oauth/authorize' }],
  ['a client id that is an address', { clientId: 'https://layla.amazon.com/' }],
])('%s is taken', (_, change) => {
  expect(complaints(without({ ...REQUEST, ...change }))).toEqual([]);
});

test('the implicit grant needs no secret', () => {
  const { accessTokenUrl: _, clientSecret: __, accessTokenScheme: ___, ...rest } = REQUEST;
  expect(complaints({ ...rest, type: 'IMPLICIT' })).toEqual([]);
});

test.each([
  ['accessTokenUrl', undefined, 'is needed for the code grant (R132)'],
  ['clientSecret', undefined, 'is needed for the code grant (R132)'],
  ['accessTokenScheme', undefined, 'is needed for the code grant (R132)'],
  ['accessTokenScheme', 'BASIC', 'Invalid option'],
  ['type', 'CODE', 'Invalid option'],
  ['authorizationUrl', 'http://auth.example.com/oauth/authorize', 'must be https on port 443'],
  ['authorizationUrl', 'https://auth.example.com:8443/oauth/authorize', 'must be https on port 443'],
  ['accessTokenUrl', 'https://me@auth.example.com/oauth/token', 'must be https on port 443'],
  ['accessTokenUrl', 'https://:pw@auth.example.com/oauth/token', 'must be https on port 443'],
  ['accessTokenUrl', 'https://auth.example.com/oauth/token#here', 'must be https on port 443'],
  ['clientId', '', 'must be printable ASCII'],
  ['clientSecret', '', 'Too small'],
  ['scopes', hosts(16), 'at most 15 scopes (R130)'],
  ['scopes', ['a', 'a'], 'names a scope twice'],
  ['scopes.0', ['a b'], 'without spaces'],
  ['domains', hosts(16), 'at most 15 domains (R131)'],
  ['domains', ['a.example', 'a.example'], 'names a host twice'],
  ['domains.0', ['https://a.example'], 'one host'],
  ['domains.0', ['*.a.example'], 'one host'],
  ['domains.0', ['a.example:443'], 'one host'],
  ['domains.0', ['a.example/x'], 'one host'],
  ['domains.0', [''], 'one host'],
  ['defaultTokenExpirationInSeconds', 359, '360 seconds (R81)'],
  ['defaultTokenExpirationInSeconds', 3600.5, 'expected int'],
  ['skipOnEnablement', 'true', 'expected boolean'],
  ['voiceForwardAccountLinking', 'ON', 'Invalid option'],
  ['authorizationUrlsByPlatform.0.platformType', [{ platformAuthorizationUrl: 'https://a.example' }], 'Invalid option'],
])('%s %j is refused', (where, value, why) => {
  const [found, ...more] = complaints(without({ ...REQUEST, [where.split('.')[0]!]: value }));
  expect(more).toEqual([]);
  expect(found).toContain(`${where}: `);
  expect(found).toContain(why);
});

test('a member that Amazon does not know is refused, and so is a body without its wrapper (R125)', () => {
  expect(complaints({ ...REQUEST, clientID: 'x' })).toEqual([expect.stringContaining('clientID')]);
  expect(accountLinkingBody.safeParse(REQUEST).success).toBe(false);
});

describe('what Amazon gives back', () => {
  const { clientSecret: _, reciprocalAccessTokenUrl: __, skipOnEnablement: ___, ...given } = REQUEST;

  test.each([
    ['wrapped', { accountLinkingResponse: given }],
    ['bare', given],
    ['as it was exported', { accountLinkingRequest: given }],
  ])('is read %s', (_name, value) => {
    expect(readAccountLinkingResponse(JSON.stringify(value))).toEqual(given);
  });

  test('may have members that nobody knows yet', () => {
    expect(readAccountLinkingResponse('{"pkce":true}')).toEqual({ pkce: true });
  });

  test.each([
    '',
    'null',
    '[]',
    '"top-secret"',
    '{"clientSecret":"top-secret"',
    '{"domains":"top-secret"}',
    '{"type":1}',
  ])('%s cannot be read, and is not repeated', (text) => {
    const read = (): unknown => readAccountLinkingResponse(text);
    expect(read).toThrow(AccountLinkingUnreadable);
    expect(read).not.toThrow(/top-secret/);
  });
});

/** Members that are undefined are not there. */
function without(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
