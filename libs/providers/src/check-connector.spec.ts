import fc from 'fast-check';
import { checkConnector } from './check-connector.js';
import { CATALOGUE } from './catalogue/index.js';

type Facts = Parameters<typeof checkConnector>[0];
const EMPTY: Facts = { provider: 'google', issuer: null, parameters: {}, endpoints: {}, scopes: [] };
const keysOf = (changes: Partial<Facts>) => checkConnector({ ...EMPTY, ...changes }).map(({ key }) => key);
const OAUTH2_ENDPOINTS = {
  authorization: 'https://a.example/authorize',
  token: 'https://a.example/token',
  userinfo: 'https://a.example/me',
};

describe('checkConnector', () => {
  it.each<[string, Partial<Facts>]>([
    ['a provider that says all itself', { provider: 'github' }],
    ['an issuer where one is needed', { provider: 'oidc', issuer: 'https://id.example.com/t' }],
    ['a parameter where one is needed', { provider: 'entra', parameters: { tenant: 'contoso.onmicrosoft.com' } }],
    ['another issuer', { provider: 'google', issuer: 'http://localhost:4200/google' }],
    ['an issuer in the place of its parts', { provider: 'entra', issuer: 'https://id.example.com' }],
    ['a private address', { provider: 'oidc', issuer: 'http://127.0.0.1:9000' }],
    ['a name of a container', { provider: 'oidc', issuer: 'http://upstream:8080' }],
    ['endpoints of its own', { provider: 'oauth2', endpoints: OAUTH2_ENDPOINTS }],
    ['a query in an endpoint', { provider: 'github', endpoints: { token: 'https://a.example/token?tenant=1' } }],
    ['optional parameters', { provider: 'oauth2', endpoints: OAUTH2_ENDPOINTS, parameters: { subject: 'data.id' } }],
  ])('finds nothing wrong with %s', (_, changes) => {
    expect(checkConnector({ ...EMPTY, ...changes })).toEqual([]);
  });

  it.each<[string, Partial<Facts>, string[]]>([
    ['an unknown provider', { provider: 'nobody' }, ['provider']],
    ['no issuer', { provider: 'oidc' }, ['issuer']],
    ['an issuer where there is none', { provider: 'github', issuer: 'https://github.com' }, ['issuer']],
    ['an issuer with a query', { provider: 'oidc', issuer: 'https://id.example.com?a=b' }, ['issuer']],
    ['an issuer that is no address', { provider: 'oidc', issuer: 'id.example.com' }, ['issuer']],
    ['an issuer without encryption', { provider: 'oidc', issuer: 'http://id.example.com' }, ['issuer']],
    ['no parameter', { provider: 'entra' }, ['parameters.tenant']],
    [
      'a parameter that no issuer replaces',
      { provider: 'apple', issuer: 'https://id.example.com' },
      ['parameters.teamId', 'parameters.keyId'],
    ],
    ['an empty parameter', { provider: 'entra', parameters: { tenant: '' } }, ['parameters.tenant']],
    ['a parameter that is a path', { provider: 'entra', parameters: { tenant: 'a/b' } }, ['parameters.tenant']],
    ['an unknown parameter', { parameters: { region: 'eu' } }, ['parameters.region']],
    [
      'a parameter of a prototype',
      { provider: 'entra', parameters: Object.create({ tenant: 'common' }) as never },
      ['parameters.tenant'],
    ],
    ['missing endpoints', { provider: 'oauth2' }, ['endpoints.authorization', 'endpoints.token', 'endpoints.userinfo']],
    [
      'an endpoint without encryption',
      { provider: 'github', endpoints: { token: 'http://a.example/t' } },
      ['endpoints.token'],
    ],
    [
      'an endpoint with a password',
      { provider: 'github', endpoints: { token: 'https://a:b@a.example/t' } },
      ['endpoints.token'],
    ],
    [
      'an endpoint that is a script',
      { provider: 'github', endpoints: { userinfo: 'javascript:alert(1)' } },
      ['endpoints.userinfo'],
    ],
    ['scopes that identify nobody', { scopes: ['email'] }, ['scopes']],
  ])('names the key for %s', (_, changes, keys) => {
    expect(keysOf(changes)).toEqual(keys);
  });

  it('speaks to the tenant, the key first', () => {
    const [problem] = checkConnector({ ...EMPTY, provider: 'entra' });
    expect(problem?.message).toMatch(/^parameters\.tenant: missing: who may sign in: .*, such as common$/);
  });

  it('throws nothing, whatever a file says', () => {
    const id = fc.oneof(fc.string(), fc.constantFrom(...CATALOGUE.map((provider) => provider.id)));
    const texts = fc.dictionary(fc.string(), fc.string());
    fc.assert(
      fc.property(id, fc.option(fc.string()), texts, texts, fc.array(fc.string()), (provider, issuer, ...rest) => {
        const [parameters, endpoints, scopes] = rest;
        for (const { key, message } of checkConnector({ provider, issuer, parameters, endpoints, scopes })) {
          expect(message.startsWith(`${key}: `)).toBe(true);
        }
      }),
    );
  });
});
