import { setTimeout as delay } from 'node:timers/promises';

/** How long a strike at an answer waits for one. */
const patienceMs = 1_500;

/**
 * Carries out the faults of a schedule and notes what was done to whom.
 * @param {{ world: object, faults: import('./schedule.mjs').Fault[], tell: (line: string) => void, fates: Fate[] }} run
 * @returns {Promise<void>} after the last of them is over
 * @typedef {{ name: string, what: 'killed' | 'frozen' | 'clock' | 'disk' | 'away', from: number, to: number, pid: number | null }} Fate
 *   times in milliseconds since 1970
 */
export async function injectFaults({ world, faults, tell, fates }) {
  const began = Date.now();
  const busy = new Set();
  const strike = async (fault) => {
    await delay(Math.max(0, began + fault.at - Date.now()));
    const where = `${((Date.now() - began) / 1_000).toFixed(1).padStart(5)} s`;
    const how = Object.entries(fault.how ?? {}).map(([name, value]) => `${name} ${value}`);
    tell(
      `${where}  ${fault.on.padEnd(9)} ${fault.kind}${fault.forMs ? ` for ${fault.forMs} ms` : ''} ${how.join(', ')}`.trimEnd(),
    );
    await (acts[`${fault.kind} ${fault.on}`] ?? acts[fault.kind])({ world, fault, busy, fates, tell });
  };
  await Promise.all(faults.map(strike));
}

/** Notes a fate from now until what comes back is called. */
function begin(fates, name, what, pid = null) {
  const fate = { name, what, pid, from: Date.now(), to: Infinity };
  fates.push(fate);
  return () => (fate.to = Date.now());
}

/** A process that another fault has in hand is left to it. */
async function holding(busy, name, work) {
  if (busy.has(name)) return;
  busy.add(name);
  await work().finally(() => busy.delete(name));
}

async function killOne({ one, pid = one.pid(), forMs, busy, fates }) {
  await holding(busy, one.name, async () => {
    const end = begin(fates, one.name, 'killed', pid);
    await one.kill();
    await delay(forMs);
    one.start();
    end();
  });
}

async function freezeOne({ one, forMs, busy, fates }) {
  await holding(busy, one.name, async () => {
    if (!one.pid()) return;
    const end = begin(fates, one.name, 'frozen', one.pid());
    one.freeze();
    await delay(forMs);
    one.thaw();
    end();
  });
}

async function freezeStore({ store, name, forMs, fates }) {
  const end = begin(fates, name, 'away');
  store.freeze();
  await delay(forMs);
  store.thaw();
  end();
}

async function restartStore({ store, name, signal, forMs, fates }) {
  const end = begin(fates, name, 'away');
  await store.end(signal);
  await delay(forMs);
  await store.start();
  end();
}

async function upstreamMode({ world, fault }) {
  world.upstream.set({ mode: fault.kind, times: fault.how?.times ?? Infinity });
  await delay(fault.forMs);
  world.upstream.set({ mode: null });
}

async function tellOne({ world, fault, fates }, set, unset, what) {
  const one = world.fleet.of(fault.on);
  const end = begin(fates, one.name, what);
  one.tell(set);
  await delay(fault.forMs);
  one.tell(unset);
  end();
}

/** Strikes whoever was answered, and holds it down as any other. */
async function strikeOwner({ world, fault, busy, fates, tell }, signal, then) {
  const struck = await world.upstream.strikeAtAnswer({ signal, afterMs: fault.how.afterMs }, patienceMs);
  const one = struck && world.fleet.of(world.fleet.nameOf(struck.owner));
  if (!one) return tell(`         owner     no answer in time: nobody was struck`);
  tell(`         owner     was ${one.name}`);
  // Whoever has it in hand brings it back; that it was killed on the way is to be known nevertheless.
  if (busy.has(one.name) && signal === 'SIGKILL') begin(fates, one.name, 'killed', struck.owner)();
  return then({ one, pid: struck.owner, forMs: fault.forMs, busy, fates });
}

/** The answer is in the process that asked, and PostgreSQL can no longer be written. */
async function strikePostgres({ world, fault, busy, fates, tell }, strike) {
  const store = world.stores.postgres;
  const struck = await world.upstream.strikeAtAnswer({ freeze: store.pid() }, patienceMs);
  if (!struck) return tell(`         postgres  no answer in time: nothing was done`);
  const one = world.fleet.of(world.fleet.nameOf(struck.owner));
  const { thenKillOwnerMs } = fault.how;
  tell(`         postgres  went while ${one?.name} was answered${thenKillOwnerMs ? ', which is killed soon' : ''}`);
  const gone = strike({ store, name: 'postgres', signal: 'SIGKILL', forMs: fault.forMs, fates });
  const killed =
    thenKillOwnerMs && one && delay(thenKillOwnerMs).then(() => killOne({ one, forMs: 1_000, busy, fates }));
  return void (await Promise.all([gone, killed]));
}

const acts = {
  kill: ({ world, fault, ...rest }) => killOne({ one: world.fleet.of(fault.on), forMs: fault.forMs, ...rest }),
  freeze: ({ world, fault, ...rest }) => freezeOne({ one: world.fleet.of(fault.on), forMs: fault.forMs, ...rest }),
  'kill-at-answer': (run) => strikeOwner(run, 'SIGKILL', killOne),
  'freeze-at-answer owner': (run) => strikeOwner(run, 'SIGSTOP', freezeOne),
  clock: (run) => tellOne(run, { offsetMs: run.fault.how.offsetMs }, { offsetMs: 0 }, 'clock'),
  'full-disk': (run) => tellOne(run, { diskFull: true }, { diskFull: false }, 'disk'),
  'restart postgres': ({ world, fault, fates }) =>
    restartStore({
      store: world.stores.postgres,
      name: 'postgres',
      signal: fault.how.signal,
      forMs: fault.forMs,
      fates,
    }),
  'restart redis': ({ world, fault, fates }) =>
    restartStore({ store: world.stores.redis, name: 'redis', signal: 'SIGKILL', forMs: fault.forMs, fates }),
  'freeze postgres': ({ world, fault, fates }) =>
    freezeStore({ store: world.stores.postgres, name: 'postgres', forMs: fault.forMs, fates }),
  'freeze redis': ({ world, fault, fates }) =>
    freezeStore({ store: world.stores.redis, name: 'redis', forMs: fault.forMs, fates }),
  'flush redis': ({ world }) => world.stores.redis.flush(),
  'freeze-at-answer postgres': (run) => strikePostgres(run, freezeStore),
  'crash-at-answer postgres': (run) => strikePostgres(run, restartStore),
  hang: upstreamMode,
  reset: upstreamMode,
  'status-503': upstreamMode,
  'reset-after-processing': upstreamMode,
  'hang-after-processing': upstreamMode,
};

/** Everything runs again, with the right time and room on its disks. */
export async function heal({ stores, upstream, fleet }) {
  upstream.set({ mode: null, strike: null });
  await Promise.all([stores.postgres.start(), stores.redis.start()]);
  for (const one of fleet.all()) {
    one.thaw();
    one.tell({ offsetMs: 0, diskFull: false });
    one.start();
  }
  await fleet.ready();
}
