import { buildAccessToken, buildRefreshToken, buildRepairToken, deriveMacKey } from '@linkbroker/protocol';
import fc from 'fast-check';
import { scrub } from './redaction.js';

const KEYS = [1, 2, 15, 16, 128, 255].map((id) => deriveMacKey(id, Buffer.alloc(32, id)));
const keys = (id: number) => KEYS.find((key) => key.id === id);
const macKeyId = fc.constantFrom(...KEYS.map(({ id }) => id));
const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((octets) => Buffer.from(octets));
const refreshToken = fc
  .record({ macKeyId, grantId: fc.uuid(), grantSecret: sixteen, generation: fc.nat({ max: 0xffff_ffff }) })
  .map((claims) => buildRefreshToken(claims, '0195e7a0-0000-7000-8000-000000000001', keys));
const accessToken = fc
  .record({
    macKeyId,
    grantId: fc.uuid(),
    accessSecret: sixteen,
    issuedAt: fc.nat({ max: 2 ** 47 }),
    ttlSeconds: fc.nat(),
  })
  .map((claims) => buildAccessToken(claims, keys));
const repairToken = fc
  .record({
    macKeyId,
    tenantId: fc.uuid(),
    linkId: fc.uuid(),
    expiresAt: fc.date({ min: new Date(0), max: new Date(2 ** 41), noInvalidDate: true }),
  })
  .map((claims) => buildRepairToken(claims, keys));

/** Ways a value comes to stand in a line. */
const around = fc.constantFrom<(value: string) => string>(
  (value) => value,
  (value) => `refused ${value} for ever`,
  (value) => `token:${value}`,
  (value) => `token=${value}&a=b`,
  (value) => `"${value}"`,
  (value) => `(${value})`,
  (value) => `https://a.example/${value}/x`,
  (value) => `first line\n${value}\nlast line`,
  (value) => `\t${value}`,
  (value) => `\u0001${value}`,
);

describe('a token of ours', () => {
  it.each([
    ['refresh', refreshToken],
    ['access', accessToken],
    ['repair', repairToken],
  ])('(%s) survives nowhere: not in text, and not in the JSON of a line', (_, token) => {
    fc.assert(
      fc.property(token, around, (value, put) => {
        const text = put(value);
        for (const line of [text, JSON.stringify({ msg: text })]) expect(scrub(line)).not.toContain(value.slice(3, 20));
      }),
      { numRuns: 500 },
    );
  });

  it('is no reason to cut what is only as long', () => {
    const digest = 'e'.repeat(64);
    for (const harmless of [digest, 'x'.repeat(72), 'E'.repeat(40), `https://a.example/${'path/'.repeat(30)}`]) {
      expect(scrub(harmless)).toBe(harmless);
    }
  });
});

