import { accountLinkingRequest, buildAccountLinking, compareAccountLinking } from '@linkbroker/alexa';
import { readConfigFile } from '@linkbroker/configuration';
import { ConfigError, type ConfigFile } from '@linkbroker/contracts';
import { CATALOGUE, findProvider } from '@linkbroker/providers';
import fc from 'fast-check';
import { skillToLink, type ConnectorAddresses, type SkillAddresses } from './smapi-login-hosts.js';

const SKILL: SkillAddresses = { scopes: [], grantTypes: ['authorization_code'], accessTokenTtl: 3_600 };
const connector = (provider: string, fields: Partial<ConnectorAddresses> = {}): ConnectorAddresses => ({
  ...{ slug: 'home', provider, issuer: null, parameters: {}, clientId: 'c', scopes: [], endpoints: {} },
  ...fields,
});
const hostsOf = (...connectors: ConnectorAddresses[]) => skillToLink('alexa', SKILL, connectors, []);

test.each<[string, ConnectorAddresses, readonly string[]]>([
  ['the provider’s own', connector('google'), ['accounts.google.com']],
  [
    'several',
    connector('entra', { parameters: { tenant: 'common' } }),
    ['login.microsoftonline.com', 'login.live.com'],
  ],
  [
    'one by a parameter',
    connector('salesforce', { parameters: { domain: 'acme.my.salesforce.com' } }),
    ['acme.my.salesforce.com', 'login.salesforce.com'],
  ],
  [
    'an address of the connector’s own',
    connector('oauth2', {
      endpoints: { authorization: 'https://login.example:8443/a', token: 'https://api.example/t' },
    }),
    ['login.example'],
  ],
  [
    'another address than the provider’s',
    connector('github', { endpoints: { authorization: 'https://github.acme.example/login/oauth/authorize' } }),
    ['github.acme.example'],
  ],
  [
    'an issuer of the connector’s own on the provider’s host',
    connector('entra', { issuer: 'https://login.microsoftonline.com/1/v2.0' }),
    ['login.microsoftonline.com', 'login.live.com'],
  ],
])('%s', (_, one, expected) => {
  const { skill, advice } = hostsOf(one);
  expect([skill.loginHosts, advice]).toEqual([expected, []]);
});

test.each<[ConnectorAddresses, string]>([
  [connector('oidc', { issuer: 'https://id.example.com/realm' }), 'id.example.com'],
  [connector('okta', { parameters: { domain: 'acme.okta.com', server: 'default' } }), 'acme.okta.com'],
])('where only discovery knows the address, its host is taken and that is told', (one, host) => {
  const { skill, advice } = hostsOf(one);
  expect(skill.loginHosts).toEqual([host]);
  expect(advice).toEqual([expect.stringMatching(/^connector home: taken to sign in on .*add it by --domain$/)]);
});

test('a connector that cannot be resolved is told of, with what is known of its provider', () => {
  const { skill, advice } = hostsOf(connector('salesforce'), connector('gone'));
  expect(skill.loginHosts).toEqual(['login.salesforce.com']);
  expect(advice).toHaveLength(2);
});

test('hosts come in the order of the buttons, each once, and further ones last', () => {
  const { skill } = skillToLink(
    'alexa',
    SKILL,
    [connector('github'), connector('google'), connector('github-app')],
    ['cdn.example', 'github.com'],
  );
  expect(skill.loginHosts).toEqual(['github.com', 'accounts.google.com', 'cdn.example']);
});

test('of a relay it is the host that households are sent to', () => {
  const relay = { authorizationUrl: 'https://id.acme.example:8443/authorize?x=1' };
  expect(skillToLink('alexa', { ...SKILL, relay }, [connector('github')], []).skill.loginHosts).toEqual([
    'id.acme.example',
  ]);
});

