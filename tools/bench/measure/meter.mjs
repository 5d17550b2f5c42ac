import { setTimeout as delay } from 'node:timers/promises';
import { walBetween, walPosition } from './postgres.mjs';
import { cpuTicks, familyTicks, machineTicks, ticksPerSecond, watchMemory } from './processes.mjs';

/** Under what each kind of task is counted. */
const sentAs = {
  refreshClosedLoop: 'refreshes',
  refreshOpenLoop: 'refreshes',
  exchangeCodes: 'exchanges',
  exchangeTokens: 'tokenExchanges',
};

/** What has been sent to a server. */
export const noneSent = () => ({ refreshes: 0, exchanges: 0, tokenExchanges: 0 });

/**
 * Runs a task of the load generator against one server and says what it cost. Everything per request is over all
 * requests of the run, the ramp included; throughput and latency are over the measured part.
 * @param {{ stores: object, generator: Awaited<ReturnType<typeof import('../load/generator-process.mjs').startGenerator>> }} parts
 */
export function createMeter({ stores, generator }) {
  const look = async (pid) => {
    const wal = await walPosition(stores.client);
    const ticks = {
      server: cpuTicks(pid),
      postgres: familyTicks(stores.postmaster),
      generator: cpuTicks(generator.pid),
    };
    return { wal, ...ticks, machine: machineTicks() };
  };

  /**
   * @param {number} [settle] milliseconds after the last answer until costs are read, where some come later
   * @returns {Promise<{ figures: ReturnType<typeof figuresOf>, tokens: string[] }>}
   */
  return async (contestant, kind, task, settle = 0) => {
    // Full-page images follow a checkpoint: one before each run makes them equally many in every run.
    await stores.client.query('CHECKPOINT');
    const stopWatching = watchMemory(contestant.server.pid);
    const before = await look(contestant.server.pid);
    const { tokens, ...result } = await generator.run(kind, { target: contestant.target, ...task });
    await delay(settle);
    const after = await look(contestant.server.pid);
    const wal = await walBetween(stores.client, before.wal, after.wal);
    contestant.sent[sentAs[kind]] += result.requests;
    return { figures: figuresOf({ result, before, after, wal, memory: stopWatching() }), tokens };
  };
}

function figuresOf({ result, before, after, wal, memory }) {
  const spent = (name) => after[name] - before[name];
  const milliseconds = (ticks) => (ticks / ticksPerSecond / result.requests) * 1_000;
  const busy = after.machine.busy - before.machine.busy;
  const total = after.machine.total - before.machine.total;
  const ours = spent('server') + spent('postgres') + spent('generator');
  return {
    ...result,
    serverCpuMs: milliseconds(spent('server')),
    postgresCpuMs: milliseconds(spent('postgres')),
    memoryBytes: memory,
    walBytes: wal.total / result.requests,
    walRecordBytes: wal.records / result.requests,
    walFullPageBytes: wal.fullPages / result.requests,
    commits: wal.commits / result.requests,
    machineBusyShare: busy / total,
    // Kernel work for nobody in particular, and whatever else runs on the machine.
    othersShare: Math.max(0, busy - ours) / total,
  };
}
