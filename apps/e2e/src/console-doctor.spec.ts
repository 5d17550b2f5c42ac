import { noteSecret } from '@linkbroker/testing';
import { ALEXA_REDIRECT_URI, startIndependentProvider } from '@linkbroker/testing/independent-provider';
import { generate } from 'otplib';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './support/chromium.js';
import { ConsoleVisit } from './support/console-visit.js';
import { ConsoleWorld } from './support/console-world.js';
import { findChromium } from './support/tools.js';

/** The doctor in the console: a run in a process of its own, through its proxy, with a Chromium of its own. */
const { found, reason } = await findChromium();

const PASSWORD = noteSecret('password', 'correct horse battery staple');
const EXAMINED = {
  clientId: 'alexa',
  clientSecret: noteSecret('client secret', 'secret-of-the-examined-client'),
};
const TEST_PASSWORD = noteSecret('password of a test account', 'a-password-of-a-test-account');

describe(`the doctor in the console${found ? '' : ` (skipped: ${reason ?? 'no Chromium'})`}`, () => {
  let world: ConsoleWorld;
  let browser: Browser;
  let visit: ConsoleVisit;
  let page: Page;
  let examined: Awaited<ReturnType<typeof startIndependentProvider>>;
  beforeAll(async () => {
    if (!found) return;
    examined = await startIndependentProvider(EXAMINED);
    const environment = {
      ...{ EGRESS_ALLOW: 'doctor:127.0.0.0/8', DOCTOR_CHROMIUM_SANDBOX: 'off' },
      ...{ LINKBROKER_CHROMIUM: found.executablePath, LINKBROKER_CHROMIUM_ENV: JSON.stringify(found.env) },
    };
    [world, browser] = await Promise.all([ConsoleWorld.start(environment), launchChromium(found)]);
    visit = await ConsoleVisit.begin(browser, world.url);
    page = visit.page;
    await world.ask('POST', '/tenants', { slug: 'acme', name: 'Acme Lighting' });
    await world.furnish('acme');
    await page.goto(await world.welcomeLink());
    await visit.makeAccount('Ada Lovelace', 'ada@doctor.example', PASSWORD);
    await visit.button('Make the account').click();
    await visit.heading('Set up a second factor').waitFor();
    await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    const secret = noteSecret('TOTP secret', (await page.locator('.lb-value').textContent()) ?? '');
    await page.getByLabel('Code of your authenticator app').fill(await generate({ secret }));
    await visit.button('Confirm').click();
    await visit.heading('Recovery codes').waitFor();
    await visit.button('Make the codes').click();
    await page.locator('.lb-codes code').first().waitFor();
    for (const code of await page.locator('.lb-codes code').allTextContents()) noteSecret('recovery code', code);
    await visit.button('I have kept them').click();
    await visit.heading(/Tenants|Acme/).waitFor();
  }, 60_000);
  afterAll(async () => {
    if (!found) return;
    await browser.close();
    await world.close();
    await examined.close();
  });
  afterEach(() => {
    if (found) expect(visit.findings.splice(0)).toEqual([]);
  });
  const inBrowser = found ? test : test.skip;

  inBrowser(
    'a host is added, and says what proves it',
    async () => {
      await visit.open('/t/acme/doctor', 'Doctor');
      await page.getByText('No run yet').waitFor();
      await page.getByRole('textbox', { name: 'Host' }).fill('https://nobody.invalid/');
      await visit.button('Add a host').click();
      await page.getByText('must be the name of a host').waitFor();
      // The API refused it, which a browser tells its console.
      visit.findings.length = 0;
      await page.getByRole('textbox', { name: 'Host' }).fill('nobody.invalid');
      await visit.button('Add a host').click();
      await page.getByText('_linkbroker.nobody.invalid', { exact: true }).waitFor();
      await visit.button('Check nobody.invalid now').click();
      await page.getByText('No proof was found').waitFor();
      await visit.look('doctor-hosts');
      await visit.button('Remove nobody.invalid?').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await page.getByText('No host yet.').waitFor();
    },
    60_000,
  );

  inBrowser(
    'a run is begun, watched, and told',
    async () => {
      const host = new URL(examined.url).hostname;
      await visit.open('/t/acme/doctor/new', 'New run');
      await page.getByLabel('Web Authorization URI').fill(`${examined.url}/auth`);
      await page.getByText(`Not proven yet: ${host}`).waitFor();
      await page.getByLabel('Access Token URI').fill(`${examined.url}/token`);
      await page.getByLabel('Client ID').fill(EXAMINED.clientId);
      await page.getByRole('textbox', { name: 'Client secret' }).fill(EXAMINED.clientSecret);
      await page.getByLabel('One of the Alexa Redirect URLs').fill(ALEXA_REDIRECT_URI);
      await page.getByLabel('Scopes').fill('openid');
      await page.getByLabel('Step 1: CSS selector').fill('input[name=login]');
      await page.getByRole('textbox', { name: 'Step 1: Value' }).fill('alice');
      await page.getByRole('textbox', { name: 'Step 2: Value' }).fill(TEST_PASSWORD);
      await visit.button('Add a step').click();
      await page.getByLabel('Step 4: CSS selector').fill('button[type=submit]');
      await visit.button('Start a run').click();
      await page.getByText('Please confirm this first.').waitFor();
      await visit.look('doctor-new');
      await page.getByLabel('This is a test account').check();
      await visit.button('Start a run').click();
      await page.getByText(`Prove first that these hosts are yours: ${host}.`).waitFor();
      // The API refused it, which a browser tells its console.
      visit.findings.length = 0;
      await world.proveHost('acme', host);
      await visit.button('Start a run').click();
      await page.getByRole('log').waitFor();
      await visit.button('Cancel the run').waitFor();
      await visit.look('doctor-running');
      await page.getByRole('heading', { name: 'Findings' }).waitFor({ timeout: 60_000 });
      await page.getByRole('heading', { level: 4 }).first().waitFor();
      await visit.look('doctor-report');
      await page
        .locator('label')
        .filter({ hasText: /^Failed \d/ })
        .click();
      await page.waitForURL(/status=fail/);
      expect(await page.getByRole('heading', { level: 3 }).allTextContents()).toEqual([
        expect.stringMatching(/^Failed \(\d+\)$/),
      ]);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Report as a page' }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^doctor-[0-9a-f]{8}\.html$/);
      await page.getByRole('link', { name: 'Run it again' }).click();
      await visit.heading('New run').waitFor();
      expect(await page.getByLabel('Web Authorization URI').inputValue()).toBe(`${examined.url}/auth`);
      expect(await page.getByRole('textbox', { name: 'Client secret' }).inputValue()).toBe('');
      await visit.open('/t/acme/doctor', 'Doctor');
      await page.getByRole('link', { name: `Open the run on ${new URL(examined.url).host}` }).waitFor();
      await visit.look('doctor');
    },
    120_000,
  );

  inBrowser(
    'a skill fills in what is known of it, and no secret',
    async () => {
      await visit.open('/t/acme/doctor/new?skill=lights', 'New run');
      expect(await page.getByLabel('Client ID').inputValue()).toBe('alexa-acme');
      expect(await page.getByLabel('Web Authorization URI').inputValue()).toBe(
        'https://link.example.com/oauth/authorize',
      );
      expect(await page.getByText('Not proven yet').count()).toBe(0);
      expect(await page.getByLabel('Step 1: CSS selector').inputValue()).toBe('button[name=connector]');
    },
    60_000,
  );

  inBrowser(
    'a config file is planned, and applied when that is confirmed',
    async () => {
      await visit.open('/t/acme/config', 'Config file');
      const exported = (await page.locator('pre.lb-json').textContent()) ?? '';
      expect(exported).toContain('slug: acme');
      const yaml = page.getByLabel('Config file (YAML)');
      await yaml.fill(exported);
      await visit.button('Show what it changes').click();
      await page
        .getByText(/over the API a file holds values alone/)
        .first()
        .waitFor();
      visit.findings.length = 0;
      await yaml.fill(FILE);
      await page.getByLabel('Remove what the file does not name').check();
      await visit.button('Show what it changes').click();
      await page.getByText('+ skill switches', { exact: false }).first().waitFor();
      await page.getByText('households would be unlinked.').waitFor();
      await visit.look('config-plan');
      await visit.button('Apply it').click();
      await page.getByRole('dialog').getByLabel('Type unlink to confirm').fill('unlink');
      await page.getByRole('dialog').getByRole('button', { name: 'Apply it' }).click();
      await page.getByText('New secrets').waitFor();
      const dialog = page.getByRole('dialog');
      for (const value of await dialog.locator('.lb-value').allTextContents()) noteSecret('signing secret', value);
      await visit.look('config-made');
      await dialog.getByRole('button', { name: 'Close' }).click();
      await page.locator('pre.lb-json', { hasText: 'slug: switches' }).waitFor();
      // It held secrets.
      expect(await yaml.inputValue()).toBe('');
    },
    60_000,
  );
});

const FILE = `tenants:
  - slug: acme
    name: Acme Lighting
    connectors:
      - slug: home
        name: Home
        provider: oidc
        issuer: https://id.example.com
        clientId: broker
        clientSecret: ${noteSecret('secret of a file', 'upstream-secret-of-a-file')}
    skills:
      - slug: switches
        name: Switches
        clientId: alexa-switches
        clientSecret: ${noteSecret('secret of a file', 'client-secret-of-a-file')}
        vendorId: M3KVOEXUO4ALBL
        scopes: [lights]
        connectors: [home]
        webhooks:
          - url: https://hooks.example.com/alexa
            events: [link.revoked]
`;
