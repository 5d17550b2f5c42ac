import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * When a process started, in clock ticks since boot, or null where the system does not tell. Together with the
 * pid it names one process for good: pids alone are reused.
 */
export function startTime(pid) {
  return fields(pid)?.[19] ?? null;
}

function fields(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command may contain blanks and brackets, so fields are counted from its last bracket on.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** @param {number} pid @param {string | null} [start] from startTime(); a different process with that pid is not alive */
export function isAlive(pid, start = null) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (process.platform === 'linux') {
    const known = fields(pid);
    return known !== null && known[0] !== 'Z' && known[0] !== 'X' && (start === null || known[19] === start);
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Signals a process and says whether it was there. @param {number} pid negative: its whole group */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

/** Waits until the process is gone; false when it outlives the time. */
export async function gone(pid, start, milliseconds) {
  const end = Date.now() + milliseconds;
  while (isAlive(pid, start)) {
    if (Date.now() > end) return false;
    await delay(20);
  }
  return true;
}

/**
 * Ends a process: each signal in turn, each with its patience.
 * @param {{ pid: number, start?: string | null }} target @param {Array<[signal: string, milliseconds: number]>} steps
 */
export async function endProcess({ pid, start = null }, steps) {
  for (const [name, patience] of steps) {
    if (!isAlive(pid, start)) return;
    signal(pid, name);
    if (await gone(pid, start, patience)) return;
  }
}
