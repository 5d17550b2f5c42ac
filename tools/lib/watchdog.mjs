/**
 * A process of its own that outlives a killed launcher just long enough to stop what the launcher left behind:
 * PostgreSQL and Redis notice nothing when their parent dies. It is told by JSON lines on stdin what to watch and
 * what to forget; when stdin closes it ends whatever is still watched.
 */
import { rmSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { endProcess, signal } from './processes.mjs';
import { removeDirectory } from './temporary.mjs';

const watched = new Map();
const leftovers = [];
const ownFiles = [];

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const message = parse(line);
  if (message.watch) watched.set(message.watch.pid, message.watch);
  if (message.forget) watched.delete(message.forget);
  if (message.remove) leftovers.push(message.remove);
  if (message.ownFile) ownFiles.push(message.ownFile);
});

/** A launcher killed while it wrote leaves half a line. */
function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

lines.on('close', () => void finish());

// A terminal's Ctrl-C and a group-wide SIGTERM are the launcher's business; this process goes when stdin does.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});

async function finish() {
  const all = [...watched.values()];
  // Stage by stage: applications first, so that they can still finish what they accepted, then the stores.
  for (const stage of [...new Set(all.map((one) => one.stage))].sort()) {
    await Promise.all(all.filter((one) => one.stage === stage).map(end));
  }
  leftovers.forEach(removeDirectory);
  ownFiles.forEach(removeIfOwn);
  process.exit(0);
}

async function end({ pid, start, steps, group }) {
  await endProcess({ pid, start }, steps);
  if (group) signal(-pid, 'SIGKILL');
}

/** Another launcher may have put its own in the place of a dead one's. */
function removeIfOwn({ path, pid }) {
  try {
    if (JSON.parse(readFileSync(path, 'utf8')).pid === pid) rmSync(path, { force: true });
  } catch {
    // Already gone.
  }
}
