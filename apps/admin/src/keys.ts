import { ConfigError, parseEnvironment } from '@linkbroker/contracts';
import { KeyRotationStore, KeysStore, openDatabase, SealedValuesStore } from '@linkbroker/persistence';
import { DecryptionFailed, MasterKeyMissing, RotationRefused } from '@linkbroker/vault';
import { KeysUsageError, readKeysArguments } from './keys-arguments.js';
import { runKeys } from './keys-command.js';
import { readMasterKeys } from './read-master-keys.js';
import { runCommand } from './run-command.js';

/** Exit 0 done, 1 refused, not all done or not understood, 2 unreachable. */
async function main(): Promise<number> {
  const argv = process.argv.slice(2);
  readKeysArguments(argv);
  const env = parseEnvironment(process.env, ['DATABASE_URL', 'MASTER_KEYS']);
  const masterKeys = readMasterKeys(env.MASTER_KEYS);
  const opened = await openDatabase(env.DATABASE_URL, 2);
  try {
    const done = await runKeys(
      {
        masterKeys,
        keys: new KeysStore(opened.database),
        rotation: new KeyRotationStore(opened.dataSource),
        sealedValues: new SealedValuesStore(opened.dataSource),
        now: () => new Date(),
        print: (line) => process.stdout.write(`${line}\n`),
      },
      argv,
    );
    return done ? 0 : 1;
  } finally {
    await opened.close();
  }
}

runCommand('keys', main, [ConfigError, DecryptionFailed, KeysUsageError, MasterKeyMissing, RotationRefused]);
