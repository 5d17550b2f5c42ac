import { redact, redactBody, redactParam, redactPath, redactQuery, redactText } from './redact.js';

it('shows six characters of a token and none of a short secret', () => {
  expect([redact('abcdefghijklmnop'), redact('short')]).toEqual(['abcdef…', '…']);
});

it('hides client secrets and cuts tokens, states and long values', () => {
  expect(redactParam('client_secret', 'a long secret indeed')).toBe('…');
  expect(redactParam('state', 'x'.repeat(1108))).toBe('xxxxxx… (1,108 characters)');
  expect(redactParam('scope', 'lights heating')).toBe('lights heating');
  expect(redactParam('anything', 'y'.repeat(121))).toBe('yyyyyy…');
});

it('cuts handles in paths and leaves words alone', () => {
  expect(redactPath('http://localhost:4000/link/S_xWZjRuMeM23iTARasW9w?a=b')).toBe(
    'http://localhost:4000/link/S_xWZj…',
  );
  const long = 'https://example.com/spa/skill/account-linking-status.html';
  expect(redactPath(long)).toBe(long);
});

it('reads an address as parameters', () => {
  expect(redactQuery('https://example.com/?code=0123456789abcdef&x=1')).toEqual(['code=012345…', 'x=1']);
  const implicit = 'https://example.com/?vendorId=M1#access_token=0123456789abcdef&expires_in=3600';
  expect(redactQuery(implicit)).toEqual(['vendorId=M1', '#access_token=012345…', '#expires_in=3600']);
});

it('keeps the shape of bodies without their secrets', () => {
  const token = 'secret-token-0123456789';
  expect(redactBody(JSON.stringify({ access_token: token, expires_in: 3600, nested: { a: 1 } }))).toBe(
    '{ "access_token": "secret…", "expires_in": 3600, "nested": {"a":1} }',
  );
  expect(redactBody(`access_token=${token}&scope=a`)).toBe('access_token=secret…&scope=a');
  expect(redactBody(`<html>\n  <p>${token}</p>`)).toBe('<html> <p>secret…</p>');
  expect(redactBody(JSON.stringify({ access_token: { deeply: [token] } }))).not.toContain(token);
});

it('shortens free text', () => {
  expect(redactText('word '.repeat(100), 20)).toBe('word word word word …');
});
