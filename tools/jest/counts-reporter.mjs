import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const results = join(dirname(fileURLToPath(import.meta.url)), '../../tmp/test-results');

/** Leaves `{ passed, failed, skipped }` of one project where `npm test` adds them up. */
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
    };
    writeFileSync(join(results, `${this.project}.json`), JSON.stringify(counts));
  }
}
