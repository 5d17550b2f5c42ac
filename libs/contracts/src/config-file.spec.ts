import { configFile, secretsOf, signingSecretsOf } from './config-file.js';

type Fields = Record<string, unknown>;
const connector: Fields = {
  slug: 'home',
  provider: 'oidc',
  issuer: 'https://id.example.com',
  clientId: 'broker',
  clientSecret: 's',
};
const skill: Fields = {
  slug: 'lights',
  name: 'Lights',
  clientId: 'alexa-lights',
  clientSecret: 's',
  vendorId: 'M3KVOEXUO4ALBL',
  connectors: ['home'],
};

const file = (connectorChanges: Fields = {}, skillChanges: Fields = {}, tenantChanges: Fields = {}) => ({
  tenants: [
    {
      slug: 'acme',
      name: 'Acme',
      connectors: [{ ...connector, ...connectorChanges }],
      skills: [{ ...skill, ...skillChanges }],
      ...tenantChanges,
    },
  ],
});

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const webhook = (changes: Fields = {}): Fields => ({
  url: 'https://hooks.example/a',
  events: ['link.dead'],
  secret: SECRET,
  ...changes,
});

/** Paths of what is wrong below the one tenant. */
function problems(value: unknown): string[] {
  const parsed = configFile.safeParse(value);
  return (parsed.error?.issues ?? []).map(({ path }) => path.slice(2).join('.'));
}

describe('a file with only what is needed', () => {
  it('gets the documented defaults', () => {
    const [tenant] = configFile.parse(file()).tenants;
    expect(tenant?.connectors[0]).toEqual({
      ...connector,
      revokeUpstream: 'last-link',
      endpoints: {},
      parameters: {},
    });
    expect(tenant?.skills[0]).toEqual({
      ...skill,
      redirectUris: [],
      grantTypes: ['authorization_code'],
      pkce: 'optional',
      scopes: [],
      accessTokenTtl: 3600,
      refreshKeep: 'all',
      tokenMode: 'own',
      branding: {},
      webhooks: [],
    });
  });

  it('may have a tenant without anything', () => {
    expect(configFile.parse({ tenants: [{ slug: 'a', name: 'A' }] }).tenants[0]).toEqual({
      slug: 'a',
      name: 'A',
      timelineDays: 30,
      connectors: [],
      skills: [],
    });
  });

  it.each([[{}], [{ tenants: [] }], [null], ['tenants'], [{ tenants: {} }]])('may not be %j', (value) => {
    expect(configFile.safeParse(value).success).toBe(false);
  });
});

const RELAY = { authorizationUrl: 'https://id.example/authorize', tokenUrl: 'https://id.example/token' };

