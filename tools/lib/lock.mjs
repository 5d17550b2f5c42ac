import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, startTime } from './processes.mjs';

/**
 * Runs `work` while no other process of this machine holds `file`. A lock whose owner died is taken over.
 * @template T @param {string} file @param {() => Promise<T>} work @param {(pid: number) => void} [onWait] told once
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait = () => {}) {
  for (let waited = false; ; waited = true) {
    const owner = takeLock(file);
    if (owner === null) break;
    if (!waited) onWait(owner);
    await delay(100);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Takes the lock if it is free or its owner is dead. Whoever took it removes the file when done.
 * @returns {number | null} null when it is ours now, else the pid of its living owner
 */
export function takeLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  for (;;) {
    if (tryLock(file)) return null;
    const owner = readOwner(file);
    if (owner && isAlive(owner.pid, owner.start)) return owner.pid;
    breakLock(file, owner ?? {});
  }
}

function tryLock(file) {
  // Written aside and linked: the lock never exists without its owner's name in it.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, start: startTime(process.pid) }));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readOwner(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function breakLock(file, dead) {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
    const taken = readOwner(aside);
    // Someone else may have broken it and locked anew between our look and our rename: give theirs back.
    if (taken && (taken.pid !== dead.pid || taken.start !== dead.start)) linkSync(aside, file);
  } catch {
    // Another process was quicker.
  } finally {
    rmSync(aside, { force: true });
  }
}
