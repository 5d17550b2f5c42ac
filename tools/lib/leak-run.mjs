import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { leakSearch } from './leak-search.mjs';
import { root } from './paths.mjs';

const results = join(root, 'tmp/test-results');
const NAMED = /^run-((\d+)x[0-9a-f]+)-(.+)$/;

/** A name for a run, which lives as long as this process does. */
export const newRun = () => `${process.pid}x${randomBytes(4).toString('hex')}`;

/**
 * A directory for what the tests of one project note and let out; nobody else may read it.
 * @param {string} run @param {string} project
 */
export function openLeakRun(run, project) {
  const directory = join(results, `run-${run}-${project}`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  mkdirSync(join(directory, 'output'));
  return directory;
}

/** The directories of one run. */
export const leakRuns = (run) =>
  listed().flatMap((one) => (one.run === run ? [{ directory: one.directory, project: one.project }] : []));

/** Removes what a run has left whose process is gone: there are secrets in it. */
export function forgetDeadRuns() {
  for (const { directory, owner } of listed()) if (!isAlive(owner)) rmSync(directory, { recursive: true, force: true });
}

function listed() {
  const names = existsSync(results) ? readdirSync(results) : [];
  return names.flatMap((name) => {
    const [, run, owner, project] = NAMED.exec(name) ?? [];
    return run ? [{ directory: join(results, name), run, owner: Number(owner), project }] : [];
  });
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Looks for every secret that was noted in these directories in everything that was let out into any of them.
 * @param {{ directory: string, project: string }[]} runs @param {{ place: string, text: string }[]} [more] texts beside them
 * @returns {{ secrets: number, outputs: number, bytes: number, found: string[] }} found: places, never what stands there
 */
export function searchLeaks(runs, more = []) {
  const search = leakSearch(runs.flatMap(({ directory }) => notedIn(directory)));
  const sum = { secrets: search.secrets, outputs: 0, bytes: 0, found: [] };
  const look = (place, text) => {
    sum.outputs += 1;
    sum.bytes += text.length;
    const told = new Map();
    for (const { what, form, line } of search.in(text)) {
      const kind = `${what}, ${form}`;
      told.set(kind, [...(told.get(kind) ?? []), line]);
    }
    for (const [kind, [line, ...others]] of told) {
      sum.found.push(`${place}, line ${line}${others.length > 0 ? ` and ${others.length} more` : ''}: ${kind}`);
    }
  };
  for (const { directory, project } of runs) {
    for (const file of readdirSync(join(directory, 'output'))) {
      look(`${project}: ${decodeURIComponent(file)}`, readFileSync(join(directory, 'output', file)));
    }
  }
  for (const { place, text } of more) look(place, Buffer.from(text));
  return sum;
}

function notedIn(directory) {
  const file = join(directory, 'secrets');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** In a line. @param {{ secrets: number, outputs: number, bytes: number, found: string[] }} sum */
export const describeSearch = ({ secrets, outputs, bytes, found }) =>
  `${found.length === 0 ? 'no leak' : `${found.length} leaks`}: ` +
  `${secrets} secrets looked for in ${outputs} outputs of ${(bytes / 1e6).toFixed(1)} MB`;
