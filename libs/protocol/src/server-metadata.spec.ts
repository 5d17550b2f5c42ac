import { buildServerMetadata } from './server-metadata.js';

const ISSUER = 'https://broker.example';
const metadata = buildServerMetadata(ISSUER);

it('has what RFC 8414 §2 requires, with the issuer it was asked for', () => {
  expect(metadata['issuer']).toBe(ISSUER);
  expect(metadata['response_types_supported']).toEqual(['code', 'token']);
  expect(metadata['response_modes_supported']).toEqual(['query', 'fragment']);
});

it.each(['authorization', 'token', 'revocation', 'introspection', 'userinfo'])(
  'places its %s endpoint below the issuer',
  (name) => {
    const endpoint = new URL(String(metadata[`${name}_endpoint`]));
    expect(endpoint.href).toBe(String(metadata[`${name}_endpoint`]));
    expect([endpoint.origin, endpoint.search, endpoint.hash]).toEqual([ISSUER, '', '']);
  },
);

it('offers the two ways Alexa can authenticate (R68), S256 only, and the grants that exist', () => {
  for (const name of ['token', 'revocation', 'introspection']) {
    expect(metadata[`${name}_endpoint_auth_methods_supported`]).toEqual(['client_secret_basic', 'client_secret_post']);
  }
  expect(metadata['code_challenge_methods_supported']).toEqual(['S256']);
  expect(metadata['grant_types_supported']).toEqual([
    'authorization_code',
    'implicit',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:token-exchange',
  ]);
});

it('survives JSON', () => {
  expect(JSON.parse(JSON.stringify(metadata))).toEqual(metadata);
});
