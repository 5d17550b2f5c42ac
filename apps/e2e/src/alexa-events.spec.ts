import { eventually, noteSecret } from '@linkbroker/testing';
import type { Fault } from '@linkbroker/simulator';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { root } from './launcher/launch.js';
import { launchChromium } from './support/chromium.js';
import { scratchStores, startStage, type Stage } from './support/stage.js';
import { findChromium } from './support/tools.js';

/** Households of a skill that has Send Alexa Events on, in a browser: AcceptGrant, events, and Login with Amazon away. */
const { found, reason } = await findChromium();
const inBrowser = found ? test : test.skip;
const PHONE = { width: 390, height: 844 };
const pictures = join(root, 'tmp/screenshots');

const PORCH = { clientId: 'alexa-porch', clientSecret: 'porch-client-secret' };
const BACKEND = { clientId: 'porch-backend', clientSecret: 'porch-backend-secret' };
const EVENTS = {
  clientId: 'amzn1.application-oa2-client.porch',
  clientSecret: 'porch-events-secret',
  region: 'eu',
} as const;

const config = (simulatorUrl: string, redirectUri: string): string => `
tenants:
  - slug: porch
    name: Porch
    connectors: [{ slug: home, name: Home, provider: oidc, issuer: "${simulatorUrl}/oidc", clientId: linkbroker-demo, clientSecret: upstream-secret, scopes: [openid, offline_access] }]
    skills:
      - slug: bell
        name: Porch Bell
        clientId: ${PORCH.clientId}
        clientSecret: ${PORCH.clientSecret}
        vendorId: M3KVOEXUO4ALBL
        redirectUris: ["${redirectUri}"]
        connectors: [home]
        backend: { clientId: ${BACKEND.clientId}, clientSecret: ${BACKEND.clientSecret} }
        events: { clientId: ${EVENTS.clientId}, clientSecret: ${EVENTS.clientSecret}, region: ${EVENTS.region} }
`;

