import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createLocalJWKSet, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { callback, ModelParty, type JsonAnswer } from '../../../test/model-party.js';
import { arrivedAt } from '../../../test/upstream-relying-party.js';
import type { Page } from '../../link/phone-browser.js';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const [own, foreign] = [pair(), pair()];
const publicKey = own.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const registered = { apple: { teamId: 'TEAM123456', keyId: 'KEY1234567', publicKey } };

let apple: ModelParty;
beforeAll(async () => {
  const params = { scope: 'name email', response_mode: 'form_post' };
  apple = await ModelParty.start('apple', { authorize: '/auth/authorize', token: '/auth/token', params }, registered);
});
afterAll(() => apple.close());
beforeEach(() => apple.register(registered));

interface Secret {
  readonly key?: KeyObject;
  readonly kid?: string;
  readonly claims?: JWTPayload;
}

function clientSecret({ key = own.privateKey, kid = 'KEY1234567', claims = {} }: Secret = {}): Promise<string> {
  const iat = apple.world.clock.now / 1000;
  const usual = { iss: 'TEAM123456', sub: 'app', aud: apple.origin, iat, exp: iat + 300 };
  return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: 'ES256', kid }).sign(key);
}

const formOf = (page: Page): Record<string, string> =>
  Object.fromEntries((page.forms[0]?.fields ?? []).map(({ name, value }) => [name, value]));

async function redeem(secret?: Secret, form: Record<string, string> = {}): Promise<JsonAnswer> {
  const code = formOf(await apple.page())['code'] ?? '';
  return apple.redeem(code, { client_secret: await clientSecret(secret), ...form });
}

const refresh = async (token: unknown): Promise<JsonAnswer> =>
  apple.refresh(String(token), { client_secret: await clientSecret() });

it('comes back with a POST from another site, by script or by button', async () => {
  const page = await apple.page();
  expect(page.forms).toMatchObject([{ method: 'POST', action: callback, buttons: [{ label: 'Continue' }] }]);
  expect(formOf(page)).toMatchObject({ state: 's+t/a=te', code: expect.stringMatching(/^c/) as string });
  const script = /<script>(.*)<\/script>/.exec(page.answer.body)?.[1] ?? '';
  const allowed = `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  expect([script, page.answer.headers['content-security-policy']]).toEqual([
    'document.forms[0].submit();',
    expect.stringContaining(allowed),
  ]);
  expect(page.answer.headers['referrer-policy']).toBe('strict-origin');
});

it('posts a refusal as well', async () => {
  const browser = apple.browser();
  const page = await browser.open(apple.authorizeUrl());
  const cancel = /href="(\/apple\/cancel[^"]+)"/.exec(page.answer.body)?.[1] ?? '';
  const end = await browser.open(apple.world.simulatorUrl + cancel);
  expect(formOf(end)).toEqual({ error: 'user_cancelled_authorize', state: 's+t/a=te' });
});

it('tells the name at the first authorization, and again after a revocation', async () => {
  const told = async () => JSON.parse(formOf(await apple.page())['user'] ?? 'null') as unknown;
  const name = { name: { firstName: 'Alice', lastName: 'Lindqvist' }, email: 'alice@acme-home.example' };
  expect([await told(), await told()]).toEqual([name, null]);
  const { json: tokens } = await redeem();
  const form = { client_id: 'app', client_secret: await clientSecret(), token: String(tokens['refresh_token']) };
  expect((await apple.call('POST', '/auth/revoke', { body: new URLSearchParams(form) })).status).toBe(200);
  expect((await refresh(tokens['refresh_token'])).json['error']).toBe('invalid_grant');
  expect(apple.model.counters().revocations).toBe(1);
  expect(await told()).toEqual(name);
});

it.each([
  ['name', 'query', 400],
  ['email', undefined, 400],
  ['email', 'fragment', 400],
  ['', 'fragment', 400],
  ['openid', undefined, 200],
  ['name', 'form_post', 200],
])('takes scope %j with response_mode %j: %i', async (scope, response_mode, status) => {
  expect((await apple.browser().open(apple.authorizeUrl({ scope, response_mode }))).status).toBe(status);
});

it('redirects where nothing personal is asked for', async () => {
  const arrived = arrivedAt(await apple.page({ scope: undefined, response_mode: 'query' })).searchParams;
  expect([...arrived.keys()]).toEqual(['code', 'state']);
});

it('gives an id_token that verifies', async () => {
  const { json: tokens } = await redeem();
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
  const { json: keys } = await apple.call('GET', '/auth/keys');
  const set = createLocalJWKSet(keys as unknown as Parameters<typeof createLocalJWKSet>[0]);
  const { payload } = await jwtVerify(String(tokens['id_token']), set, {
    issuer: apple.origin,
    audience: 'app',
    currentDate: new Date(apple.world.clock.now),
  });
  expect(payload).toMatchObject({ email: 'alice@acme-home.example', nonce_supported: true });
  expect(payload).not.toHaveProperty('name');
  const { json: metadata } = await apple.call('GET', '/.well-known/openid-configuration');
  expect(metadata).toMatchObject({ issuer: apple.origin, jwks_uri: `${apple.origin}/auth/keys` });
  expect(metadata).not.toHaveProperty('userinfo_endpoint');
});

it('refreshes without a new refresh token', async () => {
  const { json: tokens } = await redeem();
  for (let time = 0; time < 2; time += 1) {
    const { status, json } = await refresh(tokens['refresh_token']);
    expect([status, Object.keys(json)]).toEqual([200, ['access_token', 'token_type', 'expires_in']]);
  }
});

describe('the client secret', () => {
  const now = Date.UTC(2026, 10, 22, 12) / 1000;
  it.each<[string, Secret]>([
    ['another key', { key: foreign.privateKey }],
    ['another key id', { kid: 'KEY0000000' }],
    ['another team', { claims: { iss: 'TEAM000000' } }],
    ['another client', { claims: { sub: 'other' } }],
    ['another audience', { claims: { aud: 'https://example.com' } }],
    ['a past', { claims: { exp: now - 1 } }],
    ['more than six months', { claims: { exp: now + 15_777_001 } }],
  ])('is refused with %s', async (_name, secret) => {
    const answer = await redeem(secret);
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_client']);
  });

  it('may live for six months', async () => {
    expect((await redeem({ claims: { exp: now + 15_777_000 } })).status).toBe(200);
  });

  it('is no password', async () => {
    expect((await redeem({}, { client_secret: 'a password' })).json['error']).toBe('invalid_client');
  });
});

it('has no other word for another redirect URI than invalid_grant', async () => {
  expect((await redeem({}, { redirect_uri: `${callback}/more` })).json['error']).toBe('invalid_grant');
});
