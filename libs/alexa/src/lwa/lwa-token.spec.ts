import fc from 'fast-check';
import { buildLwaCodeExchange, buildLwaRefresh, readLwaAnswer } from './lwa-token.js';

const client = { clientId: 'amzn1.application-oa2-client.1', clientSecret: 'secret +/=&' };
const URL_ = 'https://api.amazon.com/auth/o2/token';
const tokens = { access_token: 'Atza|one', token_type: 'bearer', expires_in: 3600, refresh_token: 'Atzr|two' };
const answer = (body: unknown, status = 200) => readLwaAnswer({ status, body: JSON.stringify(body) });

test('an exchange and a refresh carry the credentials and what is exchanged, and nothing else', () => {
  const exchange = buildLwaCodeExchange(URL_, client, 'code|1');
  expect([exchange.method, exchange.url]).toEqual(['POST', URL_]);
  expect(exchange.headers['content-type']).toBe('application/x-www-form-urlencoded;charset=UTF-8');
  const credentials = { client_id: client.clientId, client_secret: client.clientSecret };
  expect(Object.fromEntries(new URLSearchParams(exchange.body))).toEqual({
    grant_type: 'authorization_code',
    code: 'code|1',
    ...credentials,
  });
  expect(exchange.body).toContain('code%7C1');
  expect(Object.fromEntries(new URLSearchParams(buildLwaRefresh(URL_, client, 'Atzr|two').body))).toEqual({
    grant_type: 'refresh_token',
    refresh_token: 'Atzr|two',
    ...credentials,
  });
});

test.each([
  ['as Amazon answers', tokens, 'Atzr|two'],
  ['with a type in another case', { ...tokens, token_type: 'Bearer' }, 'Atzr|two'],
  ['with a lifetime in words', { ...tokens, expires_in: '3600' }, 'Atzr|two'],
  ['without a refresh token', { ...tokens, refresh_token: undefined }, null],
])('tokens %s are read', (_, body, refreshToken) => {
  const expected = { accessToken: 'Atza|one', refreshToken, expiresIn: 3600 };
  expect(answer(body)).toEqual({ kind: 'tokens', tokens: expected });
});

test.each([
  ['no access token', { ...tokens, access_token: undefined }],
  ['an empty one', { ...tokens, access_token: '' }],
  ['one with a line break', { ...tokens, access_token: 'a\nb' }],
  ['one that is too long', { ...tokens, access_token: 'a'.repeat(4_097) }],
  ['another type', { ...tokens, token_type: 'mac' }],
  ['no lifetime', { ...tokens, expires_in: undefined }],
  ['a lifetime that is none', { ...tokens, expires_in: 0 }],
  ['a list', [tokens]],
])('%s is no answer', (_, body) => {
  expect(answer(body)).toMatchObject({ kind: 'refused', failure: 'transient' });
});

test.each([
  [400, 'invalid_grant', 'terminal'],
  [401, 'invalid_grant', 'terminal'],
  [500, 'invalid_grant', 'transient'],
  [429, 'invalid_grant', 'transient'],
  [401, 'invalid_client', 'misconfigured'],
  [400, 'unauthorized_client', 'misconfigured'],
  [400, 'invalid_request', 'misconfigured'],
  [503, 'invalid_client', 'transient'],
  [400, 'something_else', 'transient'],
  [400, 'Atzr|a-token-in-its-place', 'transient'],
  [302, undefined, 'transient'],
])('%s %s is %s', (status, error, failure) => {
  expect(answer({ error, error_description: 'Atzr|secret' }, status)).toMatchObject({ kind: 'refused', failure });
});

test('nothing that was received gets into the reason but an error code', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.integer({ min: 100, max: 599 }), (error, description, status) => {
      const read = readLwaAnswer({ status, body: JSON.stringify({ error, error_description: description }) });
      if (read.kind === 'tokens') throw new Error('no tokens were sent');
      expect(read.reason).toMatch(/^(status \d{3}(, [a-z_]{1,40})?|an answer without tokens)$/);
    }),
  );
  expect(answer({ error: 'Atzr|x' }, 400)).toMatchObject({ code: null, reason: 'status 400' });
});
