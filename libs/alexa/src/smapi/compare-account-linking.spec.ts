import fc from 'fast-check';
import type { AccountLinkingRequest } from './account-linking-request.js';
import { readAccountLinkingResponse } from './account-linking-response.js';
import { buildAccountLinking } from './build-account-linking.js';
import { compareAccountLinking, NOT_READ_BACK, type Difference } from './compare-account-linking.js';

const OPTIONS = { publicUrl: 'https://link.example.com', clientSecret: 'kept-quiet', skipOnEnablement: true };
const build = (skill: object = {}): AccountLinkingRequest =>
  buildAccountLinking(
    {
      clientId: 'alexa-lights',
      scopes: ['lights', 'scenes'],
      grantTypes: ['authorization_code'],
      accessTokenTtl: 3_600,
      loginHosts: ['id.example.com'],
      ...skill,
    },
    OPTIONS,
  ).body.accountLinkingRequest;

/** What is different once Amazon has these members instead; one that is undefined is not there. */
const drift = (change: object, expected = build()): readonly Difference[] =>
  compareAccountLinking(expected, readAccountLinkingResponse(JSON.stringify({ ...expected, ...change })));

test('nothing differs from a body that was put as it is, in whatever order, with or without what is not given back', () => {
  expect(drift({})).toEqual([]);
  const unreadable = Object.fromEntries(NOT_READ_BACK.map(({ field }) => [field, undefined]));
  expect(drift({ ...unreadable })).toEqual([]);
  expect(drift({ scopes: ['scenes', 'lights'], domains: ['ID.example.com', 'link.example.com'] })).toEqual([]);
  expect(drift({ redirectUrls: [], authorizationUrlsByPlatform: [], voiceForwardAccountLinking: 'DISABLED' })).toEqual(
    [],
  );
});

