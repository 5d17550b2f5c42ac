import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, startTime } from './processes.mjs';

/** DATA_DIR/run.json tells other commands how to reach the `up` that runs there. */
export const runFilePath = (dataDir) => join(dataDir, 'run.json');

/** Written aside and renamed: a reader never sees half of it. */
export function writeRunFile(dataDir, content) {
  const path = runFilePath(dataDir);
  const draft = `${path}.${process.pid}`;
  const whole = { pid: process.pid, start: startTime(process.pid), startedAt: new Date().toISOString(), ...content };
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(whole, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** @returns {null | { pid: number, broker: string, admin: string, simulator: string | null, env: Record<string, string> }} of a living `up` */
export function readRunFile(dataDir) {
  try {
    const run = JSON.parse(readFileSync(runFilePath(dataDir), 'utf8'));
    return isAlive(run.pid, run.start ?? null) ? run : null;
  } catch {
    return null;
  }
}

export function removeRunFile(dataDir) {
  rmSync(runFilePath(dataDir), { force: true });
}
