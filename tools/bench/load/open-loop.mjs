import { overConnections } from './closed-loop.mjs';
import { Latencies } from './latencies.mjs';
import { readAnswer, requestWriter } from './requests.mjs';

/** Seconds of arrivals that may wait for a free chain before the run is given up. */
const patience = 5;

/**
 * Refreshes arrive as a Poisson process, whether or not earlier ones were answered; each goes to a chain that is free.
 * Latency counts from the moment the arrival was due, so a server that stalls cannot hide it by being asked less.
 * @param {{ target: object, tokens: string[], follows: boolean, ramp: number, seconds: number, rate: number }} task
 */
export async function refreshOpenLoop({ target, tokens, follows, ramp, seconds, rate }) {
  const { refresh } = requestWriter(target);
  const run = { latencies: new Latencies(), lateness: new Latencies(), sent: 0, next: [...tokens], idle: [], due: [] };
  let started = false;
  await overConnections(target.port, tokens.length, (connection, chain, finished) => {
    const one = { connection, finished, chain };
    run.idle.push(one);
    if (run.idle.length < tokens.length || started) return;
    started = true;
    const from = performance.now() + ramp * 1_000;
    arrive({ run, refresh, follows, rate, from, until: from + seconds * 1_000 });
  });
  const { latencies, lateness, sent, next } = run;
  const perSecond = latencies.count / seconds;
  return { requests: sent, perSecond, latency: latencies.summary(), lateness: lateness.summary(), tokens: next };
}

function arrive({ run, refresh, follows, rate, from, until }) {
  const gap = () => (-Math.log(1 - Math.random()) / rate) * 1_000;
  let at = performance.now() + gap();
  let over = false;
  const finish = () => run.idle.splice(0).forEach((one) => one.finished());
  const send = (one, due) => {
    run.sent += 1;
    const counts = due >= from && due < until;
    if (counts) run.lateness.add(performance.now() - due);
    const presented = run.next[one.chain];
    one.connection.send(refresh(presented), (status, body) => {
      run.next[one.chain] = readAnswer(status, body, { presented, follows }).refresh;
      if (counts) run.latencies.add(performance.now() - due);
      if (run.due.length > 0) return send(one, run.due.shift());
      run.idle.push(one);
      return over && finish();
    });
  };
  const tick = () => {
    const now = performance.now();
    for (; at <= now && at < until; at += gap()) {
      if (run.idle.length > 0) send(run.idle.shift(), at);
      else run.due.push(at);
    }
    if (run.due.length > rate * patience) throw new Error(`the server does not keep up with ${rate} arrivals a second`);
    if (at < until) return setTimeout(tick, at - now);
    over = true;
    return finish();
  };
  tick();
}
