import fc from 'fast-check';
import { AccountLinkingRefused, buildAccountLinking, type SkillToLink } from './build-account-linking.js';
import { buildDomainList } from './domain-list.js';
import { isExactHost, isOnLoopback } from './hosts.js';

const SKILL: SkillToLink = {
  clientId: 'alexa-lights',
  scopes: ['lights', 'scenes'],
  grantTypes: ['authorization_code'],
  accessTokenTtl: 3_600,
  loginHosts: ['id.example.com'],
};
const OPTIONS = { publicUrl: 'https://link.example.com', clientSecret: 'kept-quiet', skipOnEnablement: false };

test('the code grant', () => {
  expect(buildAccountLinking(SKILL, OPTIONS)).toEqual({
    body: {
      accountLinkingRequest: {
        type: 'AUTH_CODE',
        authorizationUrl: 'https://link.example.com/oauth/authorize',
        accessTokenUrl: 'https://link.example.com/oauth/token',
        clientId: 'alexa-lights',
        clientSecret: 'kept-quiet',
        accessTokenScheme: 'HTTP_BASIC',
        scopes: ['lights', 'scenes'],
        domains: ['link.example.com', 'id.example.com'],
        defaultTokenExpirationInSeconds: 3_600,
        skipOnEnablement: false,
      },
    },
    leftOut: [],
  });
});

test('the implicit grant has no token address, secret, scheme and lifetime (R122)', () => {
  const { body } = buildAccountLinking({ ...SKILL, grantTypes: ['implicit'] }, OPTIONS);
  expect(Object.keys(body.accountLinkingRequest).sort()).toEqual([
    ...['authorizationUrl', 'clientId', 'domains', 'scopes', 'skipOnEnablement'],
    'type',
  ]);
  expect(body.accountLinkingRequest.type).toBe('IMPLICIT');
});

test('a skill with both grants has the code grant', () => {
  const { body } = buildAccountLinking({ ...SKILL, grantTypes: ['implicit', 'authorization_code'] }, OPTIONS);
  expect(body.accountLinkingRequest.type).toBe('AUTH_CODE');
});

test.each([
  ['alexa-lights', 'HTTP_BASIC'],
  ['https://layla.amazon.com/', 'REQUEST_BODY_CREDENTIALS'],
  ['a b', 'REQUEST_BODY_CREDENTIALS'],
  ['a%20b', 'REQUEST_BODY_CREDENTIALS'],
])('the client id %s goes by %s', (clientId, expected) => {
  const { body } = buildAccountLinking({ ...SKILL, clientId }, OPTIONS);
  expect(body.accountLinkingRequest.accessTokenScheme).toBe(expected);
});

test('apps of the skill’s maker and the reciprocal address are told where there are some', () => {
  const authorizationUrlsByPlatform = [
    { platform: 'iOS', url: 'https://app.example.com/alexa' },
    { platform: 'Android', url: 'https://app.example.com/alexa' },
  ] as const;
  const appToApp = { authorizationUrlsByPlatform, redirectUrls: ['https://app.example.com/back'] };
  const skill = { ...SKILL, clientId: 'https://a.example/', appToApp, reciprocal: true };
  expect(buildAccountLinking(skill, OPTIONS).body.accountLinkingRequest).toMatchObject({
    authorizationUrlsByPlatform: [
      { platformType: 'iOS', platformAuthorizationUrl: 'https://app.example.com/alexa' },
      { platformType: 'Android', platformAuthorizationUrl: 'https://app.example.com/alexa' },
    ],
    redirectUrls: ['https://app.example.com/back'],
    reciprocalAccessTokenUrl: 'https://link.example.com/alexa/https%3A%2F%2Fa.example%2F/reciprocal',
  });
  const none = { authorizationUrlsByPlatform: [], redirectUrls: [] };
  expect(buildAccountLinking({ ...SKILL, appToApp: none, reciprocal: false }, OPTIONS)).toEqual(
    buildAccountLinking(SKILL, OPTIONS),
  );
});

