import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forgetDeadRuns } from './leak-run.mjs';
import { root } from './paths.mjs';

const folder = join(root, 'tmp/test-results');

/** Counts of earlier runs must not be mistaken for this run's; Nx puts back those of what it has cached. */
export function forgetCounts() {
  forgetDeadRuns();
  const files = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  for (const file of files) if (file.isFile()) rmSync(join(folder, file.name), { force: true });
}

/**
 * Adds up what tools/jest/counts-reporter.mjs left per project.
 * @param {string[]} projects that should have left counts
 * @returns {{ line: string, ok: boolean, missing: string[], failures: string[], leaks: { project: string, run: string, secrets: number, outputs: number, bytes: number, found: string[] }[] }}
 *   missing: those that left none, whose tests did not run; failures: title and message of each test that failed, also left in
 *   `failures.txt`; leaks: what each project's own search came to
 */
export function sumCounts(projects) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const missing = [];
  const failures = [];
  const leaks = [];
  for (const project of projects) {
    const file = join(folder, `${project}.json`);
    if (!existsSync(file)) {
      missing.push(project);
      continue;
    }
    const counts = JSON.parse(readFileSync(file, 'utf8'));
    for (const name of Object.keys(sum)) sum[name] += counts[name];
    failures.push(...counts.failures);
    leaks.push({ project, ...counts.leaks });
  }
  if (failures.length) keepFailures(failures);
  const line = `${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`;
  // A run of no test at all proves nothing.
  return { line, ok: sum.failed === 0 && sum.passed > 0 && missing.length === 0, missing, failures, leaks };
}

/** For CI, whose output goes on after the tests: the reasons must stand at its end too. */
function keepFailures(failures) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'failures.txt'), `${failures.join('\n\n')}\n`);
}
