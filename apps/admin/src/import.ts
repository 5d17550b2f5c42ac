import { ConfigError, parseEnvironment } from '@linkbroker/contracts';
import { ConfigurationStore, ConnectorsStore, ImportsStore, KeysStore, openDatabase } from '@linkbroker/persistence';
import { DecryptionFailed, Fingerprints, MasterKeyMissing, Vault } from '@linkbroker/vault';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { ImportRefused, runImport } from './import-command.js';
import { ImportUsageError, readImportArguments } from './import-arguments.js';
import { readCsvLines, readJsonLines, UnfitHeader } from './imports/read-lines.js';
import { readMasterKeys } from './read-master-keys.js';
import { runCommand } from './run-command.js';
import { whoRuns } from './who-runs.js';

const START_MS = 10_000;
const LOOK_AGAIN_MS = 2_000;

/** Exit 0 all is there, 1 something is refused or not understood, 2 unreachable. */
async function main(): Promise<number> {
  const args = readImportArguments(process.argv.slice(2));
  const env = parseEnvironment(process.env, ['DATABASE_URL', 'MASTER_KEYS']);
  const masterKeys = readMasterKeys(env.MASTER_KEYS);
  await access(args.file).catch(() => {
    throw new ImportRefused(`${args.file} cannot be read`);
  });
  const opened = await openDatabase(env.DATABASE_URL, 2);
  try {
    const keys = new KeysStore(opened.database);
    const vault = new Vault(masterKeys, keys);
    const fingerprints = await Fingerprints.open(masterKeys, keys, performance.now() + START_MS);
    const texts = createInterface({ input: createReadStream(args.file, 'utf8'), crlfDelay: Infinity });
    const done = await runImport(
      {
        now: () => new Date(),
        randomBytes,
        seal: vault.seal.bind(vault),
        fingerprint: fingerprints.of,
        imports: new ImportsStore(opened.dataSource),
        connectors: new ConnectorsStore(opened.database, vault.open.bind(vault)),
        resolveTenant: (slug) => new ConfigurationStore(opened.dataSource).resolveTenant(slug),
        lines: args.file.endsWith('.csv') ? readCsvLines(texts) : readJsonLines(texts),
        by: `import by ${whoRuns()}`,
        pause: () => pause(LOOK_AGAIN_MS),
        print: (line) => process.stdout.write(`${line}\n`),
      },
      args,
    );
    return done ? 0 : 1;
  } finally {
    await opened.close();
  }
}

runCommand('import', main, [
  ...[ConfigError, DecryptionFailed, ImportRefused, ImportUsageError, MasterKeyMissing, UnfitHeader],
]);
