import { noteSecret } from '@linkbroker/testing';
import type { Browser } from 'playwright-core';
import { ConsoleVisit } from './console-visit.js';

/** An owner adds an OpenID provider, somebody else finds it on the sign-in page, and it is removed again. */
export async function addSignInProvider(visit: ConsoleVisit, browser: Browser, tenant: string): Promise<void> {
  const { page } = visit;
  await visit.open(`/t/${tenant}/sign-in-providers`, 'Sign-in providers');
  await visit.look('sign-in-providers-empty');
  await visit.button('Add a provider').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Acme Staff');
  await dialog.getByLabel('Issuer').fill('https://id.example.com');
  await dialog.getByLabel('Client id').fill('console');
  await dialog
    .getByRole('textbox', { name: 'Client secret' })
    .fill(noteSecret('client secret', 'secret-of-the-console'));
  await visit.look('sign-in-provider-new');
  await dialog.getByRole('button', { name: 'Add a provider' }).click();
  await page.getByRole('cell', { name: 'Acme Staff acme-staff' }).waitFor();
  await visit.look('sign-in-providers');
  const other = await ConsoleVisit.begin(browser, new URL(page.url()).origin);
  await other.open('/sign-in?provider=acme-staff', 'Sign in');
  await other.button('Continue with acme-staff').waitFor();
  await other.look('sign-in-by-provider');
  await other.open('/sign-in/callback', 'Sign in');
  await other.page.getByText('No sign-in is under way here').waitFor();
  await other.look('sign-in-callback');
  visit.findings.push(...other.findings);
  await other.context.close();
  await visit.button('Remove: Acme Staff').click();
  await dialog.getByLabel('Type acme-staff to confirm').fill('acme-staff');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('No provider yet').waitFor();
}
