import { readdirSync, readFileSync } from 'node:fs';

/** Pairs of a process and its parent, where the system tells. */
function readProcesses(): (readonly [pid: number, parent: number])[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const parent = parentOf(name);
        return parent === undefined ? [] : [[Number(name), parent] as const];
      });
  } catch {
    return [];
  }
}

function parentOf(pid: string): number | undefined {
  try {
    // The program's name stands in brackets and may hold anything.
    const [, parent] = /^.*\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return parent === undefined ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

function descendantsOf(pid: number): number[] {
  const processes = readProcesses();
  const found = [pid];
  // Each finds its children behind it in the list.
  for (const one of found) found.push(...processes.filter(([, parent]) => parent === one).map(([child]) => child));
  return found.slice(1);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

/**
 * Ends a process with its group and everything that it has started, which may have groups of its own: a browser has. It
 * is held first, so that it starts nothing while it is looked at. Where the system does not tell who belongs to whom the
 * group is ended, and a browser ends with the pipe to it.
 */
export function killTree(pid: number): void {
  signal(pid, 'SIGSTOP');
  for (const one of descendantsOf(pid)) {
    signal(-one, 'SIGKILL');
    signal(one, 'SIGKILL');
  }
  signal(-pid, 'SIGKILL');
  signal(pid, 'SIGKILL');
}
