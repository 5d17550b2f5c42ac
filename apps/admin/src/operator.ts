import { ConfigError, parseEnvironment } from '@linkbroker/contracts';
import { AdminSessionsStore, connectRedis } from '@linkbroker/ephemeral';
import { AccountsStore, BootstrapStore, openDatabase } from '@linkbroker/persistence';
import { randomBytes } from 'node:crypto';
import { OperatorRefused, OperatorUsageError, readOperatorArguments, runOperator } from './operator-command.js';
import { runCommand } from './run-command.js';

/** Exit 0 done, 1 refused or not understood, 2 unreachable. */
async function main(): Promise<number> {
  const args = readOperatorArguments(process.argv.slice(2));
  const names = ['DATABASE_URL', 'REDIS_URL', 'ADMIN_URL'] as const;
  const { DATABASE_URL, REDIS_URL, ADMIN_URL } = parseEnvironment(process.env, names);
  const opened = await openDatabase(DATABASE_URL, 2);
  try {
    const redis = await connectRedis(REDIS_URL);
    try {
      await runOperator(
        {
          now: () => new Date(),
          newSecret: () => randomBytes(32).toString('base64url'),
          adminUrl: new URL(ADMIN_URL).origin,
          accounts: new AccountsStore(opened.dataSource),
          bootstrap: new BootstrapStore(opened.dataSource),
          sessions: new AdminSessionsStore(redis),
          print: (line) => process.stdout.write(`${line}\n`),
        },
        args,
      );
    } finally {
      redis.disconnect();
    }
    return 0;
  } finally {
    await opened.close();
  }
}

runCommand('operator', main, [ConfigError, OperatorRefused, OperatorUsageError]);
