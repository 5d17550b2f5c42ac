import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const results = join(root, 'tmp/test-results');

const linesOfAFailure = 30;

/** Leaves `{ passed, failed, skipped, failures }` of one project where `npm test` adds them up. */
export default class CountsReporter {
  constructor(_globalConfig, options) {
    this.project = options.project;
  }

  onRunComplete(_contexts, r) {
    mkdirSync(results, { recursive: true });
    const counts = {
      passed: r.numPassedTests,
      failed: r.numFailedTests + r.numRuntimeErrorTestSuites,
      skipped: r.numPendingTests + r.numTodoTests,
      failures: r.testResults.flatMap((file) => this.failuresOf(file)),
    };
    writeFileSync(join(results, `${this.project}.json`), JSON.stringify(counts));
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
