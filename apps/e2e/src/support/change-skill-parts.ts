import { EVENT_TYPES } from '@linkbroker/contracts';
import { noteSecret } from '@linkbroker/testing';
import type { ConsoleVisit } from './console-visit.js';

const EVENTS_SECRET = noteSecret('client secret', 'alexa-events-secret-of-a-test');

/** What they are then, as the API tells it. */
export const SKILL_PARTS = {
  webhooks: [{ url: 'https://hooks.example.com/linkbroker', events: [...EVENT_TYPES].sort() }],
  events: { clientId: 'amzn1.application-oa2-client.of-a-test', region: 'na', reciprocal: false },
  appToApp: { authorizationUrlsByPlatform: [{ platform: 'iOS', url: 'https://app.example.com/alexa' }] },
};

/** Gives the skill `acme-lamps` a webhook, the permission for events and an app. @returns the webhook's signing secret */
export async function giveSkillParts(visit: ConsoleVisit): Promise<string> {
  const { page } = visit;
  await visit.open('/t/acme/skills/acme-lamps/edit', 'Change Acme Lamps');
  await visit.button('Add a webhook').click();
  const webhook = page.getByRole('group', { name: 'Webhook 1' });
  await webhook.getByLabel('Address').fill('hooks.example.com');
  await visit.button('Save').click();
  await webhook.getByText('Invalid URL').waitFor();
  await webhook.getByLabel('Address').fill('https://hooks.example.com/linkbroker');
  await page.getByLabel('The skill sends Alexa events').check();
  await page.getByLabel('Alexa Client Id').fill('amzn1.application-oa2-client.of-a-test');
  await needsBackend(visit);
  await page.getByLabel('The skill sends Alexa events').uncheck();
  await page.getByLabel('The skill sends Alexa events').check();
  await visit.button('Save').click();
  await page
    .getByText(/is needed: skill acme-lamps has none yet/)
    .first()
    .waitFor();
  await page.getByRole('textbox', { name: 'Alexa Client Secret' }).fill(EVENTS_SECRET);
  await page.getByLabel('Where your app is opened on iOS').fill('https://app.example.com/alexa');
  await visit.look('skill-edit-parts');
  await visit.button('Save').click();
  const made = page.getByRole('dialog', { name: 'A new secret' });
  const secret = noteSecret('signing secret', (await made.locator('.lb-value').textContent()) ?? '');
  await made.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('link', { name: 'Checklist' }).waitFor();
  return secret;
}

/** Without the client of its server a skill sends no events: said beside the permission, and nothing is lost by it. */
async function needsBackend(visit: ConsoleVisit): Promise<void> {
  const { page } = visit;
  await page.getByText('More settings').last().click();
  const backend = page.getByLabel('Client id of your skill’s server');
  const known = await backend.inputValue();
  await backend.fill('');
  await visit.button('Save').click();
  await page.getByRole('region', { name: 'Events to Alexa' }).getByText('needs backend').waitFor();
  await backend.fill(known);
}

/** Takes them away again. */
export async function takeSkillParts(visit: ConsoleVisit): Promise<void> {
  const { page } = visit;
  await visit.open('/t/acme/skills/acme-lamps/edit', 'Change Acme Lamps');
  await visit.button('Remove webhook 1').click();
  await page.getByLabel('The skill sends Alexa events').uncheck();
  await page.getByLabel('Where your app is opened on iOS').fill('');
  await visit.button('Save').click();
  await page.getByRole('link', { name: 'Checklist' }).waitFor();
}
