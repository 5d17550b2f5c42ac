import { createHash, randomBytes } from 'node:crypto';
import { atAlexa, authorizeUrl, link, linked, phone, press, redeem, signIn } from '../test/alexa.js';
import { ALEXA, REDIRECT, startTestBroker, type TestBroker } from '../test/test-broker.js';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startTestBroker();
}, 60_000);
afterAll(() => broker.close());

const grants = async (): Promise<number> => {
  const [row] = await broker.database.sql<{ count: string }>('SELECT count(*) FROM linkbroker.grants');
  return Number(row?.count);
};

describe('the authorization request', () => {
  test.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['the backend client', { client_id: 'lights-backend' }],
    ['no client', { client_id: undefined }],
    ['an unregistered redirect URI', { redirect_uri: 'https://evil.example/' }],
    ['a redirect URI that is longer', { redirect_uri: `${REDIRECT}/` }],
    ['no redirect URI', { redirect_uri: undefined }],
  ])('of %s is a page and goes nowhere', async (_name, change) => {
    const response = await fetch(authorizeUrl(broker, change), { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).toMatch(/<code>[0-9A-Z]{4}-[0-9A-Z]{4}<\/code>/);
  });

  test.each([
    ['another response type', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['no response type', { response_type: undefined }, 'invalid_request'],
    ['a scope it may not have', { scope: 'lights everything' }, 'invalid_scope'],
    ['a plain challenge', { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }, 'invalid_request'],
    [
      'no challenge where one is required',
      { client_id: 'https://strict.example/', scope: undefined },
      'invalid_request',
    ],
  ])('with %s goes back with an error and the state', async (_name, change, error) => {
    const response = await fetch(authorizeUrl(broker, change), { redirect: 'manual' });
    expect(response.status).toBe(302);
    const location = response.headers.get('location') ?? '';
    expect(location.startsWith(`${REDIRECT}?error=${error}&`)).toBe(true);
    expect(location.endsWith('&state=Amas%2B%2Fstate%3D%3D')).toBe(true);
  });

  test('with a repeated parameter goes back, with an unknown one goes on', async () => {
    const repeated = await fetch(`${authorizeUrl(broker)}&scope=lights`, { redirect: 'manual' });
    expect(repeated.headers.get('location')).toContain('error=invalid_request');
    const unknown = await fetch(`${authorizeUrl(broker)}&ui_locales=de&x=1&x=2`);
    expect(await unknown.text()).toContain('Acme Lights');
  });

  test('binds nothing by itself, whoever looks', async () => {
    const response = await fetch(authorizeUrl(broker));
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.status).toBe(200);
  });
});

describe('the link page', () => {
  test('names the skill, the tenant and Alexa, speaks the language asked for, and offers each connector', async () => {
    const response = await fetch(authorizeUrl(broker), { headers: { 'accept-language': 'de-DE,de;q=0.9' } });
    const page = await response.text();
    expect(page).toContain('lang="de"');
    for (const text of ['Acme Lights', 'Acme Lighting', 'Alexa', 'Weiter mit Acme Home', 'value="gone"'])
      expect(page).toContain(text);
    expect(page).not.toMatch(/<script|https?:\/\/(?!localhost)/);
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('referrer-policy')).toBe('same-origin');
  });

  test('leads through the provider and back, with a state of any shape byte for byte', async () => {
    const states = [randomBytes(831).toString('base64'), 'raw+plus/and=more', '%00%ff-bytes', 'ü'];
    for (const state of states) {
      const { location, code } = await link(broker, authorizeUrl(broker, { state }));
      expect(location.searchParams.get('state')).toBe(state);
      expect(code).toHaveLength(32);
    }
    const long = 'a+/='.repeat(512);
    const { location } = await link(broker, authorizeUrl(broker, { state: long }));
    expect(location.searchParams.get('state')).toBe(long);
  });

  test('keeps a raw plus in the state a plus', async () => {
    const raw = authorizeUrl(broker, { state: undefined });
    const { location } = await link(broker, `${raw}&state=a+b/c=`);
    expect(location.search).toMatch(/&state=a%2Bb%2Fc%3D$/);
  });

  test('cancel tells Alexa so, once', async () => {
    const browser = phone();
    const page = await browser.open(authorizeUrl(broker));
    const form = page.forms.find((candidate) => candidate.action.endsWith('/cancel'))!;
    const end = await browser.submit(page, form, form.buttons[0], new Map());
    expect(end.arrived).toMatch(/\?error=access_denied&.*&state=Amas%2B%2Fstate%3D%3D$/);
    expect((await browser.submit(page, form, form.buttons[0], new Map())).status).toBe(410);
  });

  test("does not take another site's form", async () => {
    const page = await phone().open(authorizeUrl(broker));
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ]) {
      const response = await fetch(page.url, {
        method: 'POST',
        body: new URLSearchParams({ connector: 'home' }),
        headers,
        redirect: 'manual',
      });
      expect(response.status).toBe(403);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
  });

  test('says what is wrong when the provider cannot be reached, and leads back', async () => {
    const browser = phone();
    const failed = await press(browser, await browser.open(authorizeUrl(broker)), 'connector', 'gone');
    expect(failed.status).toBe(503);
    expect(failed.answer.body).toContain('does not answer');
    const form = failed.forms[0]!;
    const again = await browser.submit(failed, form, form.buttons[0], new Map());
    expect((await signIn(browser, await press(browser, again, 'connector', 'home'), 'alice')).arrived).toContain(
      'code=',
    );
  });
});

