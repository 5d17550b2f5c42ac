import { eventually, noteSecret } from '@linkbroker/testing';
import type { Browser, Page } from 'playwright-core';
import { giveSkillParts, SKILL_PARTS, takeSkillParts } from './support/change-skill-parts.js';
import { launchChromium } from './support/chromium.js';
import { ConsoleVisit } from './support/console-visit.js';
import { revokeInConsole } from './support/revoke-in-console.js';
import { addSignInProvider } from './support/add-sign-in-provider.js';
import { groundOf } from './support/ground-of.js';
import { noisePicture } from './support/noise-picture.js';
import { operatorCalls } from './support/operator-calls.js';
import { signInByProvider } from './support/sign-in-by-provider.js';
import { scratchStores, startStage, type Stage } from './support/stage.js';
import { stepsOfAVisit } from './support/steps-of-a-visit.js';
import { findChromium } from './support/tools.js';

/** Setting up a skill in the console, from nothing to a first link: processes as they are shipped, and a browser. */
const { found, reason } = await findChromium();

const LOGIN = 'ada@example.com';
const PASSWORD = noteSecret('password', 'correct horse battery staple');
const COLOUR = '#8a1c5b';
/** What a browser says of refusals that are meant here. */
const REFUSED = /status of (400|409|412|422)/;

