import { noteSecret } from '@linkbroker/testing';
import { readFileSync } from 'node:fs';
import type { Browser, CDPSession } from 'playwright-core';
import { launchChromium } from './support/chromium.js';
import { ConsoleVisit } from './support/console-visit.js';
import { ConsoleWorld } from './support/console-world.js';
import { findChromium } from './support/tools.js';

/** Passkeys with an authenticator that the browser plays, and what leaves the console as a file. */
const { found, reason } = await findChromium();
const PASSWORD = noteSecret('password', 'correct horse battery staple');

describe(`a passkey at the console${found ? '' : ` (skipped: ${reason ?? 'no Chromium'})`}`, () => {
  let world: ConsoleWorld;
  let browser: Browser;
  beforeAll(async () => {
    if (found) [world, browser] = await Promise.all([ConsoleWorld.start(), launchChromium(found)]);
  });
  afterAll(async () => {
    if (!found) return;
    await browser.close();
    await world.close();
  });
  const inBrowser = (name: string, step: () => Promise<void>): void => {
    (found ? test : test.skip)(name, step, 120_000);
  };

  inBrowser('is the second factor of an operator, signs in by itself, and not when it is another’s', async () => {
    const visit = await ConsoleVisit.begin(browser, world.url);
    const { page, context } = visit;
    await page.goto(await world.welcomeLink());
    await visit.heading('Welcome to Linkbroker').waitFor();
    await visit.makeAccount('Ada Lovelace', 'ada@example.com', PASSWORD);
    await visit.button('Make the account').click();
    await visit.heading('Set up a second factor').waitFor();
    await page.getByText('Passkey', { exact: true }).click();
    await page.getByLabel('Name of the passkey').fill('work laptop');
    await visit.look('enrol-passkey');
    const authenticator = await addAuthenticator(await context.newCDPSession(page));
    await visit.button('Add a passkey').click();
    await visit.heading('Recovery codes').waitFor();
    await visit.button('Make the codes').click();
    await page.locator('.lb-codes code').first().waitFor();
    for (const code of await page.locator('.lb-codes code').allTextContents()) noteSecret('recovery code', code);
    await visit.button('I have kept them').click();
    await visit.heading('Tenants').waitFor();
    await visit.open('/account', 'Your account');
    await page.getByText('work laptop').waitFor();

    await visit.button('Signed in as Ada Lovelace').click();
    await visit.button('Sign out').click();
    await visit.heading('Sign in').waitFor();
    await visit.button('Sign in with a passkey').click();
    await visit.heading('Tenants').waitFor();

    await visit.button('Signed in as Ada Lovelace').click();
    await visit.button('Sign out').click();
    await visit.heading('Sign in').waitFor();
    await authenticator.refuse();
    await visit.button('Sign in with a passkey').click();
    await page.getByText('No passkey was used.').waitFor();
    expect(visit.findings).toEqual([]);
    await context.close();
  });

  inBrowser('a support case is saved as a file, without a secret', async () => {
    await world.ask('POST', '/tenants', { slug: 'acme', name: 'Acme Lighting' });
    const { link } = await world.furnish('acme');
    const made = await world.ask('POST', '/tenants/acme/invitations', { role: 'support', label: 'Grace' });
    noteSecret('invitation token', String(made['url']).split('#token=')[1] ?? '');
    const grace = await ConsoleVisit.begin(browser, world.url);
    const person = { name: 'Grace Hopper', login: 'grace@example.com', password: PASSWORD };
    await grace.acceptInvitation(String(made['url']), person);
    await grace.heading('Acme Lighting').waitFor();
    await grace.open(`/t/acme/links/${link}`, new RegExp(link.slice(0, 8)));
    const saved = grace.page.waitForEvent('download');
    await grace.button('Support case').click();
    const file = await saved;
    expect(file.suggestedFilename()).toBe(`support-case-${link.slice(0, 8)}.txt`);
    const text = readFileSync(await file.path(), 'utf8');
    for (const told of [
      'Account linking fails: Lights',
      'Europe and India (EU)',
      'invalid_grant (R93)',
      'Never give the password',
    ])
      expect(text).toContain(told);
    expect(grace.findings).toEqual([]);
    await grace.context.close();
  });
});

/** A platform authenticator that its owner has unlocked, until it refuses. @see W3C WebAuthn §11, CDP `WebAuthn` */
async function addAuthenticator(session: CDPSession): Promise<{ refuse: () => Promise<void> }> {
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    refuse: async () => {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
      await session.send('WebAuthn.addVirtualAuthenticator', {
        options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      });
    },
  };
}
