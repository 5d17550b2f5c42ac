import { upstreamWith } from '../test/upstreams.js';
import { saysDeclined } from './read-error.js';
import { readTokenResponse } from './read-token-response.js';
import { UpstreamError } from './upstream-error.js';
import type { UpstreamProvider } from './upstream-provider.js';
import type { WireResponse } from './wire.js';

const ASKED = ['openid', 'offline_access'];
const NOW = new Date('2026-11-22T12:00:00Z');
type Purpose = 'code' | 'refresh';

const answer = (json: unknown, status = 200): WireResponse => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(json),
});
const read = (json: unknown, quirks: Partial<UpstreamProvider> = {}, purpose: Purpose = 'code') =>
  readTokenResponse(upstreamWith(quirks), answer(json), ASKED, purpose, NOW);

function failureOf(response: WireResponse, purpose: Purpose = 'code', quirks: Partial<UpstreamProvider> = {}) {
  try {
    readTokenResponse(upstreamWith(quirks), response, ASKED, purpose);
  } catch (error) {
    if (error instanceof UpstreamError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('a token answer', () => {
  const least = {
    accessToken: 'at',
    refreshToken: null,
    idToken: null,
    expiresIn: null,
    refreshExpiresIn: null,
    scopes: ASKED,
  };

  it.each([
    ['the least', {}, {}],
    ['unknown fields', { token_type: 'bearer', ext_expires_in: 1 }, {}],
    [
      'everything',
      {
        refresh_token: 'rt',
        id_token: 'it',
        expires_in: 3600,
        refresh_token_expires_in: 86_400,
        scope: 'openid email',
      },
      { refreshToken: 'rt', idToken: 'it', expiresIn: 3600, refreshExpiresIn: 86_400, scopes: ['openid', 'email'] },
    ],
    ['nulls', { refresh_token: null, id_token: null, expires_in: null, scope: null }, {}],
    ['empty texts', { refresh_token: '', id_token: '', scope: '' }, {}],
    ['a lifetime as text', { expires_in: '3600' }, { expiresIn: 3600 }],
    ['a lifetime of the refresh token by its other name', { refresh_expires_in: 60 }, { refreshExpiresIn: 60 }],
    ['an object for a scope', { scope: { openid: true } }, {}],
    ['a list for a scope', { scope: ['openid', 7, ''] }, { scopes: ['openid'] }],
    ['scopes with more blanks', { scope: ' a  b ' }, { scopes: ['a', 'b'] }],
  ])('may have %s', (_, json, expected) => {
    const body = { access_token: 'at', ...json };
    expect(read(body)).toEqual({ ...least, ...expected, answer: body });
  });

  it.each([
    ['no access token', { refresh_token: 'rt' }],
    ['an empty one', { access_token: '' }],
    ['one that is no text', { access_token: { value: 'at' } }],
    ['one that fits no header', { access_token: 'at\r\nx-admin: 1' }],
    ['one beyond all bounds', { access_token: 'a'.repeat(16_385) }],
    ['a refresh token that is no text', { access_token: 'at', refresh_token: 7 }],
    ['a list', [{ access_token: 'at' }]],
    ['nothing', null],
    ['text', 'access_token'],
  ])('with %s is not one: the tenant looks after a sign-in, and a refresh is tried again', (_, json) => {
    expect(failureOf(answer(json)).failure).toBe('misconfigured');
    expect(failureOf(answer(json), 'refresh').failure).toBe('unavailable');
  });

  it('may be a form, with its scopes between commas', () => {
    const upstream = upstreamWith({ scopes: { separator: ' ', grantedSeparator: ',', default: [] } });
    const body = 'access_token=gho_1&scope=repo%2Cread%3Auser&token_type=bearer';
    const tokens = readTokenResponse(upstream, { status: 200, body }, ASKED, 'code');
    expect(tokens).toMatchObject({ accessToken: 'gho_1', scopes: ['repo', 'read:user'], expiresIn: null });
  });

  it('is found where the provider keeps it, elsewhere after a refresh', () => {
    const token = {
      paths: { accessToken: 'user.token', refreshToken: 'user.refresh', expiresIn: 'user.life', scope: 'user.scope' },
      refreshPaths: {},
    };
    const nested = { token: 'other', user: { token: 'at', refresh: 'rt', life: 43_200, scope: 'a b' } };
    expect(read(nested, { token })).toMatchObject({ accessToken: 'at', refreshToken: 'rt', expiresIn: 43_200 });
    const flat = { access_token: 'at2', refresh_token: 'rt2', expires_in: 60 };
    expect(read(flat, { token }, 'refresh')).toMatchObject({ accessToken: 'at2', refreshToken: 'rt2', expiresIn: 60 });
  });

  it('is rewritten by a hook where no path describes it', () => {
    const hooks = { adaptTokenAnswer: (json: unknown) => ({ access_token: (json as string[])[0] }) };
    expect(read(['at'], { hooks }).accessToken).toBe('at');
  });

  it('gets the lifetimes that the declaration knows where it names none', () => {
    const quirks = {
      token: { assumedLifetime: 7_200 },
      refresh: { kind: 'refresh_token', rotation: 'single-use', maxAgeSeconds: 86_400 },
    } as const;
    expect(read({ access_token: 'at', refresh_token: 'rt' }, quirks)).toMatchObject({
      expiresIn: 7_200,
      refreshExpiresIn: 86_400,
    });
    // No new refresh token, no new age: the old one's goes on.
    expect(read({ access_token: 'at' }, quirks).refreshExpiresIn).toBeNull();
  });

  it('names a moment instead of a lifetime', () => {
    expect(read({ access_token: 'at', expires_at: NOW.getTime() / 1_000 + 60 }).expiresIn).toBe(60);
  });
});

describe('a refusal', () => {
  it.each([
    [400, 'invalid_grant', 'rejected', 'rejected'],
    [403, 'invalid_grant', 'rejected', 'rejected'],
    [200, 'invalid_grant', 'rejected', 'rejected'],
    [400, 'access_denied', 'rejected', 'unavailable'],
    [200, 'bad_verification_code', 'rejected', 'unavailable'],
    [400, 'something_new', 'rejected', 'unavailable'],
    [400, 'invalid_request', 'rejected', 'unavailable'],
    [401, 'invalid_client', 'misconfigured', 'misconfigured'],
    [400, 'unauthorized_client', 'misconfigured', 'misconfigured'],
    [400, 'unsupported_grant_type', 'misconfigured', 'misconfigured'],
    [400, 'invalid_scope', 'misconfigured', 'misconfigured'],
    [200, 'invalid_client', 'misconfigured', 'misconfigured'],
    [400, 'temporarily_unavailable', 'unavailable', 'unavailable'],
    [503, 'invalid_grant', 'unavailable', 'unavailable'],
    [500, 'server_error', 'unavailable', 'unavailable'],
    [429, 'invalid_grant', 'unavailable', 'unavailable'],
    [302, 'invalid_grant', 'misconfigured', 'unavailable'],
  ])('%d %s means %s for a code and %s for a refresh', (status, error, code, refresh) => {
    const response = answer({ error, error_description: 'words' }, status);
    expect([failureOf(response).failure, failureOf(response, 'refresh').failure]).toEqual([code, refresh]);
  });

  it.each([
    ['terminal', 'token_revoked', 'rejected'],
    ['terminal', 'invalid_grant', 'unavailable'],
    ['misconfigured', 'bad_secret', 'misconfigured'],
    ['transient', 'internal', 'unavailable'],
  ] as const)('by a %s code of the provider, %s, is %s', (_, error, failure) => {
    const errors = { terminal: ['token_revoked'], misconfigured: ['bad_secret'], transient: ['internal'] };
    expect(failureOf(answer({ error }, 400), 'refresh', { errors }).failure).toBe(failure);
  });

  it('is found where the provider keeps its code, text or number, with any status', () => {
    const errors = { path: 'error.code', terminal: ['190'] };
    for (const status of [200, 400]) {
      const response = answer({ access_token: 'at', error: { code: 190, message: 'words' } }, status);
      expect(failureOf(response, 'refresh', { errors })).toMatchObject({ failure: 'rejected', code: '190' });
    }
  });

  it('is found by a hook', () => {
    const hooks = { readError: (_: number, json: unknown) => (json as { no?: string }).no };
    expect(failureOf(answer({ no: 'dead' }), 'refresh', { hooks, errors: { terminal: ['dead'] } }).failure).toBe(
      'rejected',
    );
    expect(read({ access_token: 'at' }, { hooks }).accessToken).toBe('at');
  });

  it('names the error code and nothing else of the answer', () => {
    const failure = failureOf(answer({ error: 'invalid_grant', error_description: 'alice@example.com' }, 400));
    expect(failure.message).toBe('the provider refused the code: invalid_grant');
    expect(failure.cause).toBeUndefined();
    expect(failureOf(answer({ error: 'invalid_grant' }, 400), 'refresh').message).toBe(
      'the provider refused the refresh: invalid_grant',
    );
  });

  it.each([
    ['with blanks', 'a b'],
    ['very long', 'x'.repeat(81)],
    ['with a line break', 'a\nb'],
    ['perhaps a token', 'gho_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['empty', ''],
    ['an object', { code: 'x' }],
  ])('does not repeat a code that is %s', (_, error) => {
    expect(failureOf(answer({ error }, 400))).toMatchObject({
      message: 'the provider refused the code: status 400',
      code: null,
    });
  });

  it('with a success status is one even when its code is unfit to repeat', () => {
    expect(failureOf(answer({ access_token: 'at', error: 'a b' }))).toMatchObject({ failure: 'rejected', code: null });
  });

  it.each([204, 400, 403, 404])('without a code is judged by its status %d, even with tokens in it', (status) => {
    const failure = failureOf(answer({ access_token: 'hunter2' }, status));
    expect([failure.failure, failure.message]).toEqual(['rejected', `the provider refused the code: status ${status}`]);
    expect(failureOf(answer({ access_token: 'hunter2' }, status), 'refresh').failure).toBe('unavailable');
  });

  it.each([
    ['120', 120],
    [' 7 ', 7],
    ['999999999', 86_400],
    ['Fri, 31 Dec 2027 23:59:59 GMT', null],
    ['-1', null],
    [undefined, null],
  ])('with Retry-After %j asks for %j seconds', (retryAfter, seconds) => {
    expect(failureOf({ ...answer({}, 429), retryAfter }).retryAfterSeconds).toBe(seconds);
  });
});

describe('a callback', () => {
  it.each([
    ['access_denied', true],
    ['user_cancelled', true],
    ['server_error', false],
  ])('with %s says that the person declined: %j', (error, declined) => {
    expect(saysDeclined(upstreamWith({ errors: { declined: ['user_cancelled'] } }), error)).toBe(declined);
  });
});
