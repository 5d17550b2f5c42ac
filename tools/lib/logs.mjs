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

/** Stack frames, Node's closing words and warnings, which are not what went wrong. */
const noise = /^\s+at |^\s*[{}^]|^Node\.js v|^\(node:\d+\)|^\(Use `node/;

/** The one line of a program's output that best says why it ended. @param {string[]} lines */
export function tellingLine(lines) {
  const said = lines.filter((line) => line.trim() !== '' && !noise.test(line));
  return (said.findLast((line) => /^\w*(Error|Exception)\b/.test(line)) ?? said.at(-1) ?? '').trim();
}
