import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Problem, say } from '../lib/problem.mjs';
import { startForEvents } from './contestants/broker.mjs';
import { equip } from './contest.mjs';
import { Latencies } from './load/latencies.mjs';
import { spread } from './measure/statistics.mjs';

/** Milliseconds that the double of Login with Amazon takes; Amazon's own answers were seen between 50 and 300. */
const answerAfterMs = 100;
/** AcceptGrants a second: a household that links brings one, so this is more than a large skill sees. */
const rate = 40;
/** Asked at once while Login with Amazon hangs. */
const hanging = 24;

/**
 * How long AcceptGrant takes at the broker: from the moment a directive was due, at a constant rate, each with a code of its
 * own for a household of its own; beside it, asked in the same way, Login with Amazon alone. Then with Login with Amazon hanging.
 * @returns {Promise<{ rounds: object[], hanging: object }>}
 */
export async function playAcceptGrants(parts) {
  const { servers, options, client } = parts;
  const script = fileURLToPath(new URL('./servers/lwa.mjs', import.meta.url));
  const lwa = await servers.start({
    name: 'lwa',
    script,
    env: { ANSWER_AFTER_MS: String(answerAfterMs) },
    ports: ['PORT'],
    path: '/',
    accept: (status) => status > 0,
  });
  const broker = await startForEvents(parts, lwa.port);
  await equip(broker, parts);
  say(`${broker.label} is up, ${broker.households.length} households`);
  const directive = (household) => ({
    url: `http://127.0.0.1:${broker.server.port}/alexa/${client.id}/directives`,
    headers: { authorization: client.backend.authorization, 'content-type': 'application/json' },
    body: JSON.stringify(acceptGrant(household.access)),
  });
  const alone = () => ({
    url: `http://127.0.0.1:${lwa.port}/auth/o2/token`,
    headers: {},
    body: 'grant_type=authorization_code',
  });
  let next = 0;
  const ofEach = () => directive(broker.households[(next += 1) % broker.households.length]);
  await arrive({ make: ofEach, count: rate, check: checkAccepted });
  const rounds = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const count = Math.round(rate * options.openSeconds);
    const own = await arrive({ make: alone, count, check: checkTokens });
    const accepted = await arrive({ make: ofEach, count, check: checkAccepted });
    say(
      `round ${round + 1}: AcceptGrant p99 ${accepted.p99.toFixed(0)} ms, Login with Amazon alone ${own.p99.toFixed(0)} ms`,
    );
    rounds.push({ lwa: own, broker: accepted, over: accepted.p99 - own.p99 });
  }
  await fetch(`http://127.0.0.1:${lwa.port}/hang`, { method: 'POST' });
  const refused = await arrive({ make: ofEach, count: hanging, check: checkRefused, atOnce: true });
  say(`Login with Amazon hangs: AcceptGrant answered within ${refused.max.toFixed(0)} ms`);
  await broker.server.stop();
  await lwa.stop();
  return { rounds, hanging: refused };
}

const acceptGrant = (token) => ({
  directive: {
    header: { namespace: 'Alexa.Authorization', name: 'AcceptGrant', payloadVersion: '3', messageId: randomUUID() },
    payload: {
      grant: { type: 'OAuth2.AuthorizationCode', code: randomBytes(18).toString('base64url') },
      grantee: { type: 'BearerToken', token },
    },
  },
});

/** Requests at a constant rate, or all at once. Latency counts from when one was due. */
async function arrive({ make, count, check, atOnce = false }) {
  const latencies = new Latencies();
  const began = performance.now();
  const one = async (index) => {
    const due = began + (atOnce ? 0 : (index * 1_000) / rate);
    const wait = due - performance.now();
    if (wait > 0) await delay(wait);
    const { url, headers, body } = make();
    const answer = await fetch(url, { method: 'POST', headers, body });
    const text = await answer.text();
    latencies.add(performance.now() - due);
    check(answer.status, text);
  };
  await Promise.all(Array.from({ length: count }, (_, index) => one(index)));
  return latencies.summary();
}

const eventOf = (status, text) => {
  if (status !== 200) throw new Problem(`AcceptGrant was answered ${status}: ${text.slice(0, 200)}`);
  return JSON.parse(text).event;
};

function checkAccepted(status, text) {
  const { header, payload } = eventOf(status, text);
  if (header.name !== 'AcceptGrant.Response') throw new Problem(`AcceptGrant was refused: ${payload.message}`);
}

function checkRefused(status, text) {
  const { payload } = eventOf(status, text);
  if (payload.type !== 'ACCEPT_GRANT_FAILED') throw new Problem('AcceptGrant was accepted without Login with Amazon');
}

function checkTokens(status) {
  if (status !== 200) throw new Problem(`the double of Login with Amazon answered ${status}`);
}

const exact = (value) => ({ median: value, min: value, max: value });

/** @param {Awaited<ReturnType<typeof playAcceptGrants>>} measured */
export function judgeAcceptGrants({ rounds, hanging: refused }) {
  const over = spread(rounds.map((one) => one.over));
  return [
    {
      what: 'AcceptGrant p99 over Login with Amazon’s own < 150 ms',
      is: over,
      digits: 0,
      unit: ' ms',
      met: over.median < 150,
    },
    {
      what: 'AcceptGrant while Login with Amazon hangs, slowest < 4 s',
      is: exact(refused.max / 1_000),
      digits: 2,
      unit: ' s',
      met: refused.max < 4_000,
    },
  ];
}
