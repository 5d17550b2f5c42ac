import { mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

/** Opens a fresh log; the previous run's stays beside it as `.1`. @returns {number} a file descriptor to append to */
export function openLog(file) {
  mkdirSync(dirname(file), { recursive: true });
  try {
    renameSync(file, `${file}.1`);
  } catch {
    // The first run has no previous log.
  }
  return openSync(file, 'a', 0o600);
}

/** The last lines of a log that say something. */
export function lastLines(file, count) {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line.trim() !== '').slice(-count);
  } catch {
    return [];
  }
}