describe('limits of a skill', () => {
  const scopes = (count: number) => Array.from({ length: count }, (_, index) => `s${String(index)}`);

  it.each([
    ['accessTokenTtl', [360, 31_536_000], [359, 31_536_001, 360.5, '3600', null]],
    ['refreshKeep', ['all', 1, 1000], [0, 1001, 1.5, 'none', null]],
    ['pkce', ['optional', 'required'], ['off', true]],
    ['scopes', [[], scopes(15)], [scopes(16), ['a b'], ['"a"'], [''], 'a']],
    ['connectors', [['home'], scopes(20)], [[], scopes(21), ['Home'], 'home']],
    ['tokenMode', ['own', 'upstream'], ['both', 7]],
    [
      'relay',
      [
        RELAY,
        { ...RELAY, scheme: 'HTTP_BASIC' },
        { ...RELAY, clientId: 'c', clientSecret: 's' },
        { ...RELAY, authorizationUrl: 'https://id.example/?a=b' },
      ],
      [
        {},
        true,
        { tokenUrl: RELAY.tokenUrl },
        { ...RELAY, tokenUrl: 'id.example/token' },
        { ...RELAY, tokenUrl: 'https://u:p@id.example/token' },
        { ...RELAY, authorizationUrl: 'https://id.example/#top' },
        { ...RELAY, authorizationUrl: 'javascript:alert(1)' },
        { ...RELAY, scheme: 'basic' },
        { ...RELAY, clientSecret: '' },
        { ...RELAY, userinfoUrl: 'https://id.example/me' },
      ],
    ],
    [
      'branding',
      [{}, { color: '#00A1c9' }, { logo: 'data:image/png;base64,AAAA' }],
      [
        { color: 'red' },
        { logo: 'https://a.example/logo.png' },
        { logo: 'data:image/svg+xml;base64,AAAA' },
        { font: 'x' },
      ],
    ],
    ['vendorId', ['M1234'], ['3KVO', 'm3kvoexuo4albl', 'amzn1.ask.skill.1']],
    ['clientId', ['a', 'https://pitangui.amazon.com/', 'a b'], ['', 'ä', 'a\nb', 'a'.repeat(201), 7]],
    ['clientSecret', ['x', 'ä'.repeat(512)], ['', 'x'.repeat(513), 7]],
    ['name', ['Ä'], ['', 'x'.repeat(81)]],
    ['slug', ['a', 'a-b-1', '1', 'a'.repeat(63)], ['', 'A', '-a', 'a-', 'a_b', 'a'.repeat(64), 'a\n']],
    [
      'redirectUris',
      [['https://a.example/b?c=d', 'http://localhost:4200/x', 'com.acme.app:/link']],
      [['a.example'], ['https://a.example/#x'], ['javascript:alert(1)'], ['DATA:text/html,x'], ['file:///etc'], ['']],
    ],
    [
      'webhooks',
      [
        [],
        [webhook()],
        [webhook({ url: 'http://127.0.0.1:8080/x?y=z' })],
        [webhook({ secret: undefined, secrets: [SECRET, SECRET] })],
        [webhook({ secret: undefined })],
      ],
      [
        ...[
          webhook({ url: 'hooks.example' }),
          webhook({ url: 'ftp://hooks.example' }),
          webhook({ url: 'https://a:b@hooks.example' }),
        ],
        ...[
          webhook({ url: 'https://hooks.example/#x' }),
          webhook({ url: `https://hooks.example/${'x'.repeat(2_000)}` }),
        ],
        ...[
          webhook({ events: [] }),
          webhook({ events: ['link.told'] }),
          webhook({ events: 'link.dead' }),
          webhook({ name: 'x' }),
        ],
        ...[webhook({ secret: 'whsec_c2hvcnQ=' }), webhook({ secret: SECRET.slice(6) })],
        ...[webhook({ secrets: [SECRET] }), webhook({ secret: undefined, secrets: [] })],
        webhook({ secret: undefined, secrets: [SECRET, SECRET, SECRET] }),
      ]
        .map((one): unknown => [one])
        .concat([webhook(), Array.from({ length: 11 }, () => webhook())]),
    ],
    [
      'events',
      ['na', 'eu', 'fe'].map((region) => ({ clientId: 'amzn1.application-oa2-client.1', clientSecret: 's', region })),
      [
        {},
        { clientId: 'c', clientSecret: 's' },
        { clientId: 'c', clientSecret: 's', region: 'us' },
        { clientId: 'c'.repeat(101), clientSecret: 's', region: 'na' },
        { clientId: 'c', clientSecret: '', region: 'na' },
        { clientId: 'c', clientSecrets: ['s'], region: 'na' },
      ],
    ],
    ['backend', [{ clientId: 'b', clientSecret: 's' }], [{}, { clientId: 'b' }, 'b']],
  ] as [string, unknown[], unknown[]][])('%s', (name, good, bad) => {
    for (const value of good) expect(problems(file({}, { [name]: value }))).toEqual([]);
    for (const value of bad) {
      const found = problems(file({}, { [name]: value }));
      expect([value, found.length]).not.toEqual([value, 0]);
      for (const path of found) expect(path).toMatch(new RegExp(`^skills\\.0\\.${name}`));
    }
  });

  it('needs somewhere to redirect to', () => {
    expect(problems(file({}, { vendorId: undefined }))).toEqual(['skills.0']);
    expect(problems(file({}, { vendorId: undefined, redirectUris: ['https://a.example/'] }))).toEqual([]);
  });

  it.each([
    [{ clientSecret: undefined }],
    [{ clientSecrets: ['a'] }],
    [{ clientSecret: undefined, clientSecrets: [] }],
    [{ clientSecret: undefined, clientSecrets: ['a', 'b', 'c'] }],
  ])('needs one secret or a list of one or two: not %j', (changes) => {
    expect(problems(file({}, changes))).toHaveLength(1);
  });
});

describe('limits of a connector', () => {
  it.each([
    ['provider', ['oidc', 'github-app'], ['Google', '', 7]],
    ['issuer', ['https://id.example.com', 'http://127.0.0.1:4200/oidc'], ['id.example.com', 'ftp://id', '']],
    ['revokeUpstream', ['never', 'last-link'], ['always', true]],
    ['parameters', [{}, { tenant: 'contoso' }], [{ tenant: '' }, { tenant: 7 }, 'x']],
    ['scopes', [[], ['openid']], [['open id'], 'openid']],
    ['endpoints', [{}, { token: 'https://a.example/t' }], [{ token: 'a' }, { jwks: 'https://a.example' }]],
    ['clientSecret', ['x'], ['', undefined]],
    ['name', ['Acme Home'], ['']],
  ] as [string, unknown[], unknown[]][])('%s', (name, good, bad) => {
    for (const value of good) expect(problems(file({ [name]: value }))).toEqual([]);
    for (const value of bad) {
      const found = problems(file({ [name]: value }));
      expect([value, found.length]).not.toEqual([value, 0]);
      for (const path of found) expect(path).toMatch(new RegExp(`^connectors\\.0\\.${name}`));
    }
  });
});

describe('unknown keys', () => {
  it.each([
    ['the file', { ...file(), colour: 1 }],
    ['a tenant', file({}, {}, { colour: 1 })],
    ['a connector', file({ colour: 1 })],
    ['a skill', file({}, { colour: 1 })],
    ['a backend', file({}, { backend: { clientId: 'b', clientSecret: 's', colour: 1 } })],
  ])('are refused in %s', (_, value) => {
    const [issue] = configFile.safeParse(value).error?.issues ?? [];
    expect(issue).toMatchObject({ code: 'unrecognized_keys', keys: ['colour'] });
  });
});

it('lists live secrets newest first', () => {
  expect(secretsOf({ clientSecret: 'a' })).toEqual(['a']);
  expect(secretsOf({ clientSecrets: ['new', 'old'] })).toEqual(['new', 'old']);
  expect(secretsOf({})).toEqual([]);
  expect(signingSecretsOf({ secret: 'a' })).toEqual(['a']);
  expect(signingSecretsOf({ secrets: ['new', 'old'] })).toEqual(['new', 'old']);
});
