import {
  applyConfig,
  exportConfigFile,
  exportForAlexa,
  readConfigFile,
  type ApplyOptions,
} from '@linkbroker/configuration';
import { ConfigError, parseEnvironment } from '@linkbroker/contracts';
import { ClientIdTaken, ConfigurationStore, KeysStore, openDatabase } from '@linkbroker/persistence';
import { DecryptionFailed, Vault } from '@linkbroker/vault';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { auditedStore } from './configuration/audited-store.js';
import { configurationNeeds } from './configuration/configuration-needs.js';
import { readMasterKeys } from './read-master-keys.js';
import { whoRuns } from './who-runs.js';

const USAGE = `apply -f FILE [--dry-run] [--prune [--live-grants N]] [--retire-secrets] [--export-alexa OUT]
apply --export TENANT

  -f, --file         the config file (YAML)
      --dry-run      print the plan, change nothing
      --prune        remove what the named tenants have and the file does not
      --live-grants  how many live grants pruning may end; asked for when there are any
      --retire-secrets  replaced client secrets stop now instead of after 30 days unseen
      --export       print a tenant as a config file; secrets are named by environment variables
      --export-alexa    write what Amazon's developer console would hold, secrets included, to OUT
`;

interface Command extends ApplyOptions {
  readonly file: string;
  readonly exportAlexa: string | undefined;
}

function readCommand(): Command | { readonly tenant: string } {
  const { values } = parseArgs({
    options: {
      file: { type: 'string', short: 'f' },
      'dry-run': { type: 'boolean', default: false },
      prune: { type: 'boolean', default: false },
      'live-grants': { type: 'string' },
      'retire-secrets': { type: 'boolean', default: false },
      'export-alexa': { type: 'string' },
      export: { type: 'string' },
    },
  });
  if (values.export !== undefined && values.file === undefined) return { tenant: values.export };
  if (values.file === undefined || values.export !== undefined)
    throw new ConfigError([{ line: null, path: '', message: `one file, or one tenant to export\n\n${USAGE}` }]);
  const liveGrants = values['live-grants'];
  if (liveGrants !== undefined && !/^\d{1,9}$/.test(liveGrants))
    throw new ConfigError([{ line: null, path: '', message: '--live-grants needs a number' }]);
  return {
    file: values.file,
    dryRun: values['dry-run'],
    prune: values.prune,
    liveGrants: liveGrants === undefined ? null : Number(liveGrants),
    retireSecrets: values['retire-secrets'],
    exportAlexa: values['export-alexa'],
  };
}

/** Exit 0 done or nothing to do, 1 invalid, 2 unreachable. */
async function main(): Promise<number> {
  const command = readCommand();
  if ('tenant' in command) return exportTenant(command.tenant);
  const config = readConfigFile(readFileSync(command.file, 'utf8'), process.env);
  const env = parseEnvironment(process.env, ['DATABASE_URL', 'MASTER_KEYS']);
  const masterKeys = readMasterKeys(env.MASTER_KEYS);
  const opened = await openDatabase(env.DATABASE_URL, 2).catch((error: unknown) => {
    throw new Unreachable(error);
  });
  try {
    const vault = new Vault(masterKeys, new KeysStore(opened.database));
    const needs = configurationNeeds(
      vault,
      auditedStore(new ConfigurationStore(opened.dataSource), `apply by ${whoRuns()}`),
    );
    const applied = await applyConfig(needs, config, command);
    for (const { slug, lines, once } of applied) {
      process.stdout.write(`tenant ${slug}: ${lines.length === 0 ? 'nothing to do' : ''}\n`);
      for (const line of lines) process.stdout.write(`  ${line}\n`);
      for (const { what, secret } of once) {
        process.stdout.write(`  ${what}: ${secret} (keep it: it is not shown again)\n`);
      }
    }
    const count = applied.reduce((sum, { lines }) => sum + lines.length, 0);
    process.stdout.write(
      command.dryRun ? `dry run: ${String(count)} change(s) planned\n` : `applied ${String(count)} change(s)\n`,
    );
  } finally {
    await opened.close();
  }
  if (command.exportAlexa !== undefined) {
    writeFileSync(command.exportAlexa, JSON.stringify(exportForAlexa(config), null, 2), { mode: 0o600 });
  }
  return 0;
}

async function exportTenant(slug: string): Promise<number> {
  const { DATABASE_URL } = parseEnvironment(process.env, ['DATABASE_URL']);
  const opened = await openDatabase(DATABASE_URL, 1).catch((error: unknown) => {
    throw new Unreachable(error);
  });
  try {
    const store = new ConfigurationStore(opened.dataSource);
    const tenantId = await store.resolveTenant(slug);
    if (!tenantId) throw new ConfigError([{ line: null, path: '', message: `there is no tenant ${slug}` }]);
    process.stdout.write(exportConfigFile(slug, await store.read(tenantId)));
    return 0;
  } finally {
    await opened.close();
  }
}

/** The database could not be asked. */
class Unreachable extends Error {
  constructor(cause: unknown) {
    const { message, code, errors } = cause as Error & { code?: string; errors?: Error[] };
    super(`cannot use the database: ${message || errors?.[0]?.message || code || 'no answer'}`, { cause });
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `${text
        .split('\n')
        .map((line) => `apply: ${line}`)
        .join('\n')}\n`,
    );
    const invalid =
      error instanceof ConfigError ||
      error instanceof ClientIdTaken ||
      error instanceof DecryptionFailed ||
      isUsageError(error);
    process.exitCode = invalid ? 1 : 2;
  },
);

/** A bad option, or a file that cannot be read. */
function isUsageError(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: string }).code : undefined;
  return code !== undefined && /^(ERR_PARSE_ARGS|ENOENT|EISDIR|EACCES)/.test(code);
}
