import { eventually } from '@linkbroker/testing';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from './support/chromium.js';
import { ACME_HOME_CLIENTS, modelsConfig, redirectUri, startModelsAfresh } from './support/provider-models.js';
import { scratchStores, startStage, type Stage } from './support/stage.js';
import { findChromium } from './support/tools.js';

const { found, reason } = await findChromium();
const inBrowser = found ? test : test.skip;
const eachInBrowser = found ? test.each : test.skip.each;

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, locale: 'en-GB' };
const WEB_VIEW =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9 Build/AP4A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0 Mobile Safari/537.36';

/** A linked account, as Alexa holds it. */
interface Household {
  readonly access: string;
  readonly refresh: string;
  /** The addresses of the pages on which it had to sign in. */
  readonly asked: readonly URL[];
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

describe(`upstreams in a household's browser${found ? '' : ` (skipped: ${reason ?? 'no Chromium'})`}`, () => {
  const stores = scratchStores();
  const database = new Client({ connectionString: stores.databaseUrl });
  let stage: Stage;
  let browser: Browser;
  let context: BrowserContext;
  beforeAll(async () => {
    if (!found) return;
    // Another host than the broker's: the way back is from another site, as from a real provider.
    const options = { simulatorHost: '127.0.0.1', upstreamClients: ACME_HOME_CLIENTS } as const;
    [stage, browser] = await Promise.all([startStage(stores, options), launchChromium(found)]);
    await stage.apply(modelsConfig(stage.simulatorUrl));
    await stage.startWorker();
    await database.connect();
  }, 90_000);
  afterAll(async () => {
    if (!found) return;
    await database.end();
    await browser.close();
    await stage.close();
  });
  beforeEach(async () => {
    if (!found) return;
    startModelsAfresh(stage.simulator);
    await loseStore();
    context = await browser.newContext(PHONE);
  });
  afterEach(async () => {
    if (found) await context.close();
  });

  const sql = async <Row extends object>(text: string): Promise<Row[]> => (await database.query<Row>(text)).rows;
  const loseStore = () => sql('TRUNCATE linkbroker.upstream_token_sets, linkbroker.upstream_refresh_attempts CASCADE');

  async function openLinkPage(skill: string): Promise<Page> {
    const page = await context.newPage();
    const query = {
      client_id: `alexa-${skill}`,
      response_type: 'code',
      redirect_uri: redirectUri(stage.simulatorUrl),
      state: randomUUID(),
    };
    await page.goto(`${stage.brokerUrl}/oauth/authorize?${new URLSearchParams(query).toString()}`);
    return page;
  }

  const pressOn = (page: Page, name: string) => page.getByRole('button', { name: `Continue with ${name}` }).click();
  const atAlexa = (url: URL): boolean => url.href.startsWith(redirectUri(stage.simulatorUrl));
  const atSignIn = (url: URL): boolean => url.origin === stage.simulatorUrl && url.searchParams.has('client_id');

  /** Signs in as often as it is asked to. @returns the code that Alexa is given, and where it was asked */
  async function signIn(page: Page, user: string): Promise<{ code: string; asked: readonly URL[] }> {
    const asked: URL[] = [];
    await page.waitForURL(atSignIn);
    while (!atAlexa(new URL(page.url()))) {
      const here = new URL(page.url());
      asked.push(here);
      await page.fill('[name=username]', user);
      await page.fill('[name=password]', user);
      await page.click('button[type=submit]');
      await page.waitForURL((url) => url.href !== here.href && (atSignIn(url) || atAlexa(url)));
    }
    return { code: new URL(page.url()).searchParams.get('code') ?? '', asked };
  }

  /** Links in the browser and redeems as Alexa does. */
  async function household(name: string, { skill = 'lights', user = 'alice' } = {}): Promise<Household> {
    const page = await openLinkPage(skill);
    await pressOn(page, name);
    const { code, asked } = await signIn(page, user);
    await page.close();
    return { ...(await redeem(skill, code)), asked };
  }

  async function redeem(skill: string, code: string): Promise<Omit<Household, 'asked'>> {
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri(stage.simulatorUrl) };
    const { status, body } = await ask('/oauth/token', `alexa-${skill}`, `${skill}-secret`, form);
    expect([status, body['error']]).toEqual([200, undefined]);
    return { access: String(body['access_token']), refresh: String(body['refresh_token']) };
  }

  async function ask(path: string, id: string, secret: string, form: Record<string, string>): Promise<Answer> {
    const body = new URLSearchParams({ ...form, client_id: id, client_secret: secret });
    const response = await fetch(stage.brokerUrl + path, { method: 'POST', body });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  const unlink = (skill: string, { refresh }: Household): Promise<Answer> =>
    ask('/oauth/revoke', `alexa-${skill}`, `${skill}-secret`, { token: refresh });

  /** What the skill's own server is given for Alexa's token. */
  const exchange = (skill: string, subjectToken: string): Promise<Answer> =>
    ask('/oauth/token', `${skill}-backend`, `${skill}-backend-secret`, {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: subjectToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    });
  async function released(skill: string, { access }: { access: string }): Promise<string> {
    const { status, body } = await exchange(skill, access);
    expect([status, body['error']]).toEqual([200, undefined]);
    return String(body['access_token']);
  }

  /** The status with which a model tells whose token it is. */
  const userinfo = async (path: string, token: string): Promise<number> =>
    (await fetch(stage.simulatorUrl + path, { headers: { authorization: `Bearer ${token}` } })).status;
  const atGoogle = (token: string): Promise<number> => userinfo('/google/v1/userinfo', token);

  /** The token is of use at Google. */
  async function releasedLiving(skill: string, linked: { access: string }): Promise<string> {
    const token = await released(skill, linked);
    expect(await atGoogle(token)).toBe(200);
    return token;
  }
  /** So is another one, when this one has run out. */
  async function expectRenewed(skill: string, linked: { access: string }, earlier: string): Promise<void> {
    await eventually('the revocation to reach the provider', async () => (await atGoogle(earlier)) === 401);
    expect(await releasedLiving(skill, linked)).not.toBe(earlier);
  }

  const revocations = () =>
    sql<{ state: string; slug: string }>(
      `SELECT r.state, n.slug FROM linkbroker.upstream_revocations AS r JOIN linkbroker.connectors AS n ON n.id = r.connector_id
       ORDER BY r.requested_at`,
    );
  /** No hold lasts any longer, and the worker has looked at all of them. */
  async function passHolds(): Promise<void> {
    await sql(`UPDATE linkbroker.upstream_revocations SET next_attempt_at = requested_at - interval '2 hours'`);
    await eventually('every revocation to end', async () =>
      (await revocations()).every(({ state }) => ['done', 'cancelled'].includes(state)),
    );
  }
  /** The same, with one account that is really to be revoked, last: it shows that the worker was there. */
  async function passHoldsBesideBob(): Promise<void> {
    await unlink('lights', await household('Google', { user: 'bob' }));
    await passHolds();
    expect((await revocations()).at(-1)).toEqual({ state: 'done', slug: 'google' });
    expect(stage.simulator.models.google.counters().revocations).toBe(1);
  }

  inBrowser('Google after the store was lost asks for one more consent in the same visit, and lasts', async () => {
    const before = await household('Google');
    expect(before.asked).toHaveLength(1);
    expect((await unlink('lights', before)).status).toBe(200);
    await loseStore();
    const back = await household('Google');
    expect(back.asked.map(({ pathname }) => pathname)).toEqual(Array(2).fill('/google/o/oauth2/v2/auth'));
    expect(back.asked.map(({ searchParams }) => searchParams.get('prompt') === 'consent')).toEqual([false, true]);
    await expectRenewed('lights', back, await releasedLiving('lights', back));
    expect(stage.simulator.models.google.counters().revocations).toBe(0);
  });

  inBrowser(
    "unlinking one of two skills of one client leaves the other's token alive",
    async () => {
      const lights = await household('Google');
      const blinds = await household('Google', { skill: 'blinds' });
      expect(blinds.asked).toHaveLength(1);
      const token = await releasedLiving('blinds', blinds);
      await unlink('lights', lights);
      await passHoldsBesideBob();
      expect(await revocations()).toHaveLength(1);
      expect((await exchange('lights', lights.access)).body).toMatchObject({ error: 'invalid_grant' });
      await expectRenewed('blinds', blinds, token);
    },
    40_000,
  );

  inBrowser(
    'unlinking and linking again within seconds cancels the revocation, and the new token survives it',
    async () => {
      await unlink('lights', await household('Google'));
      expect(await revocations()).toEqual([{ state: 'held', slug: 'google' }]);
      const back = await household('Google');
      expect(await revocations()).toEqual([{ state: 'cancelled', slug: 'google' }]);
      const token = await releasedLiving('lights', back);
      await passHoldsBesideBob();
      await expectRenewed('lights', back, token);
    },
    40_000,
  );

  inBrowser(
    "a tenant with another's client id and endpoints of his own reaches nothing and learns nothing",
    async () => {
      const victim = await household('Google');
      // The same account at the same Google: nothing that is stored for the other tenant is used for him.
      const copy = await household('Copy', { skill: 'rival' });
      expect(copy.asked).toHaveLength(2);
      const own = await household('Own', { skill: 'rival' });
      const domains = await sql<{ domain: string }>(
        `SELECT encode(domain, 'hex') AS domain FROM linkbroker.upstream_token_sets`,
      );
      expect(new Set(domains.map(({ domain }) => domain)).size).toBe(3);
      const [theirs, nobodys] = [await exchange('rival', victim.access), await exchange('rival', 'nobody')];
      expect([theirs.status, theirs]).toEqual([400, nobodys]);
      const token = await releasedLiving('lights', victim);
      await unlink('rival', own);
      await passHolds();
      expect(await revocations()).toEqual([{ state: 'done', slug: 'own' }]);
      expect(stage.simulator.models.google.counters().revocations).toBe(0);
      await expectRenewed('lights', victim, token);
    },
    40_000,
  );

  inBrowser("Google's own refusal of a web view is what one sees there, and another way is one step back", async () => {
    await context.close();
    context = await browser.newContext({ ...PHONE, userAgent: WEB_VIEW });
    const page = await openLinkPage('lights');
    const refused = page.waitForResponse((response) => response.url().includes('/google/o/oauth2/v2/auth'));
    await pressOn(page, 'Google');
    expect((await refused).status()).toBe(403);
    await page.getByText('disallowed_useragent').waitFor();
    await page.goBack();
    await pressOn(page, 'GitHub');
    const { code } = await signIn(page, 'alice');
    await released('lights', await redeem('lights', code));
  });

  eachInBrowser([
    ['GitHub', 'GET', '/github/user'],
    // Its page posts the answer by a script, from another site, without the broker's cookie.
    ['Apple', 'POST', undefined],
    ['Facebook', 'GET', '/facebook/me'],
  ])('%s links with one sign-in, comes back by %s, and its token is released', async (name, method, path) => {
    const back: string[] = [];
    context.on('request', (request) => {
      if (request.url().startsWith(`${stage.brokerUrl}/callback/`)) back.push(request.method());
    });
    const linked = await household(name);
    expect(linked.asked).toHaveLength(1);
    expect(back[0]).toBe(method);
    const token = await released('lights', linked);
    if (path) expect(await userinfo(path, token)).toBe(200);
  });
});
