import { noteSecret } from '@linkbroker/testing';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './support/chromium.js';
import { ConsoleVisit } from './support/console-visit.js';
import { ConsoleWorld } from './support/console-world.js';
import { findChromium } from './support/tools.js';

/** Imports in the console: what it says while there are none, of one under way, and of lines that are wrong. */
const { found, reason } = await findChromium();

const LOGIN = 'ada@example.com';
const PASSWORD = noteSecret('password', 'correct horse battery staple');
const token = (): string => noteSecret('token of another server', randomBytes(18).toString('base64url'));
const line = () => ({
  subject: `auth0|${randomUUID()}`,
  upstream: { refreshToken: token() },
  refreshTokens: [createHash('sha256').update(token()).digest('hex')],
});

describe(`imports in a browser${found ? '' : ` (skipped: ${reason ?? 'no Chromium'})`}`, () => {
  let world: ConsoleWorld;
  let browser: Browser;
  let visit: ConsoleVisit;
  let page: Page;
  beforeAll(async () => {
    if (!found) return;
    [world, browser] = await Promise.all([ConsoleWorld.start(), launchChromium(found)]);
    visit = await ConsoleVisit.begin(browser, world.url);
    page = visit.page;
  }, 120_000);
  afterAll(async () => {
    if (!found) return;
    await browser.close();
    await world.close();
  });

  (found ? test : test.skip)(
    'an owner reads how to bring links, watches an import, and gives up what is not proved',
    async () => {
      await world.ask('POST', '/tenants', { slug: 'acme', name: 'Acme Lighting' });
      await world.furnish('acme');
      const { url } = await world.ask('POST', '/tenants/acme/invitations', { role: 'owner', label: 'Ada' });
      noteSecret('invitation token', String(url).split('#token=')[1] ?? '');
      await visit.acceptInvitation(String(url), { name: 'Ada Lovelace', login: LOGIN, password: PASSWORD });
      await visit.heading('Acme Lighting').waitFor();

      await visit.open('/t/acme/imports', 'Import');
      await page.getByText('Nothing was imported').waitFor();
      await page.getByText('npm run import -- --tenant acme').first().waitFor();
      await visit.look('imports-empty');

      const keepUntil = new Date(Date.now() + 200 * 86_400_000).toISOString();
      const { id } = await world.ask('POST', '/tenants/acme/imports', {
        skill: 'lights',
        connector: 'home',
        keepUntil,
      });
      const lines = Array.from({ length: 12 }, line);
      await world.ask('POST', `/tenants/acme/imports/${String(id)}/lines`, { lines });
      await world.refuseImportedLine('acme', 3, 'the provider refuses the refresh token (invalid_grant)');
      await world.refuseImportedLine('acme', 7, 'by the word of the provider the tokens are another subject’s');
      await visit.open('/t/acme/imports', 'Import');
      await page.getByText('not started').waitFor();
      await visit.look('imports');
      await page.getByRole('link', { name: /Import .* of lights/ }).click();
      await visit.heading('lights / home').waitFor();
      await page.getByText('another subject').waitFor();
      await visit.look('import');
      await visit.button('Start').click();
      await page.getByText('running').waitFor();
      await page.locator('label', { hasText: 'Held up' }).click();
      await page.waitForURL(/lines=pending/);
      await page.getByText('No line is held up').waitFor();
      await visit.button('Give up the rest').click();
      await visit.look('import-cancel');
      await page.getByRole('dialog').getByRole('button', { name: 'Give up the rest' }).click();
      await page.getByText('10 lines were given up').waitFor();
      await page.getByText('given up', { exact: true }).waitFor();
      expect(visit.findings.splice(0)).toEqual([]);
    },
    180_000,
  );
});
