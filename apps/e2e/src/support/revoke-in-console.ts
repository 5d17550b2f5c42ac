import type { ConsoleVisit } from './console-visit.js';

/** Finds the one link of a tenant, reads how it came about, and ends it; it stays readable. */
export async function revokeInConsole(visit: ConsoleVisit, tenant: string): Promise<void> {
  const { page } = visit;
  await visit.open(`/t/${tenant}/links`, 'Links');
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByText('Alexa redeemed its code for tokens').waitFor();
  await page.getByText('Alexa asked to link').first().waitFor();
  await visit.look('link-story');
  await visit.button('Revoke').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why').fill('the household asked for it');
  await dialog.getByLabel('Type revoke to confirm').fill('revoke');
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('One grant was ended.').waitFor();
  await dialog.waitFor({ state: 'detached' });
}
