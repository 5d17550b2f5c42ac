import type { ConsoleVisit } from './console-visit.js';

/** Deletes Acme Lighting with the households it has left; it stays in the list as one that is being deleted. */
export async function deleteTenant(visit: ConsoleVisit): Promise<void> {
  const { page } = visit;
  await visit.open('/t/acme-lighting/settings', 'Settings');
  await visit.button('Delete tenant').click();
  const dialog = page.getByRole('dialog');
  const sure = dialog.getByRole('button', { name: 'Delete tenant' });
  await dialog.getByLabel('Type acme-lighting to confirm').fill('acme-lighting');
  await sure.click();
  const said = (await dialog.getByText(/this would unlink \d+ live grant/).textContent()) ?? '';
  await visit.look('tenant-delete');
  await dialog.getByLabel('Live grants that end by this').fill(/\d+/.exec(said)?.[0] ?? '');
  await sure.click();
  await visit.heading('Tenants').waitFor();
  await page.getByText('being deleted', { exact: true }).waitFor();
  await visit.look('tenants-closed');
  await page.goto(`${new URL(page.url()).origin}/t/acme-lighting`);
  await page.getByText('There is no such tenant').first().waitFor();
}
