import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick. */
export const ticksPerSecond = 100;

/** Fields of /proc/PID/stat from the third on; the command before them may contain anything. */
function fields(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Processor time of a process with all its threads. @returns {number} ticks */
export function cpuTicks(pid) {
  const stat = fields(pid);
  return Number(stat[11]) + Number(stat[12]);
}

/** Processor time of PostgreSQL: the postmaster, its living children, and those it has buried. @returns {number} ticks */
export function familyTicks(postmaster) {
  const own = fields(postmaster);
  let sum = Number(own[11]) + Number(own[12]) + Number(own[13]) + Number(own[14]);
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = fields(entry);
      if (Number(stat[1]) === postmaster) sum += Number(stat[11]) + Number(stat[12]);
    } catch {
      // It ended while we looked.
    }
  }
  return sum;
}

/** Of the whole machine. @returns {{ busy: number, total: number }} ticks over all processors */
export function machineTicks() {
  const [line] = readFileSync('/proc/stat', 'latin1').split('\n');
  const [user, nice, system, idle, iowait, irq, softirq, steal] = line.trim().split(/\s+/).slice(1).map(Number);
  const busy = user + nice + system + irq + softirq + steal;
  return { busy, total: busy + idle + iowait };
}

/** Resident memory. @returns {number} bytes */
export function residentBytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)[1]) * 1_024;
}

/** Follows a process's resident memory. @returns {() => number} stops and gives the largest seen, in bytes */
export function watchMemory(pid) {
  let largest = residentBytes(pid);
  const look = () => (largest = Math.max(largest, residentBytes(pid)));
  const timer = setInterval(look, 100);
  return () => {
    clearInterval(timer);
    return look();
  };
}
