import { createLogins, grantAppRoles, migrate, type AppRole } from '@linkbroker/persistence';
import { parseArgs } from 'node:util';

/**
 * `migrate.js [--logins SUFFIX]`: creates the database when it is missing, migrates, and settles which role each app
 * connects as. One JSON line on stdout; exit 1 when it fails, 2 when the database cannot be reached.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { logins: { type: 'string' } } });
  const migrationUrl = process.env['MIGRATION_DATABASE_URL'] ?? process.env['DATABASE_URL'];
  const appUrl = process.env['DATABASE_URL'];
  if (!migrationUrl) throw new Error('MIGRATION_DATABASE_URL: is not set');
  const report = await migrate(migrationUrl);
  const urls = await settleLogins(migrationUrl, appUrl, values.logins);
  process.stdout.write(`${JSON.stringify({ ...report, ...(urls && { urls }) })}\n`);
}

async function settleLogins(
  migrationUrl: string,
  appUrl: string | undefined,
  suffix: string | undefined,
): Promise<Record<AppRole, string> | undefined> {
  const appRole = appUrl === undefined ? undefined : decodeURIComponent(new URL(appUrl).username);
  if (appUrl !== undefined && appRole && appRole !== decodeURIComponent(new URL(migrationUrl).username)) {
    await grantAppRoles(migrationUrl, appRole);
    return { broker: appUrl, worker: appUrl, admin: appUrl };
  }
  return suffix === undefined ? undefined : createLogins(migrationUrl, suffix);
}

/** Errors of the network, not of the work. */
const UNREACHABLE = /^(ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ECONNRESET|57P03)$/;

main().catch((error: unknown) => {
  const { message, code, errors } = error as Error & { code?: string; errors?: Error[] };
  const text = message || errors?.[0]?.message || code || 'failed';
  process.stderr.write(`migrate: ${text}\n`);
  process.exitCode = UNREACHABLE.test(code ?? '') || /timeout expired/.test(text) ? 2 : 1;
});
