import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { Problem } from './problem.mjs';

/**
 * Below what Linux gives to connections that go out (32768 and up): none of those, and no server that asks for any port,
 * takes it before it is listened on.
 */
const [lowest, highest] = [15_000, 32_767];

/** A TCP port of the loopback address that was free a moment ago. */
export async function freePort() {
  for (;;) {
    const port = randomInt(lowest, highest + 1);
    try {
      const server = await listen(port);
      await new Promise((resolve) => server.close(resolve));
      return port;
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
}

function listen(port, host = '127.0.0.1') {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}

/** @returns {number} the port that `variable` names, or the default @throws {Problem} when it is not a port */
export function wantedPort(variable, otherwise, env = process.env) {
  const text = env[variable];
  if (text === undefined || text === '') return otherwise;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Problem(`${variable} must be a port between 1 and 65535, not "${text}"`);
}

/**
 * @param {number} port @param {string} variable what to set to move away @param {{ host?: string }} [where]
 * @throws {Problem} when another program listens there
 */
export async function assertPortFree(port, variable, { host = '127.0.0.1' } = {}) {
  // `localhost` may mean ::1 first: a program that listens only there would answer in our place.
  for (const address of new Set([host, '::1'])) {
    try {
      const server = await listen(port, address);
      await new Promise((resolve) => server.close(resolve));
    } catch (error) {
      if (error.code === 'EADDRINUSE') {
        throw new Problem(`port ${port} is taken by another program: stop it, or set ${variable} to another port`);
      }
      // A machine without IPv6 has no ::1.
      if (address === host)
        throw new Problem(`port ${port} cannot be used on ${host} (${error.code}): set ${variable}`);
    }
  }
}