test('a scope that is there twice is asked for once, and enabling without linking is said', () => {
  const { body } = buildAccountLinking({ ...SKILL, scopes: ['a', 'b', 'a'] }, { ...OPTIONS, skipOnEnablement: true });
  expect(body.accountLinkingRequest).toMatchObject({ scopes: ['a', 'b'], skipOnEnablement: true });
});

test('what Alexa could not use is refused with every reason, and no secret', () => {
  const build = (): unknown =>
    buildAccountLinking({ ...SKILL, accessTokenTtl: 60 }, { ...OPTIONS, publicUrl: 'http://link.example.com' });
  expect(build).toThrow(AccountLinkingRefused);
  expect(build).toThrow(/authorizationUrl: must be https[^]*defaultTokenExpirationInSeconds: must be at least 360/);
  expect(build).not.toThrow(/kept-quiet/);
});

describe('the Domain List', () => {
  const hosts = (count: number): string[] => Array.from({ length: count }, (_, at) => `h${String(at)}.example.com`);

  test('has each exact host once, in small letters', () => {
    expect(buildDomainList('Link.example.com', ['ID.example.com', 'id.example.com', 'link.example.com'])).toEqual({
      domains: ['link.example.com', 'id.example.com'],
      leftOut: [],
    });
  });

  test('names a host that is not exact', () => {
    const { domains, leftOut } = buildDomainList('link.example.com', ['slack.com', '*.slack.com', '[::1]']);
    expect(domains).toEqual(['link.example.com', 'slack.com']);
    expect(leftOut.map(({ host }) => host)).toEqual(['*.slack.com', '[::1]']);
    expect(leftOut[0]!.reason).toContain('R53');
  });

  test('says nothing of a broker’s own host that is not exact, because it is implied', () => {
    expect(buildDomainList('[::1]', ['a.example'])).toEqual({ domains: ['a.example'], leftOut: [] });
  });

  test('drops the broker’s own host first, and names what does not fit', () => {
    expect(buildDomainList('link.example.com', hosts(14)).domains[0]).toBe('link.example.com');
    expect(buildDomainList('link.example.com', hosts(15))).toEqual({ domains: hosts(15), leftOut: [] });
    const { domains, leftOut } = buildDomainList('link.example.com', hosts(17));
    expect(domains).toEqual(hosts(15));
    expect(leftOut.map(({ host }) => host)).toEqual(['h15.example.com', 'h16.example.com']);
    expect(leftOut[0]!.reason).toContain('R54');
  });

  test('keeps or names every host, whatever it is', () => {
    const host = fc.oneof(
      fc.domain(),
      fc.string(),
      fc.constantFrom('*.a.example', 'A.example', 'a.example', 'localhost'),
    );
    fc.assert(
      fc.property(host, fc.array(host, { maxLength: 25 }), (own, logins) => {
        const { domains, leftOut } = buildDomainList(own, logins);
        expect(domains.length).toBeLessThanOrEqual(15);
        expect(domains.filter((one) => !isExactHost(one))).toEqual([]);
        const told = new Set([...domains, ...leftOut.map((one) => one.host)]);
        const lost = logins
          .map((one) => one.toLowerCase())
          .filter((one) => !told.has(one) && one !== own.toLowerCase());
        expect(lost).toEqual([]);
        expect(told.size).toBe(domains.length + leftOut.length);
      }),
    );
  });
});

test.each([
  ['a.example', true],
  ['xn--bcher-kva.example', true],
  ['127.0.0.1', true],
  ['a..example', false],
  ['-a.example', false],
  ['a_b.example', false],
  [`${'a.'.repeat(127)}a`, false],
])('%s is an exact host: %s', (host, expected) => {
  expect(isExactHost(host)).toBe(expected);
});

test.each([
  ['http://localhost:4000', true],
  ['https://app.localhost/x', true],
  ['http://127.0.0.1:1', true],
  ['http://[::1]:1', true],
  ['https://localhost.example.com', false],
  ['nonsense', false],
])('%s is on this machine: %s', (address, expected) => {
  expect(isOnLoopback(address)).toBe(expected);
});
