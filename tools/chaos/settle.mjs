import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeAnswer, judgeAnswer } from './judge-answer.mjs';
import { post, send } from './send.mjs';

const settleMs = 90_000;
const forcedMs = 60_000;
const pollMs = 500;

/** What recovery has not dealt with; what is younger is work in progress. A connector that was parked waits ten minutes, which nobody does here. */
const LEFT = `
WITH unparked AS (UPDATE linkbroker.connectors SET parked_until = NULL WHERE parked_until IS NOT NULL)
SELECT (SELECT count(*)::int FROM linkbroker.upstream_refresh_attempts WHERE ended_at IS NULL AND began_at < now() - interval '16 seconds') AS attempts,
  (SELECT count(*)::int FROM linkbroker.upstream_token_sets WHERE state IN ('active', 'at_risk') AND refresh_due_at < now() - interval '16 seconds'
    AND (lease_until IS NULL OR lease_until <= now())) AS overdue,
  (SELECT count(*)::int FROM linkbroker.upstream_token_sets WHERE state IN ('active', 'at_risk') AND refresh_due_at IS NULL) AS forgotten`;

/** Somebody needs every one of them now. */
const FORCE = `
WITH forced AS (UPDATE linkbroker.upstream_token_sets SET refresh_due_at = now(), retry_at = NULL
  WHERE state IN ('active', 'at_risk') AND (lease_until IS NULL OR lease_until <= now()))
SELECT subject, version FROM linkbroker.upstream_token_sets`;

const SETS = `
WITH unparked AS (UPDATE linkbroker.connectors SET parked_until = NULL WHERE parked_until IS NOT NULL)
SELECT subject, version, state, last_error, failures FROM linkbroker.upstream_token_sets`;

/**
 * Waits, within bounds, until recovery is done: no attempt is left open, nothing is overdue, and the second durable
 * places are empty. @returns {Promise<{ ms: number, left: string[] }>}
 */
export async function settle(world) {
  const began = Date.now();
  for (;;) {
    const left = await leftOf(world);
    const ms = Date.now() - began;
    if (left.length === 0 || ms > settleMs) return { ms, left };
    await delay(pollMs);
  }
}

async function leftOf({ sql, fleet, stores }) {
  const [row] = await sql(LEFT);
  const spooled = fleet.all().reduce((sum, { dataDir }) => sum + entriesOf(join(dataDir, 'spool')), 0);
  const counts = { ...row, spooled, stream: await stores.redis.unstored() };
  return Object.entries(counts)
    .filter(([, count]) => count !== 0)
    .map(([what, count]) => `${count} ${what}`);
}

const entriesOf = (directory) =>
  existsSync(directory) ? readdirSync(directory).filter((name) => !name.startsWith('.')).length : 0;

/**
 * Has every token set refreshed once more, and then asks for every link what Alexa and the skill's server would ask.
 * @param {Set<string>} given up households of which the upstream knows that they have ended
 */
export async function verify({ world, households, hasEnded }) {
  const before = new Map((await world.sql(FORCE)).map(({ subject, version }) => [subject, version]));
  const end = Date.now() + forcedMs;
  let sets;
  let waiting;
  do {
    await delay(pollMs);
    sets = new Map((await world.sql(SETS)).map((set) => [set.subject, set]));
    const ended = await hasEnded();
    waiting = [...sets.values()].filter(
      ({ subject, version }) => version === before.get(subject) && !ended.has(subject),
    );
  } while (waiting.length > 0 && Date.now() < end);
  const links = [];
  for (const household of households)
    links.push({ ...(await verifyOne(world, household)), state: sets.get(household.user)?.state });
  return {
    links,
    unrefreshed: waiting.map(({ subject, state, last_error: error }) => `${subject} (${state}, ${error})`),
  };
}

async function verifyOne({ clients, fleet, upstream }, { user, refresh, older }) {
  const [one, other] = fleet.brokers();
  const ask = (broker, token) =>
    post(broker.port, '/oauth/token', clients.alexa.authorization, {
      grant_type: 'refresh_token',
      refresh_token: token,
    });
  const newest = await ask(one, refresh);
  const oldest = await ask(other, older[0] ?? refresh);
  const judged = [newest, oldest].map((answer) => judgeAnswer('refresh', answer));
  if (judged.some((outcome) => outcome !== 'ok')) return { user, works: false, why: `facade ${judged.join(', ')}` };
  const released = await post(other.port, '/oauth/token', clients.backend.authorization, {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: JSON.parse(oldest.text).access_token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  });
  const outcome = judgeAnswer('exchange', released);
  if (outcome !== 'ok') return { user, works: false, why: `exchange: ${describeAnswer(released)}` };
  const token = JSON.parse(released.text).access_token;
  const told = await send({ port: upstream.port, path: `/any/live?token=${encodeURIComponent(token)}` });
  return JSON.parse(told.text).user === user
    ? { user, works: true, why: '' }
    : { user, works: false, why: 'the upstream does not take the token' };
}
