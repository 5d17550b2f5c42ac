import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Which of our processes is at the other end of a connection: the kernel's table of sockets names an inode for each port,
 * and the open files of a process name theirs.
 * @param {number} port of the other end @param {Iterable<number>} pids @returns {number | null}
 */
export function ownerOf(port, pids) {
  const inode = inodeOf(port);
  if (inode === null) return null;
  const name = `socket:[${inode}]`;
  return [...pids].find((pid) => hasOpen(pid, name)) ?? null;
}

function inodeOf(port) {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readTable(table)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(wanted)) return fields[9];
    }
  }
  return null;
}

/** A machine without IPv6 has only one of them. */
function readTable(path) {
  try {
    return readFileSync(path, 'latin1').split('\n').slice(1);
  } catch {
    return [];
  }
}

function hasOpen(pid, name) {
  const directory = `/proc/${pid}/fd`;
  try {
    return readdirSync(directory).some((fd) => isLinkTo(`${directory}/${fd}`, name));
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

function isLinkTo(path, name) {
  try {
    return readlinkSync(path) === name;
  } catch {
    return false;
  }
}
