import { readFileSync, readdirSync } from 'node:fs';

/** A process for good: pids are reused, a pid with its start time is not. */
export interface ProcessId {
  pid: number;
  start: string;
  command: string;
}

interface Entry extends ProcessId {
  parent: number;
  state: string;
}

function read(pid: number): Entry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
    return { pid, state: fields[0] ?? '', parent: Number(fields[1]), start: fields[19] ?? '', command };
  } catch {
    return undefined;
  }
}

/** A process and all its living descendants. */
export function processTree(root: number): ProcessId[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const all = pids.map((name) => read(Number(name))).filter((entry) => entry !== undefined);
  const found = all.filter(({ pid }) => pid === root);
  for (const member of found) found.push(...all.filter(({ parent }) => parent === member.pid));
  return found;
}

/** Those that still run; one that has ended and waits to be collected by its parent does not. */
export function stillRunning(processes: ProcessId[]): ProcessId[] {
  return processes.filter(({ pid, start }) => {
    const now = read(pid);
    return now !== undefined && now.start === start && now.state !== 'Z' && now.state !== 'X';
  });
}
