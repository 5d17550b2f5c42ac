import { rmSync } from 'node:fs';
import { describeSearch, leakRuns, searchLeaks } from './leak-run.mjs';
import { say } from './problem.mjs';

/**
 * The last step of `npm test`: did any secret of any project leave a process of any other, or stand in what the run has
 * shown? Each project has searched its own already. One that Nx replays has left nothing to look at; what its search came to
 * is part of its result, and one that found something is never replayed. Removes what was collected.
 * @param {{ run: string, leaks: { project: string, run?: string, secrets: number, found: string[] }[], said: string }} told
 *   leaks: each project's own search; said: all that was shown
 * @returns {boolean} no secret was found, and every project has looked
 */
export function searchWholeRun({ run, leaks, said }) {
  const runs = leakRuns(run);
  try {
    const all = searchLeaks(runs, [{ place: 'what nx has shown', text: said }]);
    const replayed = leaks.filter((one) => one.run !== undefined && one.run !== run);
    const blind = leaks.filter((one) => one.run === undefined).map(({ project }) => project);
    const found = new Set([...leaks.flatMap((one) => one.found ?? []), ...all.found]);
    for (const place of found) say(`a secret leaked: ${place}`);
    if (blind.length > 0) say(`no search for leaks in: ${blind.join(', ')}`);
    say(`${describeSearch({ ...all, found: [...found] })}, from ${runs.length} projects${describeReplayed(replayed)}`);
    return found.size === 0 && blind.length === 0;
  } finally {
    for (const { directory } of runs) rmSync(directory, { recursive: true, force: true });
  }
}

function describeReplayed(replayed) {
  if (replayed.length === 0) return '';
  const secrets = replayed.reduce((sum, one) => sum + one.secrets, 0);
  return `; replayed: ${replayed.length} that found none of their ${secrets} secrets when they ran`;
}
