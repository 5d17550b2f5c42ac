import { CONNECTOR } from '../test/upstreams.js';
import type { ConnectorFacts } from './connector-facts.js';
import { askedScopes, discoveryUrlOf, resolveUpstream } from './resolve-upstream.js';
import { UpstreamError } from './upstream-error.js';

const ENTRA = 'https://login.microsoftonline.com';
const connectorOf = (changes: Partial<ConnectorFacts>): ConnectorFacts => ({ ...CONNECTOR, scopes: [], ...changes });
const document = (issuer: string): Record<string, unknown> => ({
  issuer,
  authorization_endpoint: 'https://found.example/authorize',
  token_endpoint: 'https://found.example/token',
  jwks_uri: 'https://found.example/jwks',
  userinfo_endpoint: 'https://found.example/userinfo',
});

describe('discoveryUrlOf', () => {
  it.each([
    ['oidc', { issuer: 'https://id.example.com/t/' }, 'https://id.example.com/t/.well-known/openid-configuration'],
    ['google', {}, 'https://accounts.google.com/.well-known/openid-configuration'],
    [
      'google',
      { issuer: 'http://127.0.0.1:4200/google' },
      'http://127.0.0.1:4200/google/.well-known/openid-configuration',
    ],
    ['entra', { parameters: { tenant: 'common' } }, `${ENTRA}/common/v2.0/.well-known/openid-configuration`],
    ['apple', {}, null],
    ['github', {}, null],
    ['oauth2', {}, null],
  ])('of %s with %j is %s', (provider, changes, url) => {
    expect(discoveryUrlOf(connectorOf({ provider, ...changes }))).toBe(url);
  });

  it.each([
    ['an unknown provider', { provider: 'nobody' }],
    ['no issuer', { provider: 'oidc' }],
    ['no parameter', { provider: 'entra' }],
    ['a parameter that would be another host', { provider: 'entra', parameters: { tenant: 'a/../../evil' } }],
  ])('is the tenant’s fault with %s', (_, changes) => {
    expect(() => discoveryUrlOf(connectorOf(changes))).toThrow(UpstreamError);
  });
});

describe('resolveUpstream', () => {
  it('takes all from the declaration where it says all', () => {
    expect(resolveUpstream(connectorOf({ provider: 'github', clientId: 'Iv1.a/b' }), undefined)).toMatchObject({
      issuer: null,
      tokenEndpoint: 'https://github.com/login/oauth/access_token',
      refreshEndpoint: 'https://github.com/login/oauth/access_token',
      revocationEndpoint: 'https://api.github.com/applications/Iv1.a%2Fb/grant',
      clientAuthentication: 'post',
      jwksUri: null,
      idTokenAlgorithms: [],
      overridden: false,
    });
  });

  it('takes from discovery what the declaration leaves open', () => {
    const upstream = resolveUpstream(connectorOf({ provider: 'google' }), document('https://accounts.google.com'));
    expect(upstream).toMatchObject({
      issuer: 'https://accounts.google.com',
      tokenEndpoint: 'https://found.example/token',
      jwksUri: 'https://found.example/jwks',
      revocationEndpoint: null,
      overridden: false,
    });
  });

  it('lets the connector have the last word, and knows it', () => {
    const endpoints = { token: 'https://own.example/token', revocation: 'https://own.example/revoke' };
    expect(resolveUpstream(connectorOf({ provider: 'github', endpoints }), undefined)).toMatchObject({
      authorizationEndpoint: 'https://github.com/login/oauth/authorize',
      tokenEndpoint: endpoints.token,
      refreshEndpoint: endpoints.token,
      revocationEndpoint: endpoints.revocation,
      overridden: true,
    });
    expect(
      resolveUpstream(connectorOf({ provider: 'github', endpoints: { token: undefined } }), undefined),
    ).toHaveProperty('overridden', false);
  });

  it('believes nothing that the catalogue says of another issuer', () => {
    const issuer = 'https://apple.example';
    const upstream = resolveUpstream(connectorOf({ provider: 'apple', issuer }), document(issuer));
    expect(upstream).toMatchObject({ issuer, jwksUri: 'https://found.example/jwks', overridden: true });
  });

  it('keeps to the issuers of a family, or to the one the connector names', () => {
    const entra = connectorOf({ provider: 'entra', parameters: { tenant: 'common' } });
    const own = `${ENTRA}/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0`;
    for (const issuer of [own, `${ENTRA}/{tenantid}/v2.0`]) {
      expect(resolveUpstream(entra, document(issuer)).issuer).toBe(issuer);
    }
    for (const issuer of [`${ENTRA}/x/v2.0`, 'https://evil.example/v2.0', `${own}/more`]) {
      expect(() => resolveUpstream(entra, document(issuer))).toThrow('names another issuer');
      expect(() => resolveUpstream({ ...entra, issuer: own }, document(issuer))).toThrow('names another issuer');
    }
  });

  it('lets a general provider’s connector say how its client authenticates and where the subject stands', () => {
    const endpoints = { authorization: 'https://a.example/a', token: 'https://a.example/t' };
    const plain = connectorOf({ provider: 'oauth2', endpoints });
    expect(resolveUpstream(plain, undefined)).toMatchObject({
      clientAuthentication: 'post',
      subjectPaths: ['sub|id|user_id'],
    });
    const told = { ...plain, parameters: { clientAuthentication: 'basic', subject: 'data.id' } };
    expect(resolveUpstream(told, undefined)).toMatchObject({
      clientAuthentication: 'basic',
      subjectPaths: ['data.id'],
    });
    const untold = connectorOf({ provider: 'github', parameters: { clientAuthentication: 'basic', subject: 'x' } });
    expect(resolveUpstream(untold, undefined)).toMatchObject({ clientAuthentication: 'post', subjectPaths: ['id'] });
  });

  it('misses endpoints by name', () => {
    expect(() => resolveUpstream(connectorOf({ provider: 'oauth2' }), undefined)).toThrow(
      'the connector names no authorization endpoint',
    );
  });
});

describe('askedScopes', () => {
  it('are the connector’s, or the catalogue’s where it names none', () => {
    expect(askedScopes({ provider: 'google', scopes: ['openid'] })).toEqual(['openid']);
    expect(askedScopes({ provider: 'google', scopes: [] })).toEqual(['openid', 'email', 'profile']);
  });
});
