import { eventually } from '@linkbroker/testing';
import { basic, link, linked, post, redeem, refresh, authorizeUrl, type Answer } from '../test/alexa.js';
import { ALEXA, BACKEND, REDIRECT, startTestBroker, type TestBroker } from '../test/test-broker.js';

const BOUNDED = { clientId: 'alexa-bounded', clientSecret: 'bounded-secret' };
const RIVAL = { clientId: 'alexa-rival', clientSecret: 'rival-secret' };
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startTestBroker();
}, 60_000);
afterAll(() => broker.close());
// The provider behind the broker goes by the real clock: its id_tokens would be too old after a test that moved ours.
beforeEach(() => broker.clock.set(new Date()));

const token = (answer: Answer, name: 'access_token' | 'refresh_token'): string => String(answer.body[name]);

describe('the answer', () => {
  test('is exactly what Alexa wants, on exchange and on refresh', async () => {
    const { code } = await link(broker);
    expect(code).toMatch(/^[A-Za-z0-9_-]{32}$/);
    const exchanged = await redeem(broker, ALEXA, code);
    const refreshed = await refresh(broker, ALEXA, token(exchanged, 'refresh_token'));
    for (const answer of [exchanged, refreshed]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('pragma')).toBe('no-cache');
      expect(answer.body).toEqual({
        access_token: expect.stringMatching(/^[A-Za-z0-9_-]{80}$/) as string,
        refresh_token: expect.stringMatching(/^[A-Za-z0-9_-]{72}$/) as string,
        token_type: 'Bearer',
        expires_in: 3600,
      });
    }
  });

  const requests: [string, number, string, () => Promise<Answer>][] = [
    ['no credentials', 401, 'invalid_client', () => post(broker, '/oauth/token', { grant_type: 'refresh_token' })],
    ['an unknown client', 401, 'invalid_client', () => redeem(broker, { clientId: 'nobody', clientSecret: 'x' }, 'c')],
    ['a wrong secret', 401, 'invalid_client', () => redeem(broker, { ...ALEXA, clientSecret: 'wrong' }, 'c')],
    [
      'a wrong secret and nonsense besides',
      401,
      'invalid_client',
      () => post(broker, '/oauth/token', 'a=%zz&grant_type=x&grant_type=y&client_id=alexa-lights&client_secret=w'),
    ],
    [
      'no grant_type',
      400,
      'invalid_request',
      () => post(broker, '/oauth/token', '', basic(BOUNDED.clientId, BOUNDED.clientSecret)),
    ],
    [
      'a grant_type of another world',
      400,
      'unsupported_grant_type',
      () => post(broker, '/oauth/token', { grant_type: 'password' }, basic(BOUNDED.clientId, BOUNDED.clientSecret)),
    ],
    [
      'a repeated parameter',
      400,
      'invalid_request',
      () =>
        post(
          broker,
          '/oauth/token',
          'grant_type=refresh_token&grant_type=refresh_token',
          basic(BOUNDED.clientId, BOUNDED.clientSecret),
        ),
    ],
    ['an unknown code', 400, 'invalid_grant', () => redeem(broker, ALEXA, 'x'.repeat(32))],
    ['a forged refresh token', 400, 'invalid_grant', () => refresh(broker, ALEXA, 'garbage')],
    ["the backend's credential", 400, 'unauthorized_client', () => redeem(broker, BACKEND, 'x'.repeat(32))],
    [
      'JSON instead of a form',
      400,
      'invalid_request',
      () => post(broker, '/oauth/token', '{}', { 'content-type': 'application/json' }),
    ],
    ['a body that is too large', 413, 'invalid_request', () => post(broker, '/oauth/token', `a=${'x'.repeat(40_000)}`)],
  ];
  test.each(requests)('to %s is %i %s in JSON', async (_name, status, error, send) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ error, error_description: expect.any(String) as string });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
  });

  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('to %s is 405 in JSON', async (method) => {
    for (const path of ['/oauth/token', '/oauth/revoke', '/oauth/introspect']) {
      const response = await fetch(`${broker.url}${path}`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
      expect(await response.json()).toMatchObject({ error: 'invalid_request' });
    }
  });
});

