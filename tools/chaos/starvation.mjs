import { readFileSync } from 'node:fs';

const sampleMs = 100;
/** A lateness of our own event loop, or a wait of a broker for a processor, that can explain a late answer. */
const toleratedMs = 300;

/**
 * Watches what else can make an answer late on a machine that does other things as well: this process's own event loop,
 * and how long each broker was runnable without a processor (the kernel counts it).
 */
export function watchStarvation(fleet) {
  const samples = [];
  let due = performance.now() + sampleMs;
  const timer = setInterval(() => {
    const lag = Math.max(0, performance.now() - due);
    due = performance.now() + sampleMs;
    samples.push({
      at: Date.now(),
      lag,
      waited: new Map(fleet.brokers().map((one) => [one.name, waitedMs(one.pid())])),
    });
  }, sampleMs);
  return {
    /** Whether a request to this broker, in that time, was held up by a lack of processor. */
    starved(broker, from, to) {
      const during = samples.filter(({ at }) => at >= from - sampleMs && at <= to + sampleMs);
      const lag = during.reduce((sum, one) => sum + (one.lag > sampleMs ? one.lag : 0), 0);
      const waits = during.map(({ waited }) => waited.get(broker)).filter((one) => one !== null);
      return lag > toleratedMs || waits.at(-1) - waits[0] > toleratedMs;
    },
    worstLagMs: () => Math.round(Math.max(0, ...samples.map(({ lag }) => lag))),
    stop: () => clearInterval(timer),
  };
}

/** Milliseconds that a process was ready to run and did not. @see https://docs.kernel.org/scheduler/sched-stats.html */
function waitedMs(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return null;
  }
}
