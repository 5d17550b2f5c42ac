import type { Fault } from '@linkbroker/simulator';
import { eventually } from '@linkbroker/testing';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { LAYLA, press, referenceOn, SECRET, signIn, TimelineWorld, wrongly } from './support/timeline-world.js';

describe('the timeline of links that fail', () => {
  let world: TimelineWorld;
  beforeAll(async () => {
    world = await TimelineWorld.start();
  }, 90_000);
  afterAll(() => world.close());
  beforeEach(() => {
    world.begin();
  });

  test('a link that works has every step on it, with the latency of our answers, and no failure', async () => {
    const { code, reference } = await world.link();
    const tokens = (await (await world.redeem(code)).json()) as { access_token: string; refresh_token: string };
    await world.askTokens({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    await world.recorded('token.answered', `outcome = 'rotated'`);
    const attempt = await world.ask(`traces?ref=${reference}`);
    expect(attempt.body.causes).toEqual([]);
    const whole = (await world.ask(`links/${attempt.body.link?.id ?? ''}/timeline`)).body;
    expect(whole.entries.map(({ name }) => name)).toEqual([
      'authorize.started',
      'page.shown',
      'upstream.redirected',
      'upstream.exchanged',
      'upstream.identified',
      'code.issued',
      'token.answered',
      'token.answered',
    ]);
    expect(whole.entries.at(-1)).toMatchObject({ outcome: 'rotated', ms: expect.any(Number) as number });
    expect(whole.entries.find(({ name }) => name === 'upstream.exchanged')?.data).toMatchObject({
      sent: { grant_type: 'authorization_code' },
      received: { token_type: expect.stringMatching(/bearer/i) as string, expires_in: expect.any(Number) as number },
    });
    for (const secret of [code, tokens.access_token, tokens.refresh_token, SECRET, 'upstream-secret']) {
      expect(JSON.stringify(whole)).not.toContain(secret);
    }
  });

  test('1: the page was shown, and the household left', async () => {
    const { browser } = world.phone();
    await browser.open(world.authorizeUrl());
    await world.recorded('page.shown');
    const reference = await world.newest();
    expect(await world.causesOf(reference)).toEqual([]);
    await world.later(reference, 20);
    expect(await world.causesOf(reference)).toEqual(['page_left']);
  });

  test('2: the household went to the provider and never came back', async () => {
    const { browser } = world.phone();
    await press(browser, await browser.open(world.authorizeUrl()));
    await world.recorded('upstream.redirected');
    const reference = await world.newest();
    await world.later(reference, 20);
    expect(await world.causesOf(reference)).toEqual(['never_came_back']);
  });

  test('3: a code was issued, and Alexa never came for the tokens', async () => {
    const { reference } = await world.link();
    await world.later(reference, 5);
    const { causes } = (await world.ask(`traces?ref=${reference}`)).body;
    expect(causes).toMatchObject([
      { id: 'no_token_request', severity: 'failure', rules: expect.arrayContaining(['R57']) as string[] },
    ]);
    expect(causes[0]?.symptom).toMatch(/We were unable to link/);
  });

  test('4: the way back ended in another browser, without our cookie', async () => {
    const { browser, hops } = world.phone();
    await signIn(browser, await press(browser, await browser.open(world.authorizeUrl())));
    const callback = hops.find((hop) => hop.startsWith(`${world.stage.brokerUrl}/callback/`)) ?? '';
    const first = world.phone();
    const started = await press(first.browser, await first.browser.open(world.authorizeUrl()));
    const state = new URL(started.url).searchParams.get('state') ?? '';
    await fetch(callback.replace(/state=[^&]*/, `state=${encodeURIComponent(state)}`));
    await world.recorded('callback.without_cookie');
    expect(await world.causesOf(await world.newest())).toEqual(['cookie_missing']);
  });

  test('5: the provider sent back another state than it was given', async () => {
    const { browser } = world.phone();
    const login = await press(browser, await browser.open(world.authorizeUrl()));
    const state = new URL(login.url).searchParams.get('state') ?? '';
    const changed = `${state.slice(0, 24)}${randomBytes(12).toString('base64url')}`.padEnd(state.length, 'A');
    const query = new URLSearchParams({ code: 'x', state: changed.slice(0, state.length) });
    await browser.open(`${world.stage.brokerUrl}/callback/wrong/home?${query.toString()}`);
    await world.recorded('callback.refused');
    expect(await world.causesOf(await world.newest())).toEqual(['state_changed']);
  });

  test('5b: the state is gone altogether: the page’s own reference leads to the cause', async () => {
    const { browser } = world.phone();
    await press(browser, await browser.open(world.authorizeUrl()));
    const page = await browser.open(`${world.stage.brokerUrl}/callback/wrong/home?code=x`);
    await world.recorded('callback.refused');
    expect(await world.causesOf(referenceOn(page))).toEqual(['state_changed']);
    expect(await world.causesOf(referenceOn(page).toLowerCase().replace('-', ''))).toEqual(['state_changed']);
  });

  test('6: the household said no', async () => {
    const { browser } = world.phone();
    const page = await browser.open(world.authorizeUrl());
    const form = page.forms.find(({ action }) => action.endsWith('/cancel'));
    if (!form) throw new Error('nothing to cancel with');
    await browser.submit(page, form, form.buttons[0], new Map());
    await world.recorded('link.cancelled');
    const { causes } = (await world.ask(`traces?ref=${await world.newest()}`)).body;
    expect(causes).toMatchObject([{ id: 'household_cancelled', severity: 'note' }]);
  });

  const token = 'upstream.token';
  test.each<[string, Fault, string]>([
    [
      '7: the provider answers with an error of its own',
      { target: token, kind: 'status', value: 500 },
      'provider_away',
    ],
    [
      '8: the provider answers with something that is no JSON',
      { target: token, kind: 'garbage', as: 'html' },
      'connector_misconfigured',
    ],
  ])('%s', async (_, fault, cause) => {
    world.stage.simulator.faults.add(fault);
    const { browser } = world.phone();
    const page = await signIn(browser, await press(browser, await browser.open(world.authorizeUrl())));
    await world.recorded('upstream.failed');
    expect(await world.causesOf(referenceOn(page))).toEqual([cause]);
  });

  test('9: the provider refuses our client secret', async () => {
    const { browser } = world.phone();
    const page = await signIn(browser, await press(browser, await browser.open(world.authorizeUrl()), 1));
    await world.recorded('upstream.failed');
    expect(await world.causesOf(referenceOn(page))).toEqual(['provider_refuses_our_client']);
  });

  test('10: the provider gave no refresh token', async () => {
    const { reference, code } = await world.link({}, 2);
    await world.redeem(code);
    expect(await world.causesOf(reference)).toEqual(['no_upstream_refresh_token']);
  });

  test('11: the redirect URI of another region is missing', async () => {
    const { browser } = world.phone();
    const page = await browser.open(world.authorizeUrl({ redirect_uri: LAYLA }));
    expect(page.status).toBe(400);
    await world.recorded('authorize.refused');
    const { causes } = (await world.ask(`traces?ref=${referenceOn(page)}`)).body;
    expect(causes).toMatchObject([
      { id: 'redirect_uri_other_region', evidence: expect.stringContaining('layla.amazon.com') as string },
    ]);
  });

  test('12: the code verifier does not match', async () => {
    const challenge = createHash('sha256').update('one').digest('base64url');
    const { code, reference } = await world.link({ code_challenge: challenge, code_challenge_method: 'S256' });
    expect((await world.redeem(code, { code_verifier: 'x'.repeat(43) })).status).toBe(400);
    await world.recorded('code.refused');
    const linkId = (await world.ask(`traces?ref=${reference}`)).body.link?.id ?? '';
    const { causes } = (await world.ask(`links/${linkId}/timeline`)).body;
    expect(causes.map(({ id }) => id)).toContain('code_refused');
  });

  test('13: the client secret is wrong, or yesterday’s', async () => {
    expect((await world.redeem('x', { client_secret: 'another-secret' })).status).toBe(401);
    await world.stage.apply(wrongly(world.stage.simulatorUrl).replace(SECRET, 'lamps-secret-3'));
    await world.sql(`UPDATE linkbroker.client_secrets SET retired_at = now() WHERE superseded_at IS NOT NULL`);
    await eventually('the old secret to be refused', async () => (await world.redeem('x')).status === 401);
    await world.recorded('client.refused', `outcome = 'old_secret'`);
    const { causes } = (await world.ask('traces?tenant=wrong&name=client.refused')).body;
    expect(causes.map(({ id }) => id).sort()).toEqual(['client_secret_of_yesterday', 'client_secret_wrong']);
  });

  test('14: a code that was brought with a wrong secret is a wrong secret, not a missing request', async () => {
    const { code, reference } = await world.link();
    expect((await world.redeem(code, { client_secret: 'another-secret' })).status).toBe(401);
    await world.recorded('client.refused');
    await world.sql(`UPDATE linkbroker_timeline.entries SET at = at - interval '5 minutes'`);
    expect(await world.causesOf(reference)).toEqual(['client_secret_wrong']);
  });

  test('a state is found by its fingerprint, and by nothing else', async () => {
    const state = `${randomUUID()}+/=`;
    const { browser } = world.phone();
    await browser.open(world.authorizeUrl({ state }));
    const path = `traces?tenant=wrong&state=${encodeURIComponent(state)}`;
    await eventually('the attempt', async () => (await world.ask(path)).body.entries.length === 1);
    expect((await world.ask(`traces?tenant=demo&state=${encodeURIComponent(state)}`)).body.entries).toEqual([]);
    expect((await world.ask(`traces?tenant=wrong&state=${encodeURIComponent(`${state}x`)}`)).body.entries).toEqual([]);
    await browser.open(world.authorizeUrl({ state, redirect_uri: LAYLA }));
    await eventually('the refused one', async () => (await world.ask(path)).body.entries.length === 2);
  });

  test('the support case is filled in from the attempt', async () => {
    const { reference } = await world.link();
    await world.later(reference, 5);
    const { status, text } = await world.ask(`support-case?ref=${reference}`);
    expect(status).toBe(200);
    for (const part of [
      'North America (NA)',
      'iOS',
      '2.2.651540.0',
      `${world.stage.brokerUrl}/oauth/authorize`,
      reference,
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/Skill ID: \[PLEASE FILL IN/);
    expect(text).toContain('Alexa never asked for the tokens');
    const at = new Date(Date.now() - 5 * 60_000).toISOString();
    expect((await world.ask(`support-case?tenant=wrong&at=${at}`)).text).toContain('What our server saw (reference');
    expect((await world.ask('support-case?tenant=wrong&at=2020-01-01')).status).toBe(404);
  });

  test('nobody without the key sees anything, and what is not understood is told', async () => {
    for (const authorization of [undefined, 'Bearer x', 'Basic YTpi']) {
      const response = await world.askAs('traces?tenant=wrong', authorization);
      expect([response.status, response.headers.get('content-type')]).toEqual([
        401,
        'application/problem+json; charset=utf-8',
      ]);
    }
    expect((await world.ask('traces')).status).toBe(400);
    expect((await world.ask('traces?tenant=wrong&from=yesterday')).status).toBe(400);
    expect((await world.ask('traces?ref=AAAA-AAAA')).status).toBe(404);
    expect((await world.ask(`links/${randomUUID()}/timeline`)).status).toBe(404);
    expect((await world.ask('links/1/timeline')).status).toBe(404);
  });
});