describe('any configuration that a config file may have', () => {
  const https = fc.oneof(
    fc.domain().map((host) => `https://${host}`),
    fc.constantFrom('https://*.example.com', 'https://A_b.example', 'https://[2001:db8::1]', 'https://bücher.example'),
    fc.constantFrom('http://localhost:3000', 'http://10.0.0.1:8080', 'https://id.example.com:8443/realm'),
  );
  const printable = fc.stringMatching(/^[ -~]{1,40}$/);
  const connectors = fc.array(fc.tuple(fc.constantFrom(...CATALOGUE.map(({ id }) => id)), https, fc.boolean()), {
    minLength: 1,
    maxLength: 20,
  });
  const relay = fc.option(https, { nil: undefined });
  const skill = fc.record({
    clientId: printable,
    scopes: fc.array(fc.stringMatching(/^[!#-[\]-~]{1,12}$/), { maxLength: 15 }),
    accessTokenTtl: fc.integer({ min: 360, max: 31_536_000 }),
  });

  /** The file as text; JSON is YAML, and a dollar is written twice. */
  const textOf = (value: unknown): string => JSON.stringify(value).replaceAll('${', () => '$${');

  /** A connector that gives what its provider needs; with an address of its own where it may have one. */
  function connectorEntry([provider, address, own]: [string, string, boolean], at: number): object {
    const { parameters = {}, protocol } = findProvider(provider)!;
    const examples = Object.entries(parameters).filter(([, { optional }]) => !optional);
    const ownIssuer = protocol === 'oidc' && (own || provider === 'oidc') ? { issuer: address } : {};
    const endpoints = { authorization: `${address}/a`, token: `${address}/t`, userinfo: `${address}/u` };
    return {
      ...{ slug: `c${String(at)}`, provider, clientId: 'c', clientSecret: 's', ...ownIssuer },
      parameters: Object.fromEntries(examples.map(([name, { example }]) => [name, example])),
      ...(provider === 'oauth2' || (own && protocol === 'oauth2') ? { endpoints } : {}),
    };
  }

  function read(text: string): ConfigFile | undefined {
    try {
      return readConfigFile(text, {});
    } catch (error) {
      if (error instanceof ConfigError) return undefined;
      throw error;
    }
  }

  test('makes a body that Amazon takes, and that does not differ from itself', () => {
    let accepted = 0;
    const all = fc.property(connectors, relay, skill, https, (list, existing, facts, broker) => {
      const entries = list.map(connectorEntry);
      const ties = existing
        ? { relay: { authorizationUrl: `${existing}/a`, tokenUrl: `${existing}/t` } }
        : { connectors: entries.map((_, at) => `c${String(at)}`) };
      const one = { slug: 's', name: 'S', clientSecret: 'x', vendorId: 'M3KVOEXUO4ALBL', ...facts, ...ties };
      const file = read(textOf({ tenants: [{ slug: 't', name: 'T', connectors: entries, skills: [one] }] }));
      if (!file) return;
      accepted += 1;
      const [tenant] = file.tenants;
      const stored = tenant!.connectors.map(({ issuer = null, scopes = [], ...rest }) => ({ ...rest, issuer, scopes }));
      const found = skillToLink(tenant!.skills[0]!.clientId, tenant!.skills[0]!, stored, []);
      const publicUrl = /^https:\/\/[^:]+$/.test(broker) ? broker : 'https://link.example.com';
      const options = { publicUrl, clientSecret: 'x', skipOnEnablement: false };
      const { accountLinkingRequest: request } = buildAccountLinking(found.skill, options).body;
      expect(accountLinkingRequest.safeParse(request).error).toBeUndefined();
      expect(compareAccountLinking(request, { ...request })).toEqual([]);
    });
    fc.assert(all, { numRuns: 300 });
    expect(accepted).toBeGreaterThan(250);
  });
});

test('what apps take part with, and reciprocal authorization, reach Amazon as the configuration has them', () => {
  const url = 'https://app.example/alexa';
  const appToApp = { authorizationUrlsByPlatform: [{ platform: 'iOS', url }], redirectUrls: [url] } as const;
  const skill = { ...SKILL, grantTypes: ['implicit'], appToApp, events: { reciprocal: true } };
  const options = { publicUrl: 'https://link.example', clientSecret: 's', skipOnEnablement: false };
  const found = skillToLink('alexa', skill, [connector('google')], []);
  const { accountLinkingRequest } = buildAccountLinking(found.skill, options).body;
  expect(accountLinkingRequest).toMatchObject({
    type: 'IMPLICIT',
    authorizationUrlsByPlatform: [{ platformType: 'iOS', platformAuthorizationUrl: url }],
    redirectUrls: [url],
    reciprocalAccessTokenUrl: 'https://link.example/alexa/alexa/reciprocal',
  });
  expect(accountLinkingRequest).not.toHaveProperty('accessTokenUrl');
});
