import { setTimeout as delay } from 'node:timers/promises';
import { describeAnswer, judgeAnswer, limitMs } from './judge-answer.mjs';
import { seededRandom } from './random.mjs';
import { post, send } from './send.mjs';

/** How long a client waits before it goes on with the token it had, to the other broker. */
const patienceMs = 5_000;
const thinkMs = [150, 700];
const olderKept = 6;

/**
 * Households whose Alexa and whose skill's server work all the time, each with its own tokens, against both brokers. What
 * is sent follows from the seed; when, from the answers.
 * @returns observed: every answer with `{ user, what, broker, outcome, beganAt, ms, note }`
 */
export function startLoad({ seed, world, households, whereIs }) {
  const observed = [];
  let running = true;
  const loops = households.map(async (household, index) => {
    const random = seededRandom(seed * 1_000 + index);
    household.older = [];
    while (running) {
      await turn({ household, random, world, whereIs, observed });
      await delay(random.whole(...thinkMs));
    }
  });
  return {
    observed,
    async stop() {
      running = false;
      await Promise.all(loops);
    },
  };
}

async function turn({ household, random, world, whereIs, observed }) {
  const drawn = random.next();
  const what = drawn < 0.5 ? 'refresh' : drawn < 0.85 ? 'exchange' : 'userinfo';
  const broker = random.pick(whereIs());
  const work = ask[what]({ household, random, world, broker }).then((one) =>
    observed.push({ user: household.user, what, broker: broker.name, ...one }),
  );
  await Promise.race([work, delay(patienceMs, undefined, { ref: false })]);
}

const ask = { refresh, exchange, userinfo };

async function refresh({ household, random, world, broker }) {
  const again = household.older.length > 0 && random.chance(0.15);
  const presented = again ? random.pick(household.older) : household.refresh;
  const lost = random.chance(0.05);
  const answer = await post(broker.port, '/oauth/token', world.clients.alexa.authorization, {
    ...{ grant_type: 'refresh_token', refresh_token: presented },
  });
  const one = observe('refresh', answer);
  if (one.outcome === 'ok' && !lost && answer.ms < limitMs) {
    const { access_token: access, refresh_token: next } = JSON.parse(answer.text);
    if (next !== household.refresh) household.older = [...household.older, household.refresh].slice(-olderKept);
    Object.assign(household, { access, refresh: next });
  }
  return one;
}

async function exchange({ household, world, broker }) {
  const answer = await post(broker.port, '/oauth/token', world.clients.backend.authorization, {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: household.access,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  });
  const one = observe('exchange', answer);
  if (one.outcome !== 'ok') return one;
  const token = JSON.parse(answer.text).access_token;
  const told = await send({ port: world.upstream.port, path: `/any/live?token=${encodeURIComponent(token)}` });
  const { user } = JSON.parse(told.text);
  // An answer that came late was judged late; its token may have run out on the way.
  if (answer.ms < 1_000 && user !== household.user) one.note = user === null ? 'stale' : 'foreign';
  return one;
}

async function userinfo({ household, broker }) {
  const headers = { authorization: `Bearer ${household.access}` };
  return observe('userinfo', await send({ port: broker.port, path: '/oauth/userinfo', headers }));
}

function observe(what, answer) {
  const { status, beganAt, ms } = answer;
  const outcome = judgeAnswer(what, answer);
  const told = outcome === 'wrong' || outcome === 'verdict' ? describeAnswer(answer) : '';
  return { outcome, status, beganAt, ms, note: told };
}
