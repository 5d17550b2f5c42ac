import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describeSearch } from '../lib/leak-run.mjs';
import { startLeakWatch } from './leak-watch.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const results = join(root, 'tmp/test-results');

const linesOfAFailure = 30;

/**
 * Leaves `{ passed, failed, skipped, failures, leaks }` of one project where `npm test` adds them up. A secret that leaked
 * fails the project's run, so that Nx never replays it as a success.
 */
export default class CountsReporter {
  constructor(_globalConfig, options) {
    this.project = options.project;
    this.watch = startLeakWatch(options.project);
  }

  onTestResult(_test, result) {
    this.watch.hear(result);
  }

  async onRunComplete(_contexts, r) {
    const leaks = await this.watch.end();
    this.leaked = leaks.found;
    const counts = {
      passed: r.numPassedTests,
      failed: r.numFailedTests + r.numRuntimeErrorTestSuites,
      skipped: r.numPendingTests + r.numTodoTests,
      failures: r.testResults.flatMap((file) => this.failuresOf(file)),
      leaks,
    };
    mkdirSync(results, { recursive: true });
    writeFileSync(join(results, `${this.project}.json`), JSON.stringify(counts));
    process.stderr.write(`${[describeSearch(leaks), ...this.leaked].join('\n  leaked: ')}\n`);
  }

  /** Jest asks every reporter, and fails the run when one has an answer. */
  getLastError() {
    return this.leaked?.length ? new Error(`secrets leaked: ${this.leaked.join('; ')}`) : undefined;
  }

  /** What a reader of a long log wants to find at its end: which test, and how it failed. */
  failuresOf(file) {
    const path = relative(root, file.testFilePath);
    const failed = file.testResults.filter((test) => test.status === 'failed');
    const told = failed.map((test) => [`${path}: ${test.fullName}`, test.failureMessages.join('\n')]);
    if (file.testExecError)
      told.push([`${path}: did not run`, file.testExecError.message ?? String(file.testExecError)]);
    return told.map(([title, message]) => `${title}\n${shortened(message)}`);
  }
}

function shortened(message) {
  const lines = stripVTControlCharacters(message).split('\n').slice(0, linesOfAFailure);
  return lines.map((line) => `    ${line}`).join('\n');
}
