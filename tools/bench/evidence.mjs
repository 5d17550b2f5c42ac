import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../lib/problem.mjs';

/** Longer than the broker keeps log lines and timeline entries to itself. */
const logDelay = 1_500;

/**
 * Did the broker do everything it ships with while it was measured? Every refresh sent must be counted as a rotation
 * by its metrics, every request must have its line in its log, every token request of Alexa its entry on a timeline, and
 * row-level security must be forced; while timelines were off there must have been none.
 * @returns {Promise<{ rotations: number, logLines: number, timelineEntries: number }>} @throws {Problem}
 */
export async function assertBrokerDidItsWork({ broker, compared, stores, logs }) {
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
  const timelineEntries = await assertTimelines(stores, [broker, recordedBy(compared)]);
  await assertRowSecurity(stores);
  return { rotations, logLines, timelineEntries };
}

async function countedRotations(port) {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const lines = (await response.text()).matchAll(/^linkbroker_refreshes_total\{.*outcome="rotated"\} (\d+)$/gm);
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** A token exchange that released is only counted, so it has no entry. @returns {Promise<number>} entries @throws {Problem} */
export async function assertTimelines(stores, brokers) {
  await delay(logDelay);
  let all = 0;
  for (const { label, database, sent } of brokers) {
    const expected = sent.refreshes + sent.exchanges;
    const recorded = await countEntries(stores, database);
    if (recorded !== expected) throw new Problem(`timelines of ${label} have ${recorded} entries, not ${expected}`);
    all += recorded;
  }
  return all;
}

/** Of a broker that is switched only what was sent while it recorded. */
export const recordedBy = ({ sentWhile, ...one }) => ({ ...one, sent: sentWhile.with });

async function countEntries({ urlOf, connect }, database) {
  const client = await connect(urlOf(database));
  const count = `SELECT count(*)::int AS entries FROM linkbroker_timeline.entries WHERE name = 'token.answered'`;
  const { rows } = await client.query(count);
  await client.end();
  return rows[0].entries;
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
