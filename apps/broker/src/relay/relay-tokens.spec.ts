import { redeem, refresh } from '../../test/alexa.js';
import { form, json, type RelayUpstream } from '../../test/relay-upstream.js';
import { BACKEND, OWN, PASSED, startRelayWorld, text, THEIR_SECRET, type RelayWorld } from '../../test/relay-world.js';
import { REDIRECT, type TestBroker } from '../../test/test-broker.js';

let world: RelayWorld;
let broker: TestBroker;
let door: TestBroker;
let upstream: RelayUpstream;

beforeAll(async () => {
  world = await startRelayWorld();
  ({ broker, door, upstream } = world);
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.reset());

describe('a code', () => {
  test('is redeemed with the existing server’s own credentials, and comes out as Alexa wants it', async () => {
    const code = upstream.newCode();
    const answer = await redeem(broker, OWN, code, { code_verifier: 'v'.repeat(43) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8');
    expect([answer.headers.get('cache-control'), answer.headers.get('pragma')]).toEqual(['no-store', 'no-cache']);
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^at-/) as string,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^rt-/) as string,
    });
    const seen = upstream.requests.at(-1)!;
    expect(seen.authorization).toMatch(/^Basic /);
    expect(Object.fromEntries(seen.form)).toEqual({
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT,
      code_verifier: 'v'.repeat(43),
    });
  });

  test('is redeemed with what Alexa presented where nothing else is configured', async () => {
    expect((await redeem(broker, PASSED, upstream.newCode())).status).toBe(200);
    const seen = upstream.requests.at(-1)!;
    expect(seen.form.get('client_secret')).toBe(PASSED.clientSecret);
  });

  test('that comes again is given the same answer, at either replica', async () => {
    const code = upstream.newCode();
    const first = await redeem(broker, OWN, code);
    const again = await redeem(door, OWN, code);
    expect([again.status, text(again)]).toEqual([200, text(first)]);
    expect(upstream.presented(code)).toBe(1);
  });

  test('with another verifier is not given what the first one brought', async () => {
    const code = upstream.newCode();
    await redeem(broker, OWN, code, { code_verifier: 'v'.repeat(43) });
    const other = await redeem(broker, OWN, code, { code_verifier: 'w'.repeat(43) });
    expect([other.status, other.body['error']]).toEqual([400, 'invalid_grant']);
    // Shown twice, the existing server might end what the first one brought.
    expect(upstream.presented(code)).toBe(1);
  });

  test('is not even shown to the existing server by a client that cannot prove itself', async () => {
    const code = upstream.newCode();
    const answer = await redeem(broker, { ...OWN, clientSecret: THEIR_SECRET }, code);
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
    expect((await redeem(broker, BACKEND, code)).body['error']).toBe('unauthorized_client');
    expect(upstream.presented(code)).toBe(0);
  });
});

describe('a refresh token', () => {
  test('whose answer was lost is given the same answer again, and its family lives', async () => {
    const token = upstream.newFamily();
    const first = await refresh(broker, OWN, token);
    const again = await refresh(door, OWN, token);
    expect([first.status, text(again)]).toEqual([200, text(first)]);
    broker.clock.advance({ hours: 23 });
    expect(text(await refresh(broker, OWN, token))).toBe(text(first));
    expect(upstream.presented(token)).toBe(1);
    expect((await refresh(broker, OWN, String(first.body['refresh_token']))).status).toBe(200);
  });

  test('that comes twenty times at once, at two replicas, is presented once', async () => {
    const token = upstream.newFamily();
    const everybodyHasAsked = world.claims(20);
    upstream.faults.push(async (serve) => {
      const answer = serve();
      await everybodyHasAsked;
      return answer;
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => refresh(index % 2 === 0 ? broker : door, OWN, token)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(text)).size).toBe(1);
    expect(upstream.presented(token)).toBe(1);
    expect((await refresh(door, OWN, String(answers[0]!.body['refresh_token']))).status).toBe(200);
  });

  test('that is dead is refused, and refused again without asking', async () => {
    const token = upstream.newFamily();
    upstream.faults.push(() => json({ error: 'invalid_grant', error_description: 'user said no' }, 400));
    for (const at of [broker, door]) {
      const answer = await refresh(at, OWN, token);
      expect([answer.status, answer.body['error'], answer.headers.get('retry-after')]).toEqual([
        400,
        'invalid_grant',
        null,
      ]);
      expect(text(answer)).not.toContain('user said no');
    }
    expect(upstream.presented(token)).toBe(1);
  });

  test('that is not replaced is presented again for the next access token, and not for a repeat', async () => {
    upstream.rotates = false;
    const token = upstream.newFamily();
    const first = await refresh(broker, OWN, token);
    expect(text(await refresh(door, OWN, token))).toBe(text(first));
    broker.clock.advance({ seconds: 61 });
    const next = await refresh(broker, OWN, token);
    expect([next.status, next.body['refresh_token']]).toEqual([200, token]);
    expect(next.body['access_token']).not.toBe(first.body['access_token']);
    expect(upstream.presented(token)).toBe(2);
  });
});

describe('GitHub', () => {
  test('answers a form, which comes out as JSON with what is missing', async () => {
    upstream.style = () => form({ access_token: 'gho_1', scope: 'repo,gist', token_type: 'bearer' });
    const answer = await redeem(broker, OWN, upstream.newCode());
    expect([answer.status, answer.body]).toEqual([
      200,
      { access_token: 'gho_1', token_type: 'Bearer', expires_in: 7200, scope: 'repo,gist' },
    ]);
    expect(world.log()).toMatch(/relay\.repaired.*form-encoded, expires_in missing/s);
  });

  test('refuses with 200, which comes out as a refusal', async () => {
    upstream.faults.push(() => form({ error: 'bad_verification_code', error_description: 'incorrect or expired' }));
    const answer = await redeem(broker, OWN, 'gone');
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
  });
});
