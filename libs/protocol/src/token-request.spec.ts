import fc from 'fast-check';
import { OAuthError } from './oauth-error.js';
import { parseParameters } from './parameters.js';
import { parsePresentedToken, parseTokenRequest } from './token-request.js';

const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const parse = (raw: string) => parseTokenRequest(parseParameters(raw));

function refusalOf(attempt: () => unknown): OAuthError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof OAuthError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('a code exchange', () => {
  const code = { grantType: 'authorization_code', code: 'abc', redirectUri: null, codeVerifier: null };

  it.each([
    ['grant_type=authorization_code&code=abc', code],
    [
      'grant_type=authorization_code&code=abc&redirect_uri=https%3A%2F%2Fa.example%2Fb%3Fc%3Dd',
      { ...code, redirectUri: 'https://a.example/b?c=d' },
    ],
    [`grant_type=authorization_code&code=abc&code_verifier=${VERIFIER}`, { ...code, codeVerifier: VERIFIER }],
    ['grant_type=authorization_code&code=abc&redirect_uri=&code_verifier=', code],
    ['grant_type=authorization_code&code=a%2Bb&client_id=x&client_secret=y', { ...code, code: 'a+b' }],
    ['code=abc&future=1&future=2&grant_type=authorization_code', code],
  ])('%s', (raw, expected) => {
    expect(parse(raw)).toEqual(expected);
  });
});

describe('a refresh', () => {
  const refresh = { grantType: 'refresh_token', refreshToken: 'abc', scope: null };

  it.each([
    ['grant_type=refresh_token&refresh_token=abc', refresh],
    ['grant_type=refresh_token&refresh_token=abc&scope=a+b', { ...refresh, scope: 'a b' }],
    ['grant_type=refresh_token&refresh_token=abc&code=left-over', refresh],
  ])('%s', (raw, expected) => {
    expect(parse(raw)).toEqual(expected);
  });
});

describe('a refusal', () => {
  const refusals: readonly [description: string, raw: string][] = [
    ['grant_type is missing.', ''],
    ['grant_type is missing.', 'grant_type='],
    ['refresh_token is missing.', 'grant_type=refresh_token'],
    ['refresh_token is missing.', 'grant_type=refresh_token&refresh_token='],
    ['code is missing.', 'grant_type=authorization_code'],
    ['code cannot be decoded.', 'grant_type=authorization_code&code=%zz'],
    ['refresh_token cannot be decoded.', 'grant_type=refresh_token&refresh_token=%E4'],
    ['code is too long.', `grant_type=authorization_code&code=${'c'.repeat(4097)}`],
    ['refresh_token is too long.', `grant_type=refresh_token&refresh_token=${'c'.repeat(4097)}`],
    ['code_verifier is malformed.', 'grant_type=authorization_code&code=abc&code_verifier=short'],
    ['code_verifier is malformed.', `grant_type=authorization_code&code=abc&code_verifier=${'v'.repeat(129)}`],
  ];

  it.each(refusals)('invalid_request: %s (%#)', (description, raw) => {
    expect(refusalOf(() => parse(raw))).toMatchObject({ code: 'invalid_request', description, status: 400 });
  });

  const names = 'grant_type code redirect_uri code_verifier refresh_token scope client_id client_secret'.split(' ');

  it.each(names)('invalid_request for %s given twice, even with the same value', (name) => {
    expect(refusalOf(() => parse(`grant_type=authorization_code&code=abc&${name}=1&${name}=1`))).toMatchObject({
      code: 'invalid_request',
      description: `${name} is given more than once.`,
    });
  });

  it.each(['password', 'client_credentials', 'Authorization_Code', 'refresh_token ', '__proto__', 'constructor'])(
    'unsupported_grant_type for %j',
    (grantType) => {
      const raw = new URLSearchParams({ grant_type: grantType, code: 'x', refresh_token: 'x' }).toString();
      expect(refusalOf(() => parse(raw))).toMatchObject({ code: 'unsupported_grant_type', status: 400 });
    },
  );

  it('is the only other outcome, and repeats no value of the request', () => {
    const word = fc.constantFrom(
      'grant_type',
      'code',
      'refresh_token',
      'authorization_code',
      '=',
      '&',
      '%',
      '%41',
      'zQ9x',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        try {
          parse(words.join(''));
        } catch (error) {
          if (!(error instanceof OAuthError)) throw error;
          expect(error.message).not.toContain('zQ9x');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a presented token', () => {
  const read = (raw: string) => parsePresentedToken(parseParameters(raw));

  it.each(['token=abc', 'token=abc&token_type_hint=refresh_token', 'token=abc&x=1&x=2', 'client_id=a&token=abc'])(
    'is read from %s',
    (raw) => {
      expect(read(raw)).toBe('abc');
    },
  );

  it.each([
    '',
    'token=',
    'token=%zz',
    'token=a&token=a',
    'token=a&token_type_hint=x&token_type_hint=y',
    'token=a&client_id=x&client_id=y',
    `token=${'t'.repeat(4097)}`,
  ])('%#: is refused', (raw) => {
    expect(refusalOf(() => read(raw)).code).toBe('invalid_request');
  });
});

describe('a token exchange (RFC 8693 §2.1)', () => {
  const type = 'urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token';
  const grant = 'grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange';
  const whole = `${grant}&subject_token=abc&subject_token_type=${type}`;
  const read = (body: string) => parseTokenRequest(parseParameters(body));

  it('is read with and without the type it asks for', () => {
    const request = { grantType: 'urn:ietf:params:oauth:grant-type:token-exchange', subjectToken: 'abc' };
    expect(read(whole)).toEqual(request);
    expect(read(`${whole}&requested_token_type=${type}&scope=left-over`)).toEqual(request);
  });

  it.each([
    ['no subject token', `${grant}&subject_token_type=${type}`, 'invalid_request'],
    ['no subject token type', `${grant}&subject_token=abc`, 'invalid_request'],
    ['another type', `${grant}&subject_token=abc&subject_token_type=jwt`, 'invalid_request'],
    ['another type asked for', `${whole}&requested_token_type=jwt`, 'invalid_request'],
    ['two subject tokens', `${whole}&subject_token=def`, 'invalid_request'],
    [
      'a subject token without end',
      `${grant}&subject_token=${'a'.repeat(4_097)}&subject_token_type=${type}`,
      'invalid_request',
    ],
    ['an actor', `${whole}&actor_token=x`, 'invalid_request'],
    ['an audience', `${whole}&audience=x`, 'invalid_target'],
    ['a resource', `${whole}&resource=https%3A%2F%2Fa.example`, 'invalid_target'],
  ])('is refused with %s', (_name, body, code) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

describe('what a relay takes', () => {
  it('may be longer, and has an end too', () => {
    const form = (length: number) => parseParameters(`grant_type=refresh_token&refresh_token=${'c'.repeat(length)}`);
    expect(parseTokenRequest(form(8_192), 8_192)).toMatchObject({ refreshToken: 'c'.repeat(8_192) });
    expect(() => parseTokenRequest(form(8_193), 8_192)).toThrow('refresh_token is too long.');
  });
});
