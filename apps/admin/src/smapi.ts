import { AccountLinkingRefused, AccountLinkingUnreadable } from '@linkbroker/alexa';
import { ConfigError, parseEnvironment } from '@linkbroker/contracts';
import { ConfigurationStore, KeyRotationStore, openDatabase } from '@linkbroker/persistence';
import { verifySecret } from '@linkbroker/vault';
import { runCommand } from './run-command.js';
import { readSmapiArguments, SmapiUsageError } from './smapi-arguments.js';
import { runSmapi, SmapiRefused } from './smapi-command.js';
import { readText, writePrivate } from './smapi-files.js';

/** Exit 0 done, 1 refused, not understood or drifted, 2 unreachable. */
async function main(): Promise<number> {
  const argv = process.argv.slice(2);
  readSmapiArguments(argv);
  const { DATABASE_URL, BROKER_URL } = parseEnvironment(process.env, ['DATABASE_URL', 'BROKER_URL']);
  const opened = await openDatabase(DATABASE_URL, 2);
  try {
    const rotation = new KeyRotationStore(opened.dataSource);
    const same = await runSmapi(
      {
        configuration: new ConfigurationStore(opened.dataSource),
        tenants: async () => [...new Set((await rotation.listDataKeys()).map(({ tenantId }) => tenantId))],
        publicUrl: BROKER_URL.replace(/\/$/, ''),
        readText,
        writePrivate,
        verifySecret,
        print: (line) => process.stdout.write(`${line}\n`),
        tell: (line) => process.stderr.write(`${line}\n`),
      },
      argv,
    );
    return same ? 0 : 1;
  } finally {
    await opened.close();
  }
}

const REFUSALS = [AccountLinkingRefused, AccountLinkingUnreadable, ConfigError, SmapiRefused, SmapiUsageError];
runCommand('smapi', main, REFUSALS);
