import { appendFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { newRun, openLeakRun, searchLeaks } from '../lib/leak-run.mjs';
import { dumpDatabases } from './dump-databases.mjs';

/**
 * Watches the tests of one project: secrets that they note, and what leaves a process under test, are collected in a
 * directory (see libs/testing/src/leak-watch.ts), with every row of the run's databases, failures and console output.
 */
export function startLeakWatch(project) {
  const whole = process.env.LINKBROKER_TEST_RUN;
  const run = whole ?? newRun();
  const directory = openLeakRun(run, project);
  process.env.LINKBROKER_LEAK_WATCH = directory;
  const keep = (place, text) =>
    appendFileSync(join(directory, 'output', encodeURIComponent(place)), `${text}\n`, { mode: 0o600 });
  return {
    /** Takes what Jest shows of a spec. @param {import('@jest/test-result').TestResult} result */
    hear({ testFilePath, failureMessage, console: lines }) {
      const spec = basename(testFilePath);
      if (failureMessage) keep(`${spec}, failures`, failureMessage);
      for (const { message } of lines ?? []) keep(`${spec}, console`, message);
    },
    /**
     * @returns {Promise<{ run: string, secrets: number, outputs: number, bytes: number, found: string[] }>}
     */
    async end() {
      await dumpDatabases(keep);
      const sum = searchLeaks([{ directory, project }]);
      // `npm test` looks once more, over all projects and what it has shown, and then removes it.
      if (whole === undefined) rmSync(directory, { recursive: true, force: true });
      return { run, ...sum };
    },
  };
}
