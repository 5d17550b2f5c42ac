import fc from 'fast-check';
import { readTokenResponse } from './read-token-response.js';
import { UpstreamError } from './upstream-error.js';

const ASKED = ['openid', 'offline_access'];
const read = (json: unknown, status = 200) => readTokenResponse({ status, body: JSON.stringify(json) }, ASKED);

function failureOf(status: number, body: string): UpstreamError {
  try {
    readTokenResponse({ status, body }, ASKED);
  } catch (error) {
    if (error instanceof UpstreamError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('a token answer', () => {
  const least = { accessToken: 'at', refreshToken: null, idToken: null, expiresIn: null, scopes: ASKED };

  it.each([
    ['the least', { access_token: 'at' }, least],
    ['unknown fields', { access_token: 'at', token_type: 'bearer', ext_expires_in: 1 }, least],
    [
      'everything',
      { access_token: 'at', refresh_token: 'rt', id_token: 'it', expires_in: 3600, scope: 'openid email' },
      { accessToken: 'at', refreshToken: 'rt', idToken: 'it', expiresIn: 3600, scopes: ['openid', 'email'] },
    ],
    ['nulls', { access_token: 'at', refresh_token: null, id_token: null, expires_in: null, scope: null }, least],
    ['a lifetime as text', { access_token: 'at', expires_in: '3600' }, { ...least, expiresIn: 3600 }],
    ['a lifetime of nothing', { access_token: 'at', expires_in: 0 }, least],
    ['a negative lifetime', { access_token: 'at', expires_in: -1 }, least],
    ['a lifetime of words', { access_token: 'at', expires_in: 'soon' }, least],
    ['a lifetime beyond all bounds', { access_token: 'at', expires_in: 1e300 }, least],
    ['an empty scope', { access_token: 'at', scope: '' }, least],
    ['a list for a scope', { access_token: 'at', scope: ['openid'] }, least],
    ['scopes with more blanks', { access_token: 'at', scope: ' a  b ' }, { ...least, scopes: ['a', 'b'] }],
  ])('may have %s', (_, json, expected) => {
    expect(read(json)).toEqual(expected);
  });

  it.each([
    ['no access token', { refresh_token: 'rt' }],
    ['an empty one', { access_token: '' }],
    ['one that is no text', { access_token: { value: 'at' } }],
    ['one beyond all bounds', { access_token: 'a'.repeat(16_385) }],
    ['a refresh token that is no text', { access_token: 'at', refresh_token: 7 }],
    ['a list', [{ access_token: 'at' }]],
    ['nothing', null],
    ['text', 'access_token'],
  ])('with %s is not one', (_, json) => {
    expect(failureOf(200, JSON.stringify(json)).failure).toBe('misconfigured');
  });

  it.each(['', 'access_token=at&scope=x', '<html></html>', '{"access_token":"at"'])('is JSON, not %j', (body) => {
    expect(failureOf(200, body).failure).toBe('misconfigured');
  });
});

describe('a refusal', () => {
  it.each([
    [400, 'invalid_grant', 'rejected'],
    [400, 'access_denied', 'rejected'],
    [200, 'bad_verification_code', 'rejected'],
    [400, 'something_new', 'rejected'],
    [401, 'invalid_client', 'misconfigured'],
    [400, 'unauthorized_client', 'misconfigured'],
    [400, 'unsupported_grant_type', 'misconfigured'],
    [400, 'invalid_scope', 'misconfigured'],
    [200, 'invalid_client', 'misconfigured'],
    [503, 'invalid_grant', 'unavailable'],
    [500, 'server_error', 'unavailable'],
    [429, 'slow_down', 'unavailable'],
    [302, 'invalid_grant', 'misconfigured'],
  ])('%d %s means %s', (status, error, failure) => {
    expect(failureOf(status, JSON.stringify({ error, error_description: 'words' })).failure).toBe(failure);
  });

  it('names the error code and nothing else of the answer', () => {
    const failure = failureOf(400, JSON.stringify({ error: 'invalid_grant', error_description: 'alice@example.com' }));
    expect(failure.message).toBe('the provider refused the code: invalid_grant');
    expect(failure.cause).toBeUndefined();
  });

  it.each([
    ['with blanks', 'a b'],
    ['very long', 'x'.repeat(81)],
    ['with a line break', 'a\nb'],
    ['empty', ''],
  ])('does not repeat a code that is %s', (_, error) => {
    expect(failureOf(400, JSON.stringify({ error })).message).toBe('the provider refused the code: status 400');
  });

  it.each([201, 204, 400, 403, 404])('without a code is judged by its status %d, even with tokens in it', (status) => {
    const failure = failureOf(status, JSON.stringify({ access_token: 'hunter2' }));
    expect([failure.failure, failure.message]).toEqual(['rejected', `the provider refused the code: status ${status}`]);
  });
});

describe('any answer', () => {
  const SECRET = 'hunter2-hunter2';
  const field = fc.constantFrom(
    'access_token',
    'refresh_token',
    'id_token',
    'expires_in',
    'scope',
    'error_description',
    'x',
  );
  const value = fc.oneof(fc.constant(SECRET), fc.jsonValue());
  const body = fc.oneof(
    fc.dictionary(field, value).map((json) => JSON.stringify(json)),
    fc
      .tuple(fc.dictionary(field, value), fc.constantFrom('invalid_grant', 'x y', 7))
      .map(([json, error]) => JSON.stringify({ ...json, error })),
    fc.string({ unit: 'binary' }).map((text) => `${text}${SECRET}`),
    fc.constant(`access_token=${SECRET}`),
  );

  it('gives tokens or an UpstreamError that repeats none of them, and nothing else', () => {
    fc.assert(
      fc.property(fc.constantFrom(200, 200, 201, 302, 400, 401, 429, 500, 503), body, (status, text) => {
        try {
          expect(readTokenResponse({ status, body: text }, ASKED).accessToken).not.toBe('');
        } catch (error) {
          if (!(error instanceof UpstreamError)) throw error;
          expect(`${error.message} ${error.stack ?? ''}`).not.toContain(SECRET);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