describe('secrets of others, by their shape', () => {
  const SECRETS: readonly [string, string, string][] = [
    ['a webhook secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'MfKQ9r8G'],
    ['a JWT', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJl', 'eyJzdWIi'],
    ['a JWT without a signature', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9.', 'eyJzdWIi'],
    ['an Amazon access token', 'Atza|IwEBIJ-x_9/+=secretsecret', 'secretsecret'],
    ['an Amazon refresh token', 'Atzr|IwEBIJ-secretsecret', 'secretsecret'],
    ['a Google access token', 'ya29.a0Af_secretsecret', 'secretsecret'],
    ['a Google refresh token', '1//0g-secretsecret', 'secretsecret'],
    ['a GitHub token', 'gho_secretsecretsecret', 'secretsecret'],
    ['a GitHub refresh token', 'ghr_secretsecretsecret', 'secretsecret'],
    ['a Slack token', 'xoxb-1234-secretsecret', 'secretsecret'],
    ['a Bearer header', 'Bearer secretsecret', 'secretsecret'],
    ['a Basic header', 'basic c2VjcmV0OnNlY3JldA==', 'c2VjcmV0'],
    ['an e-mail address', 'alice.smith+x@mail.example.com', 'alice'],
    ['a password in an address', 'postgres://app:s3cret@db:5432/x', 's3cret'],
    ['a password without a user', 'redis://:s3cret@127.0.0.1:6379', 's3cret'],
    ['an access token parameter', 'access_token=s3cret', 's3cret'],
    ['a refresh token parameter', 'refresh_token=s3cret', 's3cret'],
    ['an id token parameter', 'id_token=s3cret', 's3cret'],
    ['a subject token parameter', 'subject_token=s3cret', 's3cret'],
    ['a token parameter', 'token=s3cret', 's3cret'],
    ['a code', 'code=s3cret', 's3cret'],
    ['a verifier', 'code_verifier=s3cret', 's3cret'],
    ['a state', 'state=Amas3cret%2B%2F', 's3cret'],
    ['a client secret', 'client_secret=s3cret', 's3cret'],
    ['a password parameter', 'password=s3cret', 's3cret'],
    ['a nonce', 'nonce=s3cret', 's3cret'],
    ['a parameter in capitals', 'STATE=s3cret', 's3cret'],
  ];

  it.each(SECRETS)('%s', (_, text, secret) => {
    const texts = [
      text,
      `it was ${text} that failed`,
      `https://a.example/cb?x=1&${text}&y=2`,
      `["${text}"]`,
      `first\n${text}\nlast`,
      `first\t${text}`,
    ];
    for (const line of texts.flatMap((put) => [
      put,
      JSON.stringify({ msg: put }),
      JSON.stringify({ err: { stack: put } }),
    ])) {
      expect(scrub(line)).not.toContain(secret);
    }
  });

  it.each(SECRETS)('%s after every escape of JSON', (_, text, secret) => {
    for (const escaped of '\n\r\t\b\f\\"\u0001') {
      expect(scrub(JSON.stringify({ msg: `${escaped}${text}${escaped}` }))).not.toContain(secret);
    }
  });

  it('leave what stands around them, and lines that are still JSON', () => {
    expect(scrub('GET https://a.example/cb?code=s3cret&state=x%2B&y=2 took 3 ms')).toBe(
      'GET https://a.example/cb?code=[redacted]&state=[redacted]&y=2 took 3 ms',
    );
    expect(scrub('redis://:s3cret@cache:6379/0')).toBe('redis://:[redacted]@cache:6379/0');
    for (const [, text] of SECRETS) {
      const line = JSON.stringify({ msg: `"${text}"\n${text}`, after: 1 });
      expect(JSON.parse(scrub(line))).toMatchObject({ after: 1 });
    }
  });
});

it.each([
  'listening on http://127.0.0.1:4000',
  'connect ECONNREFUSED 127.0.0.1:5432',
  'GET /oauth/authorize 302 in 12 ms',
  'skill alexa-lights of tenant acme, link 0195e7a0-0000-7000-8000-000000000001, reference K7QX-3M2P',
  'grant.refreshed generation 7 to 8',
  'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
  'the token endpoint answered 503; the code was refused; state unknown',
  '    at readConfigFile (/app/libs/configuration/src/read-config-file.ts:25:48)',
  'node_modules/@nestjs/core/router.js',
  '2026-11-22T12:00:00.000Z',
])('leaves %j alone', (line) => {
  expect(scrub(line)).toBe(line);
});

it('leaves a line of JSON a line of JSON with the same fields, whatever is in it', () => {
  const word = fc.constantFrom(
    'token=',
    'Bearer ',
    'eyJabcdefgh.x.',
    'a@b.de',
    '//u:p@h',
    'Atza|',
    'EQ',
    '\\',
    '\n',
    '"',
    '\u0001',
  );
  const text = fc.array(fc.oneof(word, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 30 });
  fc.assert(
    fc.property(text, text, (message, other) => {
      const line = { msg: message.join(''), field: other.join('') };
      expect(Object.keys(JSON.parse(scrub(JSON.stringify(line))) as object)).toEqual(['msg', 'field']);
    }),
    { numRuns: 500 },
  );
});

it.each([
  'a.',
  'a@a.',
  '//',
  '//u:',
  'eyJaaaaaaaa.',
  'EQ',
  '"token":',
  '"token":{',
  '"token":"',
  '\\\\',
  'token',
  'Bearer  ',
])('is done with very much of %j in no time, so that nobody can hold up a process by what it logs', (piece) => {
  const line = piece.repeat(100_000 / piece.length);
  const start = performance.now();
  scrub(line);
  expect(performance.now() - start).toBeLessThan(1_500);
});
