import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../lib/paths.mjs';
import { spread } from './statistics.mjs';

/** What the figures were made on. @param {string} directory where PostgreSQL's files are */
export async function describeMachine(directory, client) {
  const { rows } = await client.query('SHOW server_version');
  return {
    date: new Date().toISOString(),
    commit: commit(),
    processors: `${cpus().length} × ${cpus()[0].model}`,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.versions.node,
    postgres: rows[0].server_version,
    fileSystem: fileSystem(directory),
    durableWriteMs: durableWrite(directory),
    loadAverage: loadavg()[0],
  };
}

function commit() {
  const git = (...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const changed = git('status', '--porcelain', '--', 'apps', 'libs').trim() !== '';
    return `${git('rev-parse', '--short', 'HEAD').trim()}${changed ? ' with uncommitted changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

/** The mount that the directory lies on: on a memory file system a durable commit costs nothing. */
function fileSystem(directory) {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  const holds = ([, place]) => place === '/' || directory === place || directory.startsWith(`${place}/`);
  return mounts.filter(holds).sort((a, b) => b[1].length - a[1].length)[0]?.[2] ?? 'unknown';
}

/** How long the disk takes to keep 8 kB for good, in milliseconds. */
function durableWrite(directory) {
  const file = join(directory, 'durable-write');
  const handle = openSync(file, 'w');
  const page = Buffer.alloc(8_192, 1);
  const times = Array.from({ length: 100 }, (_, index) => {
    const began = performance.now();
    writeSync(handle, page, 0, page.length, (index % 16) * page.length);
    fdatasyncSync(handle);
    return performance.now() - began;
  });
  closeSync(handle);
  rmSync(file);
  return spread(times);
}
