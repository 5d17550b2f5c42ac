import fc from 'fast-check';
import { discoveryUrl, readOidcMetadata } from './oidc-discovery.js';
import { UpstreamError } from './upstream-error.js';

const ISSUER = 'https://id.example.com/tenant';
const DOCUMENT = {
  issuer: ISSUER,
  authorization_endpoint: 'https://id.example.com/authorize',
  token_endpoint: 'https://id.example.com/token',
  jwks_uri: 'https://id.example.com/jwks',
};
const read = (changes: Record<string, unknown>) => readOidcMetadata({ ...DOCUMENT, ...changes }, ISSUER);

describe('discoveryUrl', () => {
  it.each([
    ['https://id.example.com', 'https://id.example.com/.well-known/openid-configuration'],
    ['https://id.example.com/', 'https://id.example.com/.well-known/openid-configuration'],
    ['https://id.example.com/a/b', 'https://id.example.com/a/b/.well-known/openid-configuration'],
    ['https://id.example.com/a/', 'https://id.example.com/a/.well-known/openid-configuration'],
  ])('of %s is %s', (issuer, url) => {
    expect(discoveryUrl(issuer)).toBe(url);
  });
});

describe('readOidcMetadata', () => {
  it('takes the least a document may have, with the defaults of the specification', () => {
    expect(readOidcMetadata(DOCUMENT, ISSUER)).toEqual({
      issuer: ISSUER,
      authorizationEndpoint: DOCUMENT.authorization_endpoint,
      tokenEndpoint: DOCUMENT.token_endpoint,
      userinfoEndpoint: null,
      revocationEndpoint: null,
      jwksUri: DOCUMENT.jwks_uri,
      clientAuthentication: 'basic',
      idTokenAlgorithms: ['RS256'],
      sendsIssuer: false,
    });
  });

  it('ignores what it does not know', () => {
    expect(read({ scopes_supported: 7, claims: null }).issuer).toBe(ISSUER);
  });

  it.each([
    ['https://id.example.com/userinfo', 'https://id.example.com/userinfo'],
    ['javascript:alert(1)', null],
    [7, null],
  ])('of an optional endpoint %j keeps %j', (endpoint, kept) => {
    const found = read({ userinfo_endpoint: endpoint, revocation_endpoint: endpoint });
    expect([found.userinfoEndpoint, found.revocationEndpoint]).toEqual([kept, kept]);
  });

  it('holds a document to its family where its issuer cannot be known before', () => {
    const pattern = /^https:\/\/id\.example\.com\/[a-z]+$/;
    const family = { discovery: '', open: 'https://id.example.com/{who}', claim: 'tid', pattern };
    expect(readOidcMetadata(DOCUMENT, family).issuer).toBe(ISSUER);
    expect(readOidcMetadata({ ...DOCUMENT, issuer: family.open }, family).issuer).toBe(family.open);
    expect(() => readOidcMetadata({ ...DOCUMENT, issuer: 'https://evil.example/tenant' }, family)).toThrow(
      'names another issuer',
    );
  });

  it.each([
    [undefined, 'basic'],
    [['client_secret_basic'], 'basic'],
    [['client_secret_post'], 'post'],
    [['client_secret_post', 'client_secret_basic'], 'basic'],
    [['private_key_jwt'], 'basic'],
    [['private_key_jwt', 'client_secret_post'], 'post'],
    [[], 'basic'],
  ])('with client authentication by %j uses %s', (methods, used) => {
    expect(read({ token_endpoint_auth_methods_supported: methods }).clientAuthentication).toBe(used);
  });

  it.each([
    [undefined, ['RS256']],
    [['RS256', 'HS256', 'none'], ['RS256']],
    [
      ['ES256', 'PS512', 'EdDSA', 'Ed25519'],
      ['ES256', 'PS512', 'EdDSA', 'Ed25519'],
    ],
    [['none', 'HS256', 'HS512', 'rs256', 'RS256x', 'ES999'], []],
  ])('of the algorithms %j trusts %j', (offered, trusted) => {
    expect(read({ id_token_signing_alg_values_supported: offered }).idTokenAlgorithms).toEqual(trusted);
  });

  it.each([
    [true, true],
    [false, false],
    [undefined, false],
  ])('knows whether callbacks name the issuer: %j', (says, sends) => {
    expect(read({ authorization_response_iss_parameter_supported: says }).sendsIssuer).toBe(sends);
  });

  it.each([
    'https://id.example.com/tenant/',
    'https://id.example.com',
    'https://ID.example.com/tenant',
    'http://id.example.com/tenant',
    'https://evil.example/tenant',
    '',
  ])('refuses a document of the issuer %j', (issuer) => {
    expect(() => read({ issuer })).toThrow('names another issuer than the connector does');
  });

  it.each([
    ['issuer', undefined],
    ['issuer', 7],
    ['authorization_endpoint', undefined],
    ['authorization_endpoint', 'javascript:alert(1)'],
    ['token_endpoint', '/token'],
    ['token_endpoint', 'ftp://id.example.com/token'],
    ['jwks_uri', null],
    ['token_endpoint_auth_methods_supported', 'client_secret_post'],
    ['id_token_signing_alg_values_supported', [7]],
    ['authorization_response_iss_parameter_supported', 'yes'],
  ])('names %s where it is %j', (name, value) => {
    const attempt = (): unknown => read({ [name]: value });
    expect(attempt).toThrow(UpstreamError);
    expect(attempt).toThrow(new RegExp(`^the discovery document lacks or garbles: ${name}`));
  });

  it('throws nothing but that the provider is misconfigured, whatever it is given', () => {
    const json = fc.oneof(fc.jsonValue(), fc.record({ issuer: fc.constant(ISSUER), jwks_uri: fc.jsonValue() }));
    fc.assert(
      fc.property(json, (value) => {
        try {
          readOidcMetadata(value, ISSUER);
        } catch (error) {
          expect(error).toMatchObject({ name: 'UpstreamError', failure: 'misconfigured' });
        }
      }),
    );
  });
});
