import { noteSecret } from '@linkbroker/testing';
import type { Browser } from 'playwright-core';
import { ConsoleVisit } from './console-visit.js';
import type { operatorCalls } from './operator-calls.js';
import type { Stage } from './stage.js';

interface Ground {
  readonly stage: Stage;
  readonly ask: ReturnType<typeof operatorCalls>;
  readonly browser: Browser;
  /** Of the console, as a browser knows it. */
  readonly url: string;
}

const SECRET = noteSecret('client secret', 'secret-of-the-console-at-a-provider');

/**
 * Somebody who was invited comes in with an OpenID provider of the installation, twice, and goes on
 * where they wanted to be; what the console showed wrongly.
 */
export async function signInByProvider({ stage, ask, browser, url }: Ground, tenant: string): Promise<unknown[]> {
  const client = { clientId: 'console', clientSecret: SECRET };
  stage.simulator.models.google.clients.register({ ...client, redirectUris: [`${url}/sign-in/callback`] });
  const provider = { slug: 'staff', name: 'Acme Staff', issuer: `${stage.simulatorUrl}/google` };
  await ask('POST', '/sign-in-providers', { ...provider, ...client });
  const invited = await ask('POST', `/tenants/${tenant}/invitations`, { role: 'viewer', label: 'Alice' });
  noteSecret('invitation token', String(invited['url']).split('#token=')[1] ?? '');
  const visit = await ConsoleVisit.begin(browser, url);
  const { page } = visit;
  const throughProvider = async (arrival: string): Promise<void> => {
    await visit.button('Continue with Acme Staff').click();
    await page.fill('[name=username]', 'alice');
    await page.fill('[name=password]', 'alice');
    await page.click('button[type=submit]');
    await visit.heading(arrival).waitFor();
  };
  await page.goto(String(invited['url']));
  await visit.heading('You are invited').waitFor();
  await throughProvider('Acme Lighting');
  if (page.url() !== `${url}/t/${tenant}`) visit.findings.push(page.url());
  await page.getByRole('button', { name: /^Signed in as/ }).click();
  await visit.button('Sign out').click();
  await visit.heading('Sign in').waitFor();
  await visit.look('sign-in-with-provider');
  await page.goto(`${url}/t/${tenant}/links`);
  await visit.heading('Sign in').waitFor();
  await throughProvider('Links');
  if (page.url() !== `${url}/t/${tenant}/links`) visit.findings.push(page.url());
  await visit.context.close();
  return visit.findings;
}
