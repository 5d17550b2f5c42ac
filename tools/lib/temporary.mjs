import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './processes.mjs';

const pattern = /^linkbroker-test-[a-z]+-(\d+)-/;

/**
 * A directory for one test run, named after this process. Those of processes that are gone (killed so thoroughly
 * that nothing could clean up) are removed on the way. @param {string} what a word @param {string} [place]
 */
export function testDirectory(what, place = tmpdir()) {
  for (const name of readdirSync(place)) {
    const owner = pattern.exec(name)?.[1];
    if (owner && !isAlive(Number(owner))) removeDirectory(join(place, name));
  }
  return mkdtempSync(join(place, `linkbroker-test-${what}-${process.pid}-`));
}

/** Removes a directory if it can: what another user left, or a dying process still writes to, is no failure. */
export function removeDirectory(path) {
  try {
    if (existsSync(path)) rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  } catch {
    // The next run's sweep tries again.
  }
}
