import { noteSecret } from '@linkbroker/testing';
import { generate } from 'otplib';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './support/chromium.js';
import { ConsoleVisit } from './support/console-visit.js';
import { ConsoleWorld, REFERENCE } from './support/console-world.js';
import { deleteTenant } from './support/delete-tenant.js';
import { stepsOfAVisit } from './support/steps-of-a-visit.js';
import { findChromium } from './support/tools.js';

/** The console as it was built, in a browser, under its own policy. */
const { found, reason } = await findChromium();

const LOGIN = 'ada@example.com';
const PASSWORD = noteSecret('password', 'correct horse battery staple');

describe(`the console in a browser${found ? '' : ` (skipped: ${reason ?? 'no Chromium'})`}`, () => {
  let world: ConsoleWorld;
  let browser: Browser;
  let visit: ConsoleVisit;
  let page: Page;
  let secret = '';
  let link = '';
  let spare = '';
  beforeAll(async () => {
    if (!found) return;
    [world, browser] = await Promise.all([ConsoleWorld.start(), launchChromium(found)]);
    visit = await ConsoleVisit.begin(browser, world.url);
    page = visit.page;
  });
  afterAll(async () => {
    if (!found) return;
    await browser.close();
    await world.close();
  });

  const inBrowser = stepsOfAVisit(found !== null, () => visit, /status of (404|422)/);
  const heading = (name: string | RegExp) => visit.heading(name);
  const button = (name: string | RegExp) => visit.button(name);
  const open = (path: string, title: string | RegExp) => visit.open(path, title);
  const look = (name: string) => visit.look(name);

  inBrowser('the first operator comes by the welcome link, and needs a second factor', async () => {
    await page.goto(await world.welcomeLink());
    await heading('Welcome to Linkbroker').waitFor();
    // The token is out of the address before anybody can look at it.
    expect(page.url()).toBe(`${world.url}/welcome`);
    await button('Make the account').click();
    await page.getByText('Please fill this in.').waitFor();
    await look('welcome');
    await visit.makeAccount('Ada Lovelace', LOGIN, PASSWORD);
    await button('Make the account').click();
    await heading('Set up a second factor').waitFor();
    await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    secret = noteSecret('TOTP secret', (await page.locator('.lb-value').textContent()) ?? '');
    await look('enrol');
    await page.getByLabel('Code of your authenticator app').fill(await generate({ secret }));
    await button('Confirm').click();
    await heading('Recovery codes').waitFor();
    await button('Make the codes').click();
    await page.locator('.lb-codes code').first().waitFor();
    const codes = await page.locator('.lb-codes code').allTextContents();
    for (const code of codes) noteSecret('recovery code', code);
    expect(codes).toHaveLength(10);
    await look('recovery-codes');
    await button('I have kept them').click();
    await heading('Tenants').waitFor();
  });

  inBrowser('makes a tenant and finds what happened to its links', async () => {
    await look('tenants-empty');
    await button('New tenant').click();
    await page.getByLabel('Name', { exact: true }).fill('Acme Lighting');
    expect(await page.getByLabel('Short name').inputValue()).toBe('acme-lighting');
    await button('Create').click();
    await heading('Acme Lighting').waitFor();
    ({ link, spare } = await world.furnish('acme-lighting'));
    await open('/t/acme-lighting', 'Acme Lighting');
    await page.getByText('The provider refuses the connector’s client id or secret').waitFor();
    // The library that draws comes last.
    await page.locator('.recharts-surface').nth(2).waitFor();
    await look('overview');
    await open('/t/acme-lighting/links', 'Links');
    await page.getByRole('link', { name: new RegExp(link.slice(0, 8)) }).waitFor();
    await look('links');
    await page.getByRole('combobox', { name: 'State' }).click();
    await page.getByRole('option', { name: 'At risk' }).click();
    await page.waitForURL(/state=at_risk/);
    await page.getByRole('link', { name: new RegExp(link.slice(0, 8)) }).click();
    await heading(new RegExp(link.slice(0, 8))).waitFor();
    await page.getByText('Alexa redeemed its code for tokens').waitFor();
    await page.getByText('5 times').waitFor();
    await page.getByRole('heading', { name: 'The sign-in at the provider is about to be lost' }).waitFor();
    await look('link');
  });

  inBrowser('finds an attempt by its reference, from anywhere, by keyboard', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Search or jump to' }).fill(REFERENCE.replace('-', '').toLowerCase());
    await page.getByText(`Attempt ${REFERENCE}`).first().waitFor();
    await look('palette');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`ref=${REFERENCE}`));
    await heading('Traces').waitFor();
    await page.locator('#content').getByText('Alexa asked to link').waitFor();
    await look('traces');
  });

  inBrowser('repairs a link, and revokes it only when the word was typed', async () => {
    await open(`/t/acme-lighting/links/${link}`, new RegExp(link.slice(0, 8)));
    await button('Repair link').click();
    const dialog = page.getByRole('dialog');
    const address = (await dialog.locator('.lb-value').textContent()) ?? '';
    noteSecret('repair token', address.split('/').at(-1) ?? '');
    expect(address).toMatch(/^https:\/\/link\.example\.com\//);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await button('Revoke').click();
    await dialog.waitFor();
    const sure = dialog.getByRole('button', { name: 'Revoke' });
    await dialog.getByLabel('Why').fill('a test of the console');
    expect(await sure.isDisabled()).toBe(true);
    await look('revoke');
    await dialog.getByLabel('Type revoke to confirm').fill('revoke');
    await sure.click();
    await page.getByText('One grant was ended.').waitFor();
  });

  inBrowser('every other page is whole', async () => {
    await world.ask('POST', '/tenants/acme-lighting/invitations', { role: 'support', label: 'Grace' });
    const pages: readonly (readonly [string, string, string])[] = [
      ['deliveries', '/t/acme-lighting/deliveries', 'Deliveries'],
      ['event-grants', '/t/acme-lighting/event-grants', 'Event grants'],
      ['skills', '/t/acme-lighting/skills', 'Skills'],
      ['skill', '/t/acme-lighting/skills/lights', 'Lights'],
      ['connectors', '/t/acme-lighting/connectors', 'Connectors'],
      ['members', '/t/acme-lighting/members', 'Members'],
      ['audit', '/t/acme-lighting/audit', 'Audit log'],
      ['settings', '/t/acme-lighting/settings', 'Settings'],
      ['account', '/account', 'Your account'],
      ['tenants', '/tenants', 'Tenants'],
      ['installation-log', '/audit', 'Installation log'],
    ];
    for (const [name, path, title] of pages) {
      await open(path, title);
      await look(name);
    }
    await page.goto(`${world.url}/t/acme-lighting/nothing`);
    await page.getByText('There is nothing at this address').waitFor();
    await look('missing');
  });

  inBrowser('a new client secret is shown once', async () => {
    await open('/t/acme-lighting/skills/lights', 'Lights');
    await button('New secret: Alexa client').click();
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
    const made = await visit.takeShownOnce((text) => noteSecret('client secret', text));
    expect(made.length).toBeGreaterThan(30);
  });

  inBrowser('an API key is shown once', async () => {
    await open('/t/acme-lighting/api-keys', 'API keys');
    await button('Make a key').first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Deploy');
    await dialog.getByRole('button', { name: 'Make a key' }).click();
    await dialog.getByText('Choose at least one permission.').waitFor();
    await dialog.getByLabel('links.read').check();
    await look('new-api-key');
    await dialog.getByRole('button', { name: 'Make a key' }).click();
    const key = await visit.takeShownOnce((text) => noteSecret('API key', text));
    expect(key.startsWith('lbk_')).toBe(true);
    await page.getByRole('cell', { name: 'Deploy', exact: true }).waitFor();
    await look('api-keys');
  });

  inBrowser('somebody who was invited makes an account, and is shown what the role may', async () => {
    const made = await world.ask('POST', '/tenants/acme-lighting/invitations', { role: 'support', label: 'Grace' });
    noteSecret('invitation token', String(made['url']).split('#token=')[1] ?? '');
    const grace = await ConsoleVisit.begin(browser, world.url);
    await grace.page.goto(String(made['url']));
    await grace.heading('You are invited').waitFor();
    await grace.look('invitation');
    const person = { name: 'Grace Hopper', login: 'grace@example.com', password: PASSWORD };
    await grace.acceptInvitation(String(made['url']), person);
    await grace.heading('Acme Lighting').waitFor();
    const menu = await grace.page.getByRole('navigation').getByRole('link').allTextContents();
    expect(menu.join(', ')).toBe(
      'Overview, Links, Traces, Deliveries, Event grants, Skills, Connectors, Import, Doctor, Config file, Settings',
    );
    await grace.open(`/t/acme-lighting/links/${spare}`, new RegExp(spare.slice(0, 8)));
    await grace.button('Repair link').waitFor();
    expect(await grace.button('Revoke').count()).toBe(0);
    expect(grace.findings).toEqual([]);
    await grace.context.close();
  });

  inBrowser('speaks German, and remembers it', async () => {
    await button(/Appearance/).click();
    await page.getByText('Deutsch').waitFor();
    await look('preferences');
    await page.getByText('Deutsch').click();
    await page.keyboard.press('Escape');
    await heading('API-Schlüssel').waitFor();
    await open('/t/acme-lighting', 'Acme Lighting');
    await page.getByRole('navigation').getByText('Verknüpfungen').waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    await look('overview-german');
    await button(/Aussehen/).click();
    await page.getByText('English').click();
    await page.keyboard.press('Escape');
  });

  inBrowser('signs out, and in again by keyboard alone, back to where one was', async () => {
    await button('Signed in as Ada Lovelace').click();
    await button('Sign out').waitFor();
    await look('account-menu');
    await button('Sign out').click();
    await heading('Sign in').waitFor();
    await page.goto(`${world.url}/t/acme-lighting/members`);
    await heading('Sign in').waitFor();
    await look('sign-in');
    await page.getByLabel('E-mail address').focus();
    await page.keyboard.type(LOGIN);
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('Login or password is wrong.').waitFor();
    await look('sign-in-wrong');
    const field = page.getByRole('textbox', { name: 'Password' });
    await field.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await heading('Second step').waitFor();
    await look('second-step');
    await page.getByLabel('Code of your authenticator app').waitFor();
    await page.keyboard.type(await nextCode(secret));
    await page.keyboard.press('Enter');
    await heading('Members').waitFor();
  });

  inBrowser('says that the admin app is away, and goes on when it is back', async () => {
    await visit.context.route('**/api/v1/tenants/acme-lighting/links**', (route) => route.abort());
    await open('/t/acme-lighting/settings', 'Settings');
    await page.getByRole('navigation').getByRole('link', { name: 'Links' }).click();
    await page.getByText('The admin app cannot be reached').waitFor();
    await look('offline');
    await visit.context.unroute('**/api/v1/tenants/acme-lighting/links**');
    await button('Try again').click();
    await page.getByRole('link', { name: new RegExp(link.slice(0, 8)) }).waitFor();
    // That the connection failed is what the browser has to say.
    visit.findings.splice(0);
  });

  inBrowser('deletes a tenant when its name and the number of its households are typed', () => deleteTenant(visit));
});

const HALF_MINUTE = 30;

/** A code that was not used yet: that of the step after now, which is taken as well. */
const nextCode = (secret: string): Promise<string> =>
  generate({ secret, epoch: Math.floor(Date.now() / 1_000) + HALF_MINUTE });
