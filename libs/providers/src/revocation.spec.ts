import { CONNECTOR, upstreamWith } from '../test/upstreams.js';
import { buildRevocation } from './build-revocation.js';
import { readRevocationResponse } from './read-revocation-response.js';
import type { UpstreamProvider } from './upstream-provider.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const TOKENS = { accessToken: 'at', refreshToken: 'rt' };
type Revocation = NonNullable<UpstreamProvider['revocation']>;

const build = (revocation: Revocation, tokens: { accessToken: string; refreshToken: string | null } = TOKENS) =>
  buildRevocation(upstreamWith({ revocation }), CONNECTOR, tokens, NOW);

describe('buildRevocation', () => {
  it.each<[string, Revocation, { accessToken: string; refreshToken: string | null }, string]>([
    [
      'the refresh token',
      { style: 'rfc7009', killsSiblings: false },
      TOKENS,
      'token=rt&token_type_hint=refresh_token&client_id=broker&client_secret=s3cret',
    ],
    [
      'the access token where there is no other',
      { style: 'rfc7009', killsSiblings: false },
      { ...TOKENS, refreshToken: null },
      'token=at&token_type_hint=access_token&client_id=broker&client_secret=s3cret',
    ],
    ['the token alone', { style: 'token-only', killsSiblings: true }, TOKENS, 'token=rt'],
    ['the access token alone', { style: 'token-only', token: 'access', killsSiblings: false }, TOKENS, 'token=at'],
  ])('sends %s', (_, revocation, tokens, body) => {
    expect(build(revocation, tokens)).toMatchObject({ method: 'POST', url: 'https://id.example.com/revoke', body });
  });

  it('deletes what the user granted, as the client', () => {
    expect(build({ style: 'github-grant', killsSiblings: true })).toEqual({
      method: 'DELETE',
      url: 'https://id.example.com/revoke',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: 'Basic YnJva2VyOnMzY3JldA==',
      },
      body: '{"access_token":"at"}',
    });
  });

  it.each([
    ['deletes what the user granted, as the user', 'meta-permissions', 'DELETE'],
    ['lets the access token end itself', 'bearer', 'POST'],
  ] as const)('%s', (_, style, method) => {
    expect(build({ style, killsSiblings: true })).toEqual({
      method,
      url: 'https://id.example.com/revoke',
      headers: { accept: 'application/json', authorization: 'Bearer at' },
    });
  });

  it('builds nothing where there is no way', () => {
    const revocation: Revocation = { style: 'rfc7009', killsSiblings: false };
    expect(buildRevocation(upstreamWith(), CONNECTOR, TOKENS, NOW)).toBeUndefined();
    const nowhere = upstreamWith({ revocation }, { revocationEndpoint: null });
    expect(buildRevocation(nowhere, CONNECTOR, TOKENS, NOW)).toBeUndefined();
  });
});

describe('readRevocationResponse', () => {
  const read = (status: number, json: unknown, more: Partial<Revocation> = {}) => {
    const revocation: Revocation = { style: 'rfc7009', killsSiblings: false, ...more };
    readRevocationResponse(upstreamWith({ revocation }), { status, body: json === '' ? '' : JSON.stringify(json) });
  };

  it.each<[number, unknown, Partial<Revocation>]>([
    [200, '', {}],
    [200, { success: true }, {}],
    [204, '', {}],
    [400, { error: 'invalid_token' }, {}],
    [200, { ok: false, error: 'token_revoked' }, { gone: ['token_revoked'] }],
    [404, '', { goneStatuses: [404] }],
  ])('is content with %d %j', (status, json, more) => {
    expect(() => read(status, json, more)).not.toThrow();
  });

  it.each<[number, unknown, Partial<Revocation>, string]>([
    [401, { error: 'invalid_client' }, {}, 'misconfigured'],
    [400, { error: 'unsupported_token_type' }, {}, 'rejected'],
    [400, { error: 'invalid_token' }, { gone: ['token_revoked'] }, 'rejected'],
    [404, '', {}, 'rejected'],
    [302, '', {}, 'misconfigured'],
    [503, { error: 'invalid_token' }, {}, 'unavailable'],
    [429, '', {}, 'unavailable'],
  ])('throws with %d %j', (status, json, more, failure) => {
    expect(() => read(status, json, more)).toThrow(
      expect.objectContaining({ name: 'UpstreamError', failure }) as Error,
    );
  });
});
