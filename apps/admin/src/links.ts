import { ConfigError, parseEnvironment } from '@linkbroker/contracts';
import { ConfigurationStore, KeysStore, LinkOverviewStore, openDatabase, SignInsStore } from '@linkbroker/persistence';
import { DecryptionFailed, MacKeyRing, MasterKeyMissing } from '@linkbroker/vault';
import { randomBytes } from 'node:crypto';
import { LinksUsageError, readLinksArguments } from './links-arguments.js';
import { LinksRefused, runLinks } from './links-command.js';
import { readMasterKeys } from './read-master-keys.js';
import { runCommand } from './run-command.js';

/** Exit 0 done, 1 refused or not understood, 2 unreachable. */
async function main(): Promise<number> {
  const argv = process.argv.slice(2);
  const { command } = readLinksArguments(argv);
  const { DATABASE_URL } = parseEnvironment(process.env, ['DATABASE_URL']);
  const repairs = command === 'repair' ? parseEnvironment(process.env, ['MASTER_KEYS', 'BROKER_URL']) : undefined;
  const opened = await openDatabase(DATABASE_URL, 2);
  try {
    await runLinks(
      {
        now: () => new Date(),
        randomBytes,
        trace: () => undefined,
        resolveTenant: (slug) => new ConfigurationStore(opened.dataSource).resolveTenant(slug),
        overview: new LinkOverviewStore(opened.dataSource),
        signIns: new SignInsStore(opened.database),
        macKeys: () => new MacKeyRing(readMasterKeys(repairs?.MASTER_KEYS ?? ''), new KeysStore(opened.database)),
        publicUrl: (repairs?.BROKER_URL ?? '').replace(/\/$/, ''),
        print: (line) => process.stdout.write(`${line}\n`),
      },
      argv,
    );
    return 0;
  } finally {
    await opened.close();
  }
}

runCommand('links', main, [ConfigError, DecryptionFailed, LinksUsageError, LinksRefused, MasterKeyMissing]);