test('nothing differs from itself, whatever the skill', () => {
  const skill = fc.record({
    clientId: fc.string({ minLength: 1, maxLength: 200 }),
    scopes: fc.uniqueArray(fc.stringMatching(/^[!#-[\]-~]{1,20}$/), { maxLength: 15 }),
    grantTypes: fc.constantFrom(['authorization_code'], ['implicit'], ['authorization_code', 'implicit']),
    accessTokenTtl: fc.integer({ min: 360, max: 31_536_000 }),
    loginHosts: fc.array(fc.domain(), { maxLength: 20 }),
  });
  fc.assert(fc.property(skill, (facts) => expect(drift({}, build(facts))).toEqual([])));
});

test.each<[string, object, boolean, string]>([
  ['type', { type: 'IMPLICIT' }, true, '"IMPLICIT" instead of "AUTH_CODE"'],
  ['type', { type: undefined }, true, 'nothing instead of "AUTH_CODE"'],
  ['authorizationUrl', { authorizationUrl: 'https://old.example/oauth/authorize' }, true, 'sent elsewhere'],
  ['accessTokenUrl', { accessTokenUrl: 'https://link.example.com/oauth/token/' }, true, 'sent elsewhere'],
  ['accessTokenUrl', { accessTokenUrl: undefined }, true, 'nothing instead'],
  ['clientId', { clientId: 'Alexa-lights' }, true, 'no such client'],
  ['accessTokenScheme', { accessTokenScheme: 'REQUEST_BODY_CREDENTIALS' }, false, 'takes both'],
  ['accessTokenScheme', { accessTokenScheme: undefined }, true, 'R132'],
  ['accessTokenScheme', { accessTokenScheme: 'DIGEST' }, true, 'R132'],
  ['defaultTokenExpirationInSeconds', { defaultTokenExpirationInSeconds: 20 }, true, 'R81'],
  ['defaultTokenExpirationInSeconds', { defaultTokenExpirationInSeconds: 359.9 }, true, 'R81'],
  ['defaultTokenExpirationInSeconds', { defaultTokenExpirationInSeconds: 360 }, false, '360 instead of 3600'],
  ['defaultTokenExpirationInSeconds', { defaultTokenExpirationInSeconds: undefined }, false, 'nothing instead of 3600'],
  ['scopes', { scopes: ['lights'] }, true, '"scenes" is missing'],
  ['scopes', { scopes: ['lights', 'scenes', 'doors'] }, true, '"doors" is not the skill\'s'],
  ['domains', { domains: ['link.example.com'] }, true, '"id.example.com" is missing'],
  ['domains', { domains: ['id.example.com'] }, false, '"link.example.com" is missing'],
  ['domains', { domains: ['link.example.com', 'id.example.com', 'cdn.example'] }, false, '"cdn.example" is there too'],
  ['redirectUrls', { redirectUrls: ['https://app.example/back'] }, false, '"https://app.example/back" is there too'],
  [
    'authorizationUrlsByPlatform',
    { authorizationUrlsByPlatform: [{ platformType: 'iOS', platformAuthorizationUrl: 'https://app.example/a' }] },
    true,
    '"iOS https://app.example/a" is there',
  ],
  ['voiceForwardAccountLinking', { voiceForwardAccountLinking: 'ENABLED' }, false, 'R196'],
  ['"pkceEnabled"', { pkceEnabled: 'top-secret' }, false, 'does not know'],
])('%s: %j alone is named', (field, change, matters, text) => {
  expect(drift(change)).toEqual([{ field, matters, text: expect.stringContaining(text) as string }]);
});

test('a skill whose apps take part differs where Amazon does not know them', () => {
  const url = 'https://app.example/a';
  const appToApp = { authorizationUrlsByPlatform: [{ platform: 'iOS', url }], redirectUrls: [url] };
  const expected = build({ appToApp });
  expect(drift({}, expected)).toEqual([]);
  const found = drift({ authorizationUrlsByPlatform: [], redirectUrls: [] }, expected);
  expect(found.map(({ field, matters }) => [field, matters])).toEqual([
    ['redirectUrls', true],
    ['authorizationUrlsByPlatform', true],
  ]);
});

test('each of several changes is named', () => {
  const found = drift({ scopes: [], domains: [], clientId: 'x' });
  expect(found.map(({ field }) => field)).toEqual(['clientId', 'scopes', 'scopes', 'domains', 'domains']);
});

test('what a body asks for beyond the broker is looked at as well', () => {
  const app = 'https://app.example/a';
  const wanted: AccountLinkingRequest = {
    ...build(),
    redirectUrls: [app],
    authorizationUrlsByPlatform: [{ platformType: 'Android', platformAuthorizationUrl: app }],
    voiceForwardAccountLinking: 'ENABLED',
  };
  expect(drift({}, wanted)).toEqual([]);
  const gone = drift(
    { redirectUrls: [], authorizationUrlsByPlatform: [], voiceForwardAccountLinking: undefined },
    wanted,
  );
  expect(gone.map(({ field, matters }) => [field, matters])).toEqual([
    ['redirectUrls', true],
    ['authorizationUrlsByPlatform', true],
    ['voiceForwardAccountLinking', false],
  ]);
});

test('with the implicit grant, what only the code grant has does no harm', () => {
  const found = drift(
    { accessTokenUrl: 'https://a.example', accessTokenScheme: 'X', defaultTokenExpirationInSeconds: 20 },
    build({ grantTypes: ['implicit'] }),
  );
  expect(found.map(({ field, matters }) => [field, matters])).toEqual([
    ['accessTokenUrl', false],
    ['accessTokenScheme', false],
    ['defaultTokenExpirationInSeconds', false],
  ]);
});

test('values are shown in a form that no terminal acts on, and bounded', () => {
  const [found] = drift({ clientId: `\u001b[2J\u009b\u202e${'x'.repeat(1_000)}` });
  expect(found!.text).toMatch(/^[\x20-\x7E…]{0,300}$/);
  expect(found!.text).toContain('\\u001b[2J\\u009b\\u202e');
});

test('no secret is ever shown, not even where one was pasted', () => {
  expect(JSON.stringify(drift({ clientSecret: 'top-secret', clientId: 'x' }))).not.toContain('secret');
});
