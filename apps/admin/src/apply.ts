import {
  applyConfig,
  exportForAlexa,
  readConfigFile,
  type ApplyOptions,
  type ConfigurationNeeds,
} from '@linkbroker/configuration';
import { ConfigError, parseEnvironment } from '@linkbroker/contracts';
import { ClientIdTaken, ConfigurationStore, KeysStore, openDatabase } from '@linkbroker/persistence';
import { DecryptionFailed, hashSecret, Vault, verifySecret } from '@linkbroker/vault';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readMasterKeys } from './read-master-keys.js';

const USAGE = `apply -f FILE [--dry-run] [--prune [--live-grants N]] [--retire-secrets] [--export-alexa OUT]

  -f, --file         the config file (YAML)
      --dry-run      print the plan, change nothing
      --prune        remove what the named tenants have and the file does not
      --live-grants  how many live grants pruning may end; asked for when there are any
      --retire-secrets  replaced client secrets stop now instead of after 30 days unseen
      --export-alexa    write what Amazon's developer console would hold, secrets included, to OUT
`;

interface Command extends ApplyOptions {
  readonly file: string;
  readonly exportAlexa: string | undefined;
}

function readCommand(): Command {
  const { values } = parseArgs({
    options: {
      file: { type: 'string', short: 'f' },
      'dry-run': { type: 'boolean', default: false },
      prune: { type: 'boolean', default: false },
      'live-grants': { type: 'string' },
      'retire-secrets': { type: 'boolean', default: false },
      'export-alexa': { type: 'string' },
    },
  });
  if (values.file === undefined)
    throw new ConfigError([{ line: null, path: '', message: `no file given\n\n${USAGE}` }]);
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

/** As Standard Webhooks writes them, with 32 octets. */
const newSigningSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** Exit 0 done or nothing to do, 1 invalid, 2 unreachable. */
async function main(): Promise<number> {
  const command = readCommand();
  const config = readConfigFile(readFileSync(command.file, 'utf8'), process.env);
  const env = parseEnvironment(process.env, ['DATABASE_URL', 'MASTER_KEYS']);
  const masterKeys = readMasterKeys(env.MASTER_KEYS);
  const opened = await openDatabase(env.DATABASE_URL, 2).catch((error: unknown) => {
    throw new Unreachable(error);
  });
  try {
    const vault = new Vault(masterKeys, new KeysStore(opened.database));
    const needs: ConfigurationNeeds = {
      now: () => new Date(),
      newId: randomUUID,
      newSigningSecret,
      hashSecret,
      verifySecret,
      seal: (place, plain, deadline) => vault.seal(place, plain, deadline),
      open: (place, sealed, deadline) => vault.open(place, sealed, deadline),
      store: new ConfigurationStore(opened.dataSource),
    };
    const applied = await applyConfig(needs, config, command);
    for (const { slug, lines, once } of applied) {
      process.stdout.write(`tenant ${slug}: ${lines.length === 0 ? 'nothing to do' : ''}\n`);
      for (const line of lines) process.stdout.write(`  ${line}\n`);
      for (const secret of once) process.stdout.write(`  ${secret} (keep it: it is not shown again)\n`);
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
