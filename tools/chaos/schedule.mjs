import { seededRandom } from './random.mjs';

/** The processes of the product; everything else that is struck is a store, or the upstream. */
export const processes = ['broker-1', 'broker-2', 'worker-1', 'worker-2'];

/** Longer than a lease of 30 s: what its owner was doing is somebody else's by then. */
const pastTheLease = [32_000, 35_000];
/** Quiet at the beginning, so that there is something to break. */
const firstMs = 1_000;

/**
 * @typedef {object} Fault
 * @property {number} at milliseconds after the faults begin
 * @property {string} kind
 * @property {string} on who is struck: a process, `postgres`, `redis`, `upstream`, or `owner`: whoever is being answered
 * @property {number} forMs how long it lasts, or until it is started again
 * @property {Record<string, number | string | boolean>} [how]
 */

/** What can happen: how often, to whom, and its particulars. Times are milliseconds. */
const kinds = [
  { kind: 'kill', weight: 3, on: processes, forMs: [200, 3_000] },
  { kind: 'freeze', weight: 3, on: processes, forMs: [300, 9_500] },
  { kind: 'kill-at-answer', weight: 2, on: ['owner'], forMs: [200, 3_000], how: (r) => ({ afterMs: r.whole(0, 20) }) },
  {
    kind: 'freeze-at-answer',
    weight: 2,
    on: ['owner'],
    forMs: [300, 12_000],
    how: (r) => ({ afterMs: r.whole(0, 20) }),
  },
  {
    kind: 'clock',
    weight: 2,
    on: processes,
    forMs: [2_000, 8_000],
    how: (r) => ({ offsetMs: (r.chance(0.5) ? -1 : 1) * r.whole(2_000, 120_000) }),
  },
  { kind: 'full-disk', weight: 2, on: processes, forMs: [2_000, 10_000] },
  { kind: 'restart', weight: 1, on: ['postgres'], forMs: [100, 1_500], how: () => ({ signal: 'SIGINT' }) },
  { kind: 'restart', weight: 1, on: ['postgres'], forMs: [100, 3_000], how: () => ({ signal: 'SIGKILL' }) },
  { kind: 'freeze', weight: 2, on: ['postgres'], forMs: [300, 9_500] },
  {
    kind: 'freeze-at-answer',
    weight: 2,
    on: ['postgres'],
    forMs: [500, 9_500],
    how: (r) => ({ thenKillOwnerMs: r.chance(0.3) ? r.whole(500, 9_000) : 0 }),
  },
  {
    kind: 'crash-at-answer',
    weight: 3,
    on: ['postgres'],
    forMs: [500, 9_500],
    how: (r) => ({ thenKillOwnerMs: r.chance(0.3) ? r.whole(1_500, 9_000) : 0 }),
  },
  { kind: 'restart', weight: 1, on: ['redis'], forMs: [200, 5_000], how: () => ({ signal: 'SIGKILL' }) },
  { kind: 'flush', weight: 1, on: ['redis'], forMs: [0, 0] },
  { kind: 'freeze', weight: 2, on: ['redis'], forMs: [500, 9_500] },
  { kind: 'hang', weight: 1, on: ['upstream'], forMs: [500, 5_000] },
  { kind: 'status-503', weight: 1, on: ['upstream'], forMs: [500, 5_000] },
  { kind: 'reset', weight: 1, on: ['upstream'], forMs: [500, 4_000] },
  {
    kind: 'reset-after-processing',
    weight: 1,
    on: ['upstream'],
    forMs: [5_000, 5_000],
    how: (r) => ({ times: r.whole(1, 2) }),
  },
  { kind: 'hang-after-processing', weight: 1, on: ['upstream'], forMs: [5_000, 5_000], how: () => ({ times: 1 }) },
];

/**
 * Which faults strike in a run, in order: a function of the seed alone, so that a run that failed can be had again. Faults
 * of one target do not overlap; those of different targets do.
 * @param {number} seed @param {number} seconds how long new faults begin
 * @returns {Fault[]}
 */
export function scheduleFaults(seed, seconds) {
  const random = seededRandom(seed);
  const end = seconds * 1_000;
  const free = {};
  const faults = [];
  if (random.chance(0.25)) faults.push(reserve(free, longFault(random)));
  let at = firstMs;
  while ((at += random.whole(200, 2_200)) < end) {
    const fault = drawFault(random, at);
    if ((free[fault.on] ?? 0) <= at) faults.push(reserve(free, fault));
  }
  return faults.toSorted((one, other) => one.at - other.at);
}

/** One that outlasts a lease, early, so that the rest of the run happens around it. */
function longFault(random) {
  const on = random.pick([...processes, 'postgres', 'postgres']);
  const kind = on === 'postgres' ? random.pick(['freeze', 'freeze-at-answer', 'crash-at-answer']) : 'freeze';
  const how = kind === 'freeze' ? {} : { thenKillOwnerMs: 0 };
  return { at: random.whole(firstMs, 3_000), kind, on, forMs: random.whole(...pastTheLease), how };
}

function drawFault(random, at) {
  const drawn = byWeight(random);
  const { kind, on, forMs, how = () => ({}) } = drawn;
  return { at, kind, on: random.pick(on), forMs: random.whole(...forMs), how: how(random) };
}

function byWeight(random) {
  let left = random.next() * kinds.reduce((sum, { weight }) => sum + weight, 0);
  return kinds.find(({ weight }) => (left -= weight) < 0) ?? kinds[0];
}

/** What is struck at an answer may wait a moment for one. */
function reserve(free, fault) {
  free[fault.on] = fault.at + fault.forMs + 1_500;
  return fault;
}