describe(`setting up in a browser${found ? '' : ` (skipped: ${reason ?? 'no Chromium'})`}`, () => {
  let stage: Stage;
  let browser: Browser;
  let visit: ConsoleVisit;
  let page: Page;
  let ask: ReturnType<typeof operatorCalls>;
  const secrets: string[] = [];
  beforeAll(async () => {
    if (!found) return;
    [stage, browser] = await Promise.all([startStage(scratchStores()), launchChromium(found)]);
    const admin = await stage.startAdmin();
    ask = operatorCalls(admin);
    visit = await ConsoleVisit.begin(browser, admin.url.replace('127.0.0.1', 'localhost'));
    page = visit.page;
  }, 120_000);
  afterAll(async () => {
    if (!found) return;
    await browser.close();
    await stage.close();
  });

  const inBrowser = stepsOfAVisit(found !== null, () => visit, REFUSED);
  const step = (name: string) => page.locator('.lb-checks li', { hasText: name });

  inBrowser('an owner comes in', async () => {
    await ask('POST', '/tenants', { slug: 'acme', name: 'Acme Lighting' });
    const { url } = await ask('POST', '/tenants/acme/invitations', { role: 'owner', label: 'Ada' });
    noteSecret('invitation token', String(url).split('#token=')[1] ?? '');
    await visit.acceptInvitation(String(url), { name: 'Ada Lovelace', login: LOGIN, password: PASSWORD });
    await visit.heading('Acme Lighting').waitFor();
  });

  inBrowser('chooses a provider and pastes the client there, which is tried', async () => {
    await visit.open('/t/acme/skills', 'Skills');
    await visit.look('skills-empty');
    await page.getByRole('link', { name: 'New skill' }).first().click();
    await visit.heading('New skill').waitFor();
    await page.getByLabel('Find a provider').fill('open');
    await page.getByRole('button', { name: /OpenID Connect/ }).waitFor();
    await page.getByLabel('Find a provider').fill('');
    await visit.look('guide-provider');
    await page.getByRole('button', { name: /OpenID Connect/ }).click();
    await page.getByRole('textbox', { name: 'Issuer' }).fill(`${stage.simulatorUrl}/oidc`);
    await page.getByText(`${stage.brokerUrl}/callback/acme/oidc`).waitFor();
    await page.getByText('More settings').click();
    await page.getByLabel('Name on the button').fill('Acme Home');
    await page.getByLabel('Client id at the provider').fill('linkbroker-demo');
    await visit.look('guide-connector');
    await visit.button('Save and try it').click();
    await page.getByText('is needed: connector oidc is new').first().waitFor();
    await page.getByRole('textbox', { name: 'Client secret at the provider' }).fill('not-the-upstream-secret');
    await visit.button('Save and try it').click();
    await page.locator('.lb-bad', { hasText: 'Client id and secret' }).waitFor();
    await page.getByRole('textbox', { name: 'Client secret at the provider' }).fill('upstream-secret');
    await visit.button('Save').click();
    await page.locator('.lb-good', { hasText: 'Client id and secret' }).waitFor();
    await visit.look('guide-connector-tried');
    await page.reload();
    await page.locator('.lb-good', { hasText: 'Addresses' }).waitFor();
    await visit.button('On to the skill').click();
  });

  inBrowser('names the skill, and is told its secrets once', async () => {
    await page.getByLabel('Name', { exact: true }).fill('Acme Lamps');
    await page.getByLabel('Vendor id').fill('wrong');
    await visit.button('Make the skill').click();
    await page
      .getByText(/must be the vendor id/)
      .first()
      .waitFor();
    await visit.look('guide-skill');
    await page.getByLabel('Vendor id').fill('M3KVOEXUO4ALBL');
    await visit.button('Make the skill').click();
    await page.getByRole('heading', { name: 'Its secrets' }).waitFor();
    const shown = page.getByRole('region', { name: 'Its secrets' }).locator('.lb-value');
    for (const text of await shown.allTextContents()) secrets.push(noteSecret('client secret', text));
    expect(secrets).toHaveLength(2);
    await page.getByText(`${stage.brokerUrl}/oauth/token`).waitFor();
    await page.getByText('Nobody has tried yet.').waitFor();
    await page.getByRole('region', { name: 'For Amazon’s command line' }).getByRole('button').click();
    await page.getByText('accountLinkingRequest').waitFor();
    await visit.look('guide-alexa');
    await page.getByRole('region', { name: 'For Amazon’s command line' }).getByRole('button', { name: 'Hide' }).click();
  });

  inBrowser('is told what stops an attempt, and what to do', async () => {
    const refused = new URL(`${stage.brokerUrl}/oauth/authorize`);
    const wrong = { client_id: 'alexa-acme-acme-lamps', response_type: 'code', redirect_uri: 'https://example.com/' };
    refused.search = new URLSearchParams({ ...wrong, state: 'a-state-of-a-test' }).toString();
    expect((await fetch(refused)).status).toBe(400);
    await page.locator('.lb-checks li[data-state=failed]', { hasText: 'Alexa has asked to link' }).waitFor();
    await page.locator('.lb-cause.is-failure').first().waitFor();
    await visit.look('guide-refused');
  });

  inBrowser('tries it: the checklist turns green as a real link passes each step', async () => {
    await visit.button('Let the simulator know it').click();
    await page.getByText('The skill does not know the simulator yet').waitFor();
    await visit.look('guide-redirect-uri');
    await visit.button('Add it and try').click();
    const opening = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Open it in the simulator' }).click();
    const phone = await opening;
    await phone.getByRole('button', { name: /enable/i }).click();
    await phone.waitForURL(`${stage.brokerUrl}/link/*`);
    await page.locator('.lb-checks li[data-state=done]', { hasText: 'Alexa has asked to link' }).waitFor();
    expect(await step('The provider said who they are').getAttribute('data-state')).toBe('later');
    await phone.getByRole('button', { name: 'Continue with Acme Home' }).click();
    await phone.fill('[name=username]', 'alice');
    await phone.fill('[name=password]', 'alice');
    await phone.click('button[type=submit]');
    await phone.getByText('Account linked').first().waitFor();
    await page.locator('.lb-checks li[data-state=done]', { hasText: 'Alexa has its tokens' }).waitFor();
    expect(await page.locator('.lb-checks li[data-state=done]').count()).toBe(5);
    await phone.close();
    await page.bringToFront();
    await visit.look('guide-linked');
    await page.getByRole('link', { name: 'The link that came of it' }).waitFor();
  });

  inBrowser('can leave and come back: secrets are nowhere', async () => {
    await page.reload();
    await page.getByText('Secrets are shown when they are made, and never again.').waitFor();
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href])',
    );
    const content = await page.content();
    for (const secret of secrets) expect([kept.includes(secret), content.includes(secret)]).toEqual([false, false]);
    await visit.open('/t/acme/skills/acme-lamps', 'Acme Lamps');
    await visit.look('skill-made');
    await page.getByRole('link', { name: 'Checklist' }).click();
    await page.locator('.lb-checks li[data-state=done]', { hasText: 'Alexa has its tokens' }).waitFor();
  });

  inBrowser('sees the very link page with another colour, light and dark', async () => {
    await visit.open('/t/acme/skills/acme-lamps/edit', 'Change Acme Lamps');
    const phone = page.frameLocator('iframe.lb-phone');
    const button = phone.getByRole('button', { name: 'Continue with Acme Home' });
    await button.waitFor();
    await page.getByLabel('Colour of the button').fill(COLOUR);
    await eventually('the button to have the colour', async () => (await groundOf(button)) === 'rgb(138, 28, 91)');
    const buffer = noisePicture(400, 200);
    await page.locator('input[type=file]').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer });
    await page.getByText('It was made smaller').waitFor();
    await phone.locator('.logo img').waitFor();
    expect((await page.getByAltText('The logo').getAttribute('src'))?.length).toBeLessThanOrEqual(8_192);
    await visit.look('skill-edit');
    await page.getByText('Dark', { exact: true }).click();
    const ground = (): Promise<string | undefined> => groundOf(phone.locator('main'));
    await eventually('the page to be dark', async () => ![undefined, 'rgb(255, 255, 255)'].includes(await ground()));
    await visit.look('skill-edit-dark');
  });

  inBrowser('overwrites nobody, and loses nothing by accident', async () => {
    const { skill } = await ask('GET', '/tenants/acme/skills/acme-lamps');
    const { slug: _, ...body } = skill as Record<string, unknown>;
    await ask('PUT', '/tenants/acme/skills/acme-lamps', { ...body, scopes: ['lights'] });
    await visit.button('Save').click();
    await page.getByText('Somebody else has changed this meanwhile').waitFor();
    await visit.look('skill-moved');
    await page.getByRole('navigation').getByRole('link', { name: 'Links' }).click();
    await page.getByRole('dialog').getByText('What you have typed here is lost then.').waitFor();
    await visit.look('unsaved');
    await page.getByRole('dialog').getByRole('button', { name: 'Stay here' }).click();
    await visit.button('Load what is there now').click();
    await page.locator('.mantine-Pill-root', { hasText: 'lights' }).waitFor();
    await page.getByLabel('Colour of the button').fill('red');
    await visit.button('Save').click();
    await page.getByText('must be a colour as #rrggbb').first().waitFor();
    await page.getByLabel('Colour of the button').fill(COLOUR);
    await visit.button('Save').click();
    await page.getByRole('link', { name: 'Checklist' }).waitFor();
    const saved = (await ask('GET', '/tenants/acme/skills/acme-lamps'))['skill'];
    expect(saved).toEqual({ ...(skill as object), scopes: ['lights'], branding: { color: COLOUR } });
  });

  inBrowser('says who is told, which events Alexa gets, and where its own app is', async () => {
    const address = '/tenants/acme/skills/acme-lamps';
    const { skill: before } = await ask('GET', address);
    expect(await giveSkillParts(visit)).toMatch(/^whsec_/);
    expect((await ask('GET', address))['skill']).toMatchObject(SKILL_PARTS);
    await takeSkillParts(visit);
    expect((await ask('GET', address))['skill']).toEqual(before);
  });

  inBrowser('makes and changes a connector', async () => {
    await visit.open('/t/acme/connectors', 'Connectors');
    await visit.look('connectors-made');
    await page.getByRole('link', { name: 'New connector' }).click();
    await page.getByRole('button', { name: /^Apple/ }).click();
    await page.getByRole('textbox', { name: 'teamId' }).waitFor();
    await visit.look('connector-new');
    await visit.open('/t/acme/connectors/oidc', 'oidc');
    await page.getByLabel('Client id at the provider').waitFor();
    await visit.look('connector');
    await page.getByText('More settings').click();
    await page.getByLabel('Name on the button').fill('Acme Sign-in');
    await visit.button('Save').click();
    await page.getByText('Saved').first().waitFor();
    expect(await ask('GET', '/tenants/acme/connectors/oidc')).toMatchObject({ name: 'Acme Sign-in' });
  });

  inBrowser('adds a provider that people sign in with, which the sign-in page then offers', () =>
    addSignInProvider(visit, browser, 'acme'),
  );

  inBrowser('lets somebody in with a provider of the installation', async () => {
    const { origin: url } = new URL(page.url());
    visit.findings.push(...(await signInByProvider({ stage, ask, browser, url }, 'acme')));
  });

  inBrowser('speaks German', async () => {
    await page.evaluate("localStorage.setItem('linkbroker-language', 'de')");
    await visit.open('/t/acme/skills/new?step=alexa&skill=acme-lamps', 'Neuer Skill');
    await page.locator('.lb-checks li[data-state=done]', { hasText: 'Alexa hat seine Tokens' }).waitFor();
    await visit.look('guide-german');
    await visit.open('/t/acme/skills/acme-lamps/edit', 'Acme Lamps ändern');
    await page.frameLocator('iframe.lb-phone').getByRole('button', { name: 'Weiter mit Acme Sign-in' }).waitFor();
    await visit.look('skill-edit-german');
    await page.evaluate("localStorage.setItem('linkbroker-language', 'en')");
  });

  inBrowser('removes no skill that unlinks households whose number is not said', async () => {
    await removeSkill();
    await dialog().getByText('this would unlink 1 live grant').waitFor();
    await visit.look('skill-remove');
    await dialog().getByLabel('Live grants that end by this').fill('2');
    await dialog().getByRole('button', { name: 'Remove' }).click();
    await dialog().getByText('this would unlink 1 live grant').waitFor();
    await page.keyboard.press('Escape');
  });

  inBrowser('reads the link as a story and revokes it; then its skill may go', async () => {
    await revokeInConsole(visit, 'acme');
    await removeSkill();
    await page.getByText('No skill yet').waitFor();
  });

  const dialog = () => page.getByRole('dialog');
  const removeSkill = async (): Promise<void> => {
    await visit.open('/t/acme/skills/acme-lamps', 'Acme Lamps');
    await visit.button('Remove').click();
    await dialog().getByLabel('Type acme-lamps to confirm').fill('acme-lamps');
    await dialog().getByRole('button', { name: 'Remove' }).click();
  };
});
