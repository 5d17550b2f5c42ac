import { ConfigError, parseEnvironment } from '@linkbroker/contracts';
import { readFile } from 'node:fs/promises';
import { operatorKeyPath } from './http/operator-key.js';
import { runCommand } from './run-command.js';
import { runTimeline, TimelineRefused, TimelineUsageError } from './timeline-command.js';

/** Exit 0 done, 1 refused or not understood, 2 unreachable. */
async function main(): Promise<number> {
  const { ADMIN_URL, DATA_DIR } = parseEnvironment(process.env, ['ADMIN_URL', 'DATA_DIR']);
  const needs = {
    adminUrl: ADMIN_URL.replace(/\/$/, ''),
    operatorKey: async () => (await readFile(operatorKeyPath(DATA_DIR), 'utf8')).trim(),
    fetch,
    print: (text: string) => process.stdout.write(text),
  };
  await runTimeline(needs, process.argv.slice(2));
  return 0;
}

runCommand('timeline', main, [ConfigError, TimelineRefused, TimelineUsageError]);