describe('the callback', () => {
  /** Stops a browser right before it would bring the provider's answer to the callback; from then on it goes on. */
  async function upToCallback(): Promise<{ callback: string; browser: ReturnType<typeof phone> }> {
    const settings = { stopAt: (url: string) => url.startsWith(`${broker.url}/callback/`) };
    const browser = phone(settings);
    const page = await press(browser, await browser.open(authorizeUrl(broker)), 'connector', 'home');
    const { arrived } = await signIn(browser, page, 'alice');
    settings.stopAt = atAlexa;
    return { callback: arrived ?? '', browser };
  }

  test('without the cookie issues nothing, explains, and offers a start here that works', async () => {
    const before = await grants();
    const { callback } = await upToCallback();
    const stranger = phone();
    const page = await stranger.open(callback);
    expect(page.status).toBe(400);
    expect(page.answer.body).toContain('cookie');
    expect(await grants()).toBe(before);
    expect(broker.log()).toContain('callback.without_cookie');
    const form = page.forms.find((candidate) => candidate.action.endsWith('/restart'))!;
    const restarted = await stranger.submit(page, form, form.buttons[0], new Map());
    const end = await signIn(stranger, await press(stranger, restarted, 'connector', 'home'), 'alice');
    expect(new URL(end.arrived!).searchParams.get('state')).toBe('Amas+/state==');
  });

  test('with the cookie still works after a stranger tried, and only once', async () => {
    const { callback, browser } = await upToCallback();
    await phone().open(callback);
    expect((await browser.open(callback)).arrived).toContain('code=');
    expect((await browser.open(callback)).status).toBe(410);
  });

  test.each([
    ['another state', (url: URL) => url.searchParams.set('state', `${'x'.repeat(22)}.${'y'.repeat(32)}`)],
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ["another tenant's path", (url: URL) => (url.pathname = '/callback/rival/home')],
    ['the path of nobody', (url: URL) => (url.pathname = '/callback/nobody/home')],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example')],
    ['no issuer, though the provider promises one', (url: URL) => url.searchParams.delete('iss')],
    ['a code of somebody else', (url: URL) => url.searchParams.set('code', 'stolen')],
  ])('with %s issues nothing', async (_name, tamper) => {
    const before = await grants();
    const { callback, browser } = await upToCallback();
    const url = new URL(callback);
    tamper(url);
    const page = await browser.open(url.href);
    expect(page.status).toBeGreaterThanOrEqual(400);
    expect(page.arrived).toBeUndefined();
    expect(await grants()).toBe(before);
  });

  test('a declined sign-in goes back to Alexa; an error without our state goes nowhere', async () => {
    const { callback, browser } = await upToCallback();
    const denied = new URL(callback);
    denied.searchParams.delete('code');
    denied.searchParams.set('error', 'access_denied');
    const forged = new URL(denied);
    forged.searchParams.set('state', 'nothing');
    expect((await browser.open(forged.href)).status).toBe(400);
    expect((await browser.open(denied.href)).arrived).toContain('error=access_denied');
  });

  test("ties the household's provider account to the skill, and a second link of it is a grant of the same link", async () => {
    await linked(broker, ALEXA);
    await linked(broker, ALEXA);
    const links = await broker.database.sql<{ grants: string; has_refresh_token: boolean; sealed: Buffer }>(
      `SELECT count(g.id) AS grants, u.has_refresh_token, u.sealed FROM linkbroker.links l
       JOIN linkbroker.grants g ON g.link_id = l.id JOIN linkbroker.upstream_token_sets u ON u.id = l.token_set_id
       JOIN linkbroker.skills s ON s.id = l.skill_id WHERE s.slug = 'lights' GROUP BY 2, 3`,
    );
    expect(links).toHaveLength(1);
    expect(Number(links[0]?.grants)).toBeGreaterThanOrEqual(2);
    expect(links[0]?.has_refresh_token).toBe(true);
    expect(links[0]?.sealed.toString('latin1')).not.toContain('accessToken');
  });

  test('a code is stored as its hash only', async () => {
    const { code } = await link(broker);
    const hash = createHash('sha256').update(code).digest();
    expect(await broker.database.sql('SELECT 1 FROM linkbroker.grants WHERE code_hash = $1', [hash])).toHaveLength(1);
    expect((await redeem(broker, ALEXA, code)).status).toBe(200);
  });
});

test('addresses where nothing is answer 404: a page for people, JSON for machines', async () => {
  const page = await fetch(`${broker.url}/link/unknown/where`);
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  const json = await fetch(`${broker.url}/oauth/nothing`);
  expect([json.status, await json.json()]).toMatchObject([404, { error: 'invalid_request' }]);
});

test('metadata and health', async () => {
  const metadata = (await (await fetch(`${broker.url}/.well-known/oauth-authorization-server`)).json()) as Record<
    string,
    unknown
  >;
  expect(metadata).toMatchObject({
    issuer: broker.url,
    token_endpoint: `${broker.url}/oauth/token`,
    code_challenge_methods_supported: ['S256'],
  });
  const ready = await fetch(`${broker.url}/health/ready`);
  expect(await ready.json()).toEqual({ ready: true, checks: { postgres: 'ok', redis: 'ok' } });
});
