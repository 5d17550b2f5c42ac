import { ConfigError, parseEnvironment } from '@linkbroker/contracts';
import { ConfigurationStore, EventLogStore, openDatabase } from '@linkbroker/persistence';
import { EventsUsageError, readEventsArguments } from './events-arguments.js';
import { runEvents } from './events-command.js';
import { runCommand } from './run-command.js';

/** Exit 0 done, 1 nothing to send or not understood, 2 unreachable. */
async function main(): Promise<number> {
  const argv = process.argv.slice(2);
  readEventsArguments(argv);
  const env = parseEnvironment(process.env, ['DATABASE_URL']);
  const opened = await openDatabase(env.DATABASE_URL, 2);
  try {
    const configuration = new ConfigurationStore(opened.dataSource);
    const needs = {
      resolveTenant: configuration.resolveTenant.bind(configuration),
      log: new EventLogStore(opened.dataSource),
      now: () => new Date(),
      print: (line: string) => void process.stdout.write(`${line}\n`),
    };
    return (await runEvents(needs, argv)) ? 0 : 1;
  } finally {
    await opened.close();
  }
}

runCommand('events', main, [ConfigError, EventsUsageError]);
