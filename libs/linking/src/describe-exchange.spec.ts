import fc from 'fast-check';
import { describeBody, describeExchange } from './describe-exchange.js';

const FORM = 'application/x-www-form-urlencoded';
const request = (body: string) => ({
  method: 'POST' as const,
  url: 'https://x.example/',
  headers: { 'content-type': FORM },
  body,
});

test('names the fields of both sides, and shows values only where they explain something', () => {
  const sent =
    'grant_type=authorization_code&code=c0de-c0de&client_secret=hunter2&redirect_uri=https%3A%2F%2Fb.example%2F';
  const received = {
    access_token: 'at-12345678',
    token_type: 'Bearer',
    expires_in: 3600,
    scope: 'a b',
    nested: { x: 1 },
    list: [1],
  };
  const described = describeExchange(request(sent), {
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify(received),
  });
  expect(described).toEqual({
    sent: {
      grant_type: 'authorization_code',
      code: '9 characters',
      client_secret: '7 characters',
      redirect_uri: 'https://b.example/',
    },
    received: {
      access_token: '11 characters',
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'a b',
      nested: 'an object',
      list: 'a list of 1',
    },
    contentType: 'application/json',
  });
});

test.each([
  [
    'an error',
    '{"error":"invalid_grant","error_description":"gone"}',
    'application/json',
    { error: 'invalid_grant', error_description: 'gone' },
  ],
  ['a form that says it is JSON', 'error=bad&access_token=12345', 'application/json', { error: undefined }],
  ['JSON that says it is text', '{"ok":false}', 'text/plain', { ok: false }],
  ['a page', '<html>secret</html>', 'text/html', { unreadable: '19 characters' }],
  ['nothing', '', undefined, { unreadable: '0 characters' }],
])('reads %s', (_, body, contentType, expected) => {
  const described = describeBody(body, contentType);
  for (const [name, value] of Object.entries(expected)) expect(described[name]).toEqual(value);
});

test('never shows a value of an unknown name, whatever the body is', () => {
  const secret = 'hunter2-hunter2';
  const name = fc
    .string({ minLength: 1 })
    .filter((text) => !/^(?:grant_type|token_type|expires_in|scope|redirect_uri|client_id|error|ok|status)/.test(text));
  const field = fc.tuple(name, fc.constantFrom(secret, [secret], { x: secret }));
  const json = fc.array(field).map((fields) => JSON.stringify(Object.fromEntries(fields)));
  const form = fc.array(name).map((names) => names.map((one) => `${encodeURIComponent(one)}=${secret}`).join('&'));
  fc.assert(
    fc.property(fc.oneof(json, form), fc.constantFrom('application/json', FORM, undefined), (body, contentType) => {
      expect(JSON.stringify(describeBody(body, contentType))).not.toContain(secret);
    }),
  );
});

test('what was sent as a secret is not shown when it comes back in words', () => {
  const basic = Buffer.from(`client:${encodeURIComponent('basic secret/1')}`).toString('base64');
  const sent = {
    ...request('grant_type=authorization_code&code=c0de+c0de&code_verifier=ver1fier&client_secret=hunter%2F2'),
    headers: { 'content-type': FORM, authorization: `Basic ${basic}` },
  };
  const echo = `bad code c0de c0de, secret hunter/2 or hunter%2F2, ver1fier, basic secret/1, ${basic}`;
  const body = JSON.stringify({ error: 'invalid_request', error_description: echo });
  const { received } = describeExchange(sent, { status: 400, contentType: 'application/json', body });
  expect(received).toEqual({
    error: 'invalid_request',
    error_description: 'bad code [redacted], secret [redacted] or [redacted], [redacted], [redacted], [redacted]',
  });
});

test('nor is a part of it, where a long answer is cut', () => {
  const sent = request('code=0123456789abcdef');
  for (let before = 270; before < 310; before += 1) {
    const body = JSON.stringify({ error_description: `${'x'.repeat(before)}0123456789abcdef` });
    const { received } = describeExchange(sent, { status: 400, contentType: 'application/json', body });
    expect(received['error_description']).not.toContain('0123');
  }
});