describe('client authentication', () => {
  const encode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

  test('takes Basic in either encoding, and the body, without being told which', async () => {
    const ways: Record<string, string>[] = [
      basic(ALEXA.clientId, ALEXA.clientSecret),
      basic(encode(ALEXA.clientId), encode(ALEXA.clientSecret)),
    ];
    for (const headers of ways) {
      const { code } = await link(broker);
      const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, client_id: ALEXA.clientId };
      expect((await post(broker, '/oauth/token', form, headers)).status).toBe(200);
    }
  });

  test('takes a client id that is a URL', async () => {
    const answer = await post(
      broker,
      '/oauth/token',
      { grant_type: 'x' },
      basic('https://strict.example/', 'strict-secret'),
    );
    expect(answer.body['error']).toBe('unsupported_grant_type');
  });

  test('refuses header and body that name different clients', async () => {
    const form = { grant_type: 'refresh_token', client_id: RIVAL.clientId };
    const answer = await post(broker, '/oauth/token', form, basic(ALEXA.clientId, ALEXA.clientSecret));
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  test('has two live secrets while one replaces the other', async () => {
    const { refresh: token } = await linked(broker, ALEXA);
    const renewed = { ...ALEXA, clientSecret: 'renewed-secret' };
    expect((await refresh(broker, renewed, token)).status).toBe(401);
    await broker.apply((yaml) => yaml.replace(`["${ALEXA.clientSecret}"]`, '["renewed-secret"]'));
    const isTaken = async () => (await refresh(broker, renewed, token)).status === 200;
    await eventually('the new secret to be taken', isTaken, 10_000);
    expect((await refresh(broker, ALEXA, token)).status).toBe(200);
    await broker.apply();
  });
});

describe('a code', () => {
  test('has one winner among fifty, and its replay does not touch the link', async () => {
    const { code } = await link(broker);
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(broker, ALEXA, code)));
    const winners = answers.filter((answer) => answer.status === 200);
    expect(winners).toHaveLength(1);
    for (const answer of answers)
      if (answer.status !== 200) expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await redeem(broker, ALEXA, code)).body['error']).toBe('invalid_grant');
    expect((await refresh(broker, ALEXA, token(winners[0]!, 'refresh_token'))).status).toBe(200);
    expect(broker.log()).toContain('code.replayed');
  });

  test('is consumed by nothing that does not fit', async () => {
    const { code } = await link(broker);
    expect((await redeem(broker, RIVAL, code)).body['error']).toBe('invalid_grant');
    expect((await redeem(broker, ALEXA, code, { redirect_uri: `${REDIRECT}x` })).body['error']).toBe('invalid_grant');
    expect((await redeem(broker, ALEXA, code, { code_verifier: VERIFIER })).body['error']).toBe('invalid_grant');
    expect((await redeem(broker, ALEXA, code)).status).toBe(200);
  });

  test('may come without a redirect_uri', async () => {
    const { code } = await link(broker);
    const { clientId, clientSecret } = ALEXA;
    const form = { grant_type: 'authorization_code', code, client_id: clientId, client_secret: clientSecret };
    expect((await post(broker, '/oauth/token', form)).status).toBe(200);
  });

  test('with a challenge needs its verifier', async () => {
    const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
    const { code } = await link(broker, authorizeUrl(broker, pkce));
    expect((await redeem(broker, ALEXA, code)).body['error']).toBe('invalid_grant');
    expect((await redeem(broker, ALEXA, code, { code_verifier: `${VERIFIER}x` })).body['error']).toBe('invalid_grant');
    expect((await redeem(broker, ALEXA, code, { code_verifier: VERIFIER })).status).toBe(200);
  });

  test('expires after ten minutes', async () => {
    const { code } = await link(broker);
    broker.clock.advance({ minutes: 11 });
    expect((await redeem(broker, ALEXA, code)).body['error']).toBe('invalid_grant');
  });
});

test('no code, token, secret or state ever reached the log', () => {
  const log = broker.log();
  expect(log.length).toBeGreaterThan(10_000);
  expect(log).not.toMatch(/[A-Za-z0-9_-]{70}/);
  for (const secret of [ALEXA.clientSecret, BACKEND.clientSecret, 'renewed-secret', 'upstream-secret', 'Amas+/state']) {
    expect(log).not.toContain(secret);
  }
});
