import { expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { formsOf, leakSearch } from './leak-search.mjs';

const SECRET = 'p+lant/ed="sécret" & 100%';
const found = (text, secret = SECRET) => leakSearch([{ secret, what: 'a kind' }]).in(Buffer.from(text));
const kind = (text, secret) => found(text, secret).map(({ form }) => form);

test.each([
  ['as it is', SECRET],
  ['percent-encoded', encodeURIComponent(SECRET)],
  ['percent-encoded', encodeURIComponent(SECRET).toLowerCase()],
  ['percent-encoded', new URLSearchParams({ token: SECRET }).toString()],
  ['JSON-escaped', JSON.stringify({ token: SECRET })],
  ['JSON-escaped', JSON.stringify({ body: JSON.stringify({ token: SECRET }) })],
  ['hexadecimal', `\\x${Buffer.from(SECRET).toString('hex')}`],
])('a planted secret is found %s: %s', (form, text) => {
  expect(kind(text)).toEqual([form]);
  expect(kind(`{"msg":"before ${text} and after"}`)).toEqual([form]);
});

test.each([0, 1, 2, 3, 40])('in base64 it is found after %d other octets, whatever follows', (before) => {
  const secret = 'a-client-secret-1';
  for (const encoding of ['base64', 'base64url']) {
    for (const after of ['', ':', '::', 'more']) {
      const text = Buffer.from('x'.repeat(before) + secret + after).toString(encoding);
      expect(kind(`Basic ${text}`, secret)).toEqual(['base64']);
    }
  }
});

test('a client secret that was percent-encoded before base64, as RFC 6749 §2.3.1 has it', () => {
  const credentials = `${encodeURIComponent('client')}:${encodeURIComponent(SECRET)}`;
  expect(kind(Buffer.from(credentials).toString('base64'))).toEqual(['base64']);
});

test('what is not there is not found, and what is too short is not looked for', () => {
  const search = leakSearch([
    { secret: randomBytes(24).toString('base64url'), what: 'token' },
    { secret: 'short', what: 'password' },
  ]);
  expect(search.secrets).toBe(1);
  expect(search.in(Buffer.from(`short ${randomBytes(30_000).toString('base64')}`))).toEqual([]);
});

test('each of ten thousand secrets is found at its own line', () => {
  const noted = Array.from({ length: 10_000 }, (_, index) => ({
    secret: randomBytes(18).toString('base64url'),
    what: `kind ${index}`,
  }));
  const search = leakSearch(noted);
  for (const index of [0, 4_711, 9_999]) {
    const text = Buffer.from(`one\ntwo ${noted[index].secret}\nthree`);
    expect(search.in(text)).toEqual([{ line: 2, what: `kind ${index}`, form: 'as it is' }]);
  }
});

test('secrets that begin alike are told apart', () => {
  const noted = ['eyJhbGciOiJSUzI1NiJ9.first', 'eyJhbGciOiJSUzI1NiJ9.second'].map((secret) => ({
    secret,
    what: secret,
  }));
  const [hit] = leakSearch(noted).in(Buffer.from('id eyJhbGciOiJSUzI1NiJ9.second'));
  expect(hit.what).toBe('eyJhbGciOiJSUzI1NiJ9.second');
  expect(formsOf('eyJhbGciOiJSUzI1NiJ9.first').get('eyJhbGciOiJSUzI1NiJ9.first')).toBe('as it is');
});
