import { ConfigError, parseEnvironment } from '@linkbroker/contracts';
import { KeyRotationStore, KeysStore, openDatabase, SealedValuesStore } from '@linkbroker/persistence';
import {
  DecryptionFailed,
  MasterKeyMissing,
  parseMasterKeys,
  RotationRefused,
  type MasterKeys,
} from '@linkbroker/vault';
import { KeysUsageError, readKeysArguments } from './keys-arguments.js';
import { runKeys } from './keys-command.js';

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

/** @throws ConfigError */
function readMasterKeys(text: string): MasterKeys {
  try {
    return parseMasterKeys(text);
  } catch (error) {
    throw new ConfigError([
      { line: null, path: '', message: error instanceof Error ? error.message : 'cannot be read' },
    ]);
  }
}

const REFUSALS = [ConfigError, DecryptionFailed, KeysUsageError, MasterKeyMissing, RotationRefused];

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const { message, code, errors } = error as Error & { code?: string; errors?: Error[] };
    const text = message || errors?.[0]?.message || code || 'failed';
    process.stderr.write(`${text.replace(/^/gm, 'keys: ')}\n`);
    process.exitCode = REFUSALS.some((kind) => error instanceof kind) ? 1 : 2;
  },
);
