import { Connection } from './connection.mjs';
import { Latencies } from './latencies.mjs';
import { checkReleased, readAnswer, requestWriter } from './requests.mjs';

/**
 * Every chain sends its next refresh as soon as the last was answered, with the token it was given.
 * @param {{ target: object, tokens: string[], follows: boolean, ramp: number, seconds: number }} task
 */
export async function refreshClosedLoop({ target, tokens, follows, ramp, seconds }) {
  const { refresh } = requestWriter(target);
  const next = [...tokens];
  const read = (chain, status, body) => {
    next[chain] = readAnswer(status, body, { presented: next[chain], follows }).refresh;
  };
  const task = { port: target.port, chains: tokens.length, ramp, seconds };
  return { ...(await closedLoop(task, (chain) => refresh(next[chain]), read)), tokens: next };
}

/**
 * Every chain has its household's upstream token released again and again.
 * @param {{ target: object, households: { access: string, upstream: string }[], ramp: number, seconds: number }} task
 */
export async function exchangeTokens({ target, households, ramp, seconds }) {
  const { exchangeToken } = requestWriter(target);
  const requests = households.map(({ access }) => exchangeToken(access));
  const read = (chain, status, body) => checkReleased(status, body, households[chain].upstream);
  return closedLoop({ port: target.port, chains: households.length, ramp, seconds }, (chain) => requests[chain], read);
}

/** Runs until the time is over; every chain sends its next request as soon as the last was answered and read. */
async function closedLoop({ port, chains, ramp, seconds }, write, read) {
  const latencies = new Latencies();
  let sent = 0;
  let from;
  let until;
  await overConnections(port, chains, (connection, chain, finished) => {
    from ??= performance.now() + ramp * 1_000;
    until ??= from + seconds * 1_000;
    const step = () => {
      const began = performance.now();
      if (began >= until) return finished();
      sent += 1;
      return connection.send(write(chain), (status, body) => {
        read(chain, status, body);
        const now = performance.now();
        if (now >= from && now < until) latencies.add(now - began);
        step();
      });
    };
    step();
  });
  return { requests: sent, perSecond: latencies.count / seconds, latency: latencies.summary() };
}

/**
 * Redeems each code once, over `chains` connections.
 * @param {{ target: object, codes: string[], chains: number }} task
 */
export async function exchangeCodes({ target, codes, chains }) {
  const { exchange } = requestWriter(target);
  const latencies = new Latencies();
  const tokens = new Array(codes.length);
  let taken = 0;
  let began;
  await overConnections(target.port, Math.min(chains, codes.length), (connection, _chain, finished) => {
    began ??= performance.now();
    const step = () => {
      if (taken === codes.length) return finished();
      const mine = taken;
      taken += 1;
      const at = performance.now();
      return connection.send(exchange(codes[mine]), (status, body) => {
        tokens[mine] = readAnswer(status, body, { presented: null, follows: null });
        latencies.add(performance.now() - at);
        step();
      });
    };
    step();
  });
  const seconds = (performance.now() - began) / 1_000;
  return { requests: codes.length, perSecond: codes.length / seconds, latency: latencies.summary(), tokens };
}

/**
 * Opens the connections, lets each do its work, and closes them when all have finished.
 * @param {(connection: Connection, index: number, finished: () => void) => void} work whatever it throws ends the run
 */
export async function overConnections(port, count, work) {
  let fail;
  const failed = new Promise((_, reject) => (fail = reject));
  failed.catch(() => {});
  const connections = Array.from({ length: count }, () => new Connection(port, (error) => fail(error)));
  try {
    await Promise.race([failed, Promise.all(connections.map((one) => one.opened()))]);
    const guarded = connections.map(
      (connection, index) =>
        new Promise((finished) => {
          work(guardedConnection(connection, fail), index, finished);
        }),
    );
    await Promise.race([failed, Promise.all(guarded)]);
  } finally {
    connections.forEach((one) => one.close());
  }
}

/** An answer that is not what it should be fails the run instead of ending the process. */
function guardedConnection(connection, fail) {
  return {
    send(request, done) {
      connection.send(request, (status, body) => {
        try {
          done(status, body);
        } catch (error) {
          fail(error);
        }
      });
    },
  };
}