describe(`Send Alexa Events in a browser${found ? '' : ` (skipped: ${reason ?? 'no Chromium'})`}`, () => {
  let stage: Stage;
  let browser: Browser;
  let context: BrowserContext;
  let database: Client;
  let skillUrl: string;

  beforeAll(async () => {
    if (!found) return;
    mkdirSync(pictures, { recursive: true });
    const stores = scratchStores();
    stage = await startStage(stores);
    for (const { clientSecret } of [PORCH, BACKEND, EVENTS]) noteSecret('client secret', clientSecret);
    const redirectUri = `${stage.simulatorUrl}/alexa/api/skill/link/M3KVOEXUO4ALBL`;
    await stage.apply(config(stage.simulatorUrl, redirectUri));
    const console = { name: 'Porch Bell', vendorId: 'M3KVOEXUO4ALBL', pkce: 'optional' as const, scopes: [] };
    stage.skills.push({ ...PORCH, ...console, redirectUris: [redirectUri], backend: BACKEND, events: EVENTS });
    skillUrl = `${stage.simulatorUrl}/alexa/skills/${PORCH.clientId}`;
    database = new Client({ connectionString: stores.databaseUrl });
    await database.connect();
    browser = await launchChromium(found);
  }, 90_000);
  afterAll(async () => {
    if (!found) return;
    await browser.close();
    await database.end();
    await stage.close();
  });
  beforeEach(async () => {
    if (!found) return;
    stage.simulator.faults.clear();
    context = await browser.newContext({ viewport: PHONE, deviceScaleFactor: 2, locale: 'en-GB' });
  });
  afterEach(async () => {
    if (found) await context.close();
  });

  /** From the page of the skill to the page that tells how it went. */
  async function enable(page: Page, user: string): Promise<void> {
    await page.goto(skillUrl);
    await page.getByRole('button', { name: /enable/i }).click();
    await page.getByRole('button', { name: 'Continue with Home' }).click();
    await page.waitForURL(/\/oidc\/|link-result/);
    if (page.url().includes('/oidc/')) {
      await page.fill('[name=username]', user);
      await page.fill('[name=password]', user);
      await page.click('button[type=submit]');
    }
    await page.waitForURL(/link-result\?success=/);
  }

  const resultOf = (page: Page): string | null => new URL(page.url()).searchParams.get('success');

  async function linkStateOf(page: Page): Promise<string | null> {
    await page.goto(skillUrl);
    return page.locator('[data-link-state]').getAttribute('data-link-state');
  }

  /** What Alexa's page of this skill's events shows. */
  async function shownOn(page: Page): Promise<{ grants: (string | null)[]; events: (string | null)[] }> {
    await page.goto(skillUrl);
    await page.getByRole('link', { name: /Events to Alexa/ }).click();
    await page.waitForURL(`${skillUrl}/events`);
    const all = async (attribute: string) =>
      Promise.all((await page.locator(`[${attribute}]`).all()).map((one) => one.getAttribute(attribute)));
    return { grants: await all('data-event-grant'), events: await all('data-event') };
  }

  const fits = (page: Page): Promise<boolean> =>
    page.evaluate<boolean>('document.documentElement.scrollWidth <= window.innerWidth');

  interface GrantRow {
    readonly id: string;
    readonly link_id: string;
    readonly state: string;
    readonly version: number;
    readonly lease_until: Date | null;
    readonly accepted_at: Date;
  }
  /** The one that was accepted last comes last. */
  const rows = async (): Promise<readonly GrantRow[]> =>
    (
      await database.query<GrantRow>(
        'SELECT id, link_id, state, version, lease_until, accepted_at FROM linkbroker.event_grants ORDER BY accepted_at',
      )
    ).rows;

  async function send(link: string): Promise<{ status: number; body: unknown; messageId: string }> {
    const messageId = randomUUID();
    const header = { namespace: 'Alexa.DoorbellEventSource', name: 'DoorbellPress', payloadVersion: '3', messageId };
    const payload = { cause: { type: 'PHYSICAL_INTERACTION' }, timestamp: new Date().toISOString() };
    const pair = Buffer.from(`${BACKEND.clientId}:${BACKEND.clientSecret}`).toString('base64');
    const response = await fetch(`${stage.brokerUrl}/alexa/${PORCH.clientId}/events`, {
      method: 'POST',
      headers: { authorization: `Basic ${pair}`, 'content-type': 'application/json' },
      body: JSON.stringify({ link, event: { header, endpoint: { endpointId: 'front-door' }, payload } }),
    });
    return { status: response.status, body: await response.json(), messageId };
  }

  /** The newest refusals on the timeline. */
  const refusals = async (count: number): Promise<readonly string[]> => {
    const query = `SELECT outcome FROM linkbroker_timeline.entries WHERE name = 'accept_grant.failed' ORDER BY at DESC`;
    let told: readonly string[] = [];
    await eventually(`${String(count)} refusals on the timeline`, async () => {
      told = (await database.query<{ outcome: string }>(query)).rows.map(({ outcome }) => outcome);
      return told.length >= count;
    });
    return told;
  };

  inBrowser('AcceptGrant is answered while a household links, and its event arrives and can be seen', async () => {
    const page = await context.newPage();
    await enable(page, 'alice');
    expect(resultOf(page)).toBe('true');
    expect(await linkStateOf(page)).toBe('linked');
    const [row, ...more] = await rows();
    expect([row?.state, row?.lease_until, more]).toEqual(['active', null, []]);
    expect(await shownOn(page)).toEqual({ grants: ['accepted'], events: [] });

    const sent = await send(row!.link_id);
    expect([sent.status, sent.body]).toEqual([200, { status: 'delivered', messageId: sent.messageId }]);
    expect(await shownOn(page)).toEqual({ grants: ['accepted'], events: [sent.messageId] });
    expect(await fits(page)).toBe(true);
    await page.screenshot({ path: join(pictures, 'alexa-events-phone.png'), fullPage: true });
    await page.locator('details.exchange summary').click();
    expect(await page.locator('.json').textContent()).toContain('"endpointId": "front-door"');
    expect(await fits(page)).toBe(true);
    expect(await page.content()).not.toContain('Atza|');
  });

  inBrowser(
    'with Login with Amazon away nobody is linked, nothing is left behind, and the next try works',
    async () => {
      const page = await context.newPage();
      const before = await rows();
      const failed = (
        await database.query(`SELECT 1 FROM linkbroker_timeline.entries WHERE name = 'accept_grant.failed'`)
      ).rowCount!;
      const away: readonly (readonly [Fault, string])[] = [
        [{ target: 'lwa.token', kind: 'hang' }, 'Login with Amazon did not answer in time.'],
        [{ target: 'lwa.token', kind: 'status', value: 503 }, 'Login with Amazon did not answer as it should.'],
      ];
      for (const [fault, why] of away) {
        stage.simulator.faults.clear();
        stage.simulator.faults.add(fault);
        await enable(page, 'bob');
        expect(resultOf(page)).toBe('false');
        const text = await page.locator('main').innerText();
        expect(text).toContain('We were unable to link Porch Bell at this time.');
        expect(text).toContain(`R148 it was not accepted: ${why}`);
        expect(await page.locator('aside').textContent()).toContain('ACCEPT_GRANT_FAILED');
        expect(await fits(page)).toBe(true);
        expect(await rows()).toEqual(before);
        expect(await linkStateOf(page)).toBe('none');
        expect((await shownOn(page)).grants[0]).toBe('refused');
      }
      await page.screenshot({ path: join(pictures, 'alexa-events-refused-phone.png'), fullPage: true });
      expect((await refusals(failed + 2)).slice(0, 2)).toEqual(['unavailable', 'unavailable']);

      stage.simulator.faults.clear();
      await enable(page, 'bob');
      expect(resultOf(page)).toBe('true');
      const known = new Set(before.map(({ id }) => id));
      const [row, ...more] = (await rows()).filter(({ id }) => !known.has(id));
      expect([row?.state, more]).toEqual(['active', []]);
      const sent = await send(row!.link_id);
      expect(sent.status).toBe(200);
      const { grants, events } = await shownOn(page);
      expect([grants.slice(0, 3), events[0]]).toEqual([['accepted', 'refused', 'refused'], sent.messageId]);
    },
    60_000,
  );

  inBrowser('a household that links anew meanwhile keeps the tokens that it had', async () => {
    const page = await context.newPage();
    await enable(page, 'alice');
    const before = await rows();
    const row = before.at(-1)!;
    await page.goto(skillUrl);
    await page.getByRole('button', { name: /disable skill/i }).click();
    stage.simulator.faults.add({ target: 'lwa.token', kind: 'reset' });
    await enable(page, 'alice');
    expect(resultOf(page)).toBe('false');
    expect(await rows()).toEqual(before);
    expect((await send(row.link_id)).status).toBe(200);
  });
});
