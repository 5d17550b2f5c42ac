import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { signal } from '../lib/processes.mjs';

/** The process and all its descendants, parents first. @param {number} pid @returns {number[]} */
export function processTree(pid) {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(name);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [pid];
  for (const one of tree) tree.push(...(children.get(one) ?? []));
  return tree;
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

export function signalTree(pid, name) {
  for (const one of processTree(pid)) signal(one, name);
}

/** Longer than any freeze of a schedule. */
const longestSeconds = 60;

/**
 * Freezes a process and its descendants. Should this process be killed meanwhile, they thaw by themselves after a minute:
 * a stopped process hears no SIGTERM.
 * @returns {() => void} thaws them
 */
export function freezeTree(pid) {
  const frozen = processTree(pid);
  const command = `sleep ${longestSeconds}; kill -CONT ${frozen.join(' ')}`;
  const fallback = spawn('/bin/sh', ['-c', command], { detached: true, stdio: 'ignore', cwd: '/' });
  fallback.unref();
  frozen.forEach((one) => signal(one, 'SIGSTOP'));
  return () => {
    signalTree(pid, 'SIGCONT');
    frozen.forEach((one) => signal(one, 'SIGCONT'));
    if (fallback.pid) signal(-fallback.pid, 'SIGKILL');
  };
}
