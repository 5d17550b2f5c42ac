import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../lib/problem.mjs';

/** Longer than the broker keeps log lines to itself. */
const logDelay = 500;

/**
 * Did the broker do everything it ships with while it was measured? Every refresh sent must be counted as a rotation
 * by its metrics, every request must have its line in its log, and row-level security must be forced.
 * @returns {Promise<{ rotations: number, logLines: number }>} @throws {Problem}
 */
export async function assertBrokerDidItsWork({ broker, stores, logs }) {
  const { refreshes, exchanges, tokenExchanges } = broker.sent;
  const requests = refreshes + exchanges + tokenExchanges;
  await delay(logDelay);
  const rotations = await countedRotations(broker.server.ports.METRICS_PORT);
  if (rotations !== refreshes) {
    throw new Problem(`${refreshes} refreshes were answered, but the broker's metrics count ${rotations} rotations`);
  }
  const logLines = await countLines(join(logs, 'broker.log'), '"route":"/oauth/token"');
  if (logLines !== requests) {
    throw new Problem(`${requests} requests were answered, but the broker logged ${logLines}`);
  }
  await assertRowSecurity(stores);
  return { rotations, logLines };
}

async function countedRotations(port) {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const lines = (await response.text()).matchAll(/^linkbroker_refreshes_total\{.*outcome="rotated"\} (\d+)$/gm);
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function countLines(file, needle) {
  let count = 0;
  let rest = '';
  for await (const part of createReadStream(file, 'latin1')) {
    const lines = (rest + part).split('\n');
    rest = lines.pop();
    count += lines.filter((line) => line.includes(needle)).length;
  }
  return count;
}

async function assertRowSecurity({ urlOf, connect }) {
  const client = await connect(urlOf('linkbroker'));
  const { rows } = await client.query(
    `SELECT relrowsecurity AND relforcerowsecurity AS forced FROM pg_class WHERE oid = 'linkbroker.grants'::regclass`,
  );
  await client.end();
  if (!rows[0].forced) throw new Problem('row-level security is not forced on the grants table');
}
