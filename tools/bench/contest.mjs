import { setTimeout as delay } from 'node:timers/promises';
import { say } from '../lib/problem.mjs';
import { startBare } from './contestants/bare.mjs';
import { startBroker, startForTimelines } from './contestants/broker.mjs';
import { startOidcProvider } from './contestants/oidc-provider.mjs';
import { noneSent } from './measure/meter.mjs';
import { reportingMilliseconds, transactions } from './measure/postgres.mjs';
import { spread } from './measure/statistics.mjs';

/** Connections to PostgreSQL, in every server: what the broker ships with. */
export const poolSize = 12;

/** Redeemed before anything is measured, to warm the servers and to see how many a second there are. */
const firstCodes = 400;

/** Seconds of refreshes right after the start, which open every connection that a server will ever need. */
const firstSeconds = 0.7;

/** Starts the servers one after another and gives each its rows and its tokens; their common parts come in. */
export async function assemble(parts) {
  const all = { ...parts, poolSize };
  const contestants = [];
  for (const start of [
    () => startBroker(all),
    () => startBare(all),
    () => startOidcProvider({ ...all, rotate: true }),
    () => startOidcProvider({ ...all, rotate: false }),
  ]) {
    contestants.push(await enter(await start(), parts));
  }
  return contestants;
}

/** A broker that is compared with itself only, with timelines and without. */
export async function assembleForTimelines(parts) {
  return enter(await startForTimelines(parts), parts);
}

async function enter(one, { client, options, generator, measure }) {
  await equip(one, { client, options, generator });
  const first = { ...options, ramp: 0, closedSeconds: firstSeconds };
  await refresh(one, measure, first);
  if (releases(one)) await exchangeTokens(one, measure, first);
  say(`${one.label} is up, ${one.tokens.length} chains of ${options.population} grants`);
  return one;
}

/** Gives a server what it needs to be asked: its address, its codes redeemed, its chains of tokens. */
export async function equip(one, { client, options, generator }) {
  const { authorization, redirectUri } = client;
  one.target = { path: one.path, port: one.server.port, authorization, redirectUri };
  one.backendTarget = { ...one.target, authorization: client.backend.authorization };
  one.sent ??= noneSent();
  const redeem = async (codes) => {
    one.sent.exchanges += codes.length;
    const task = { target: one.target, chains: options.chains };
    // The first request of a client pays for the slow hash of its secret, so it goes alone.
    const first = await generator.run('exchangeCodes', { ...task, codes: codes.slice(0, 1) });
    const rest = await generator.run('exchangeCodes', { ...task, codes: codes.slice(1) });
    return [...first.tokens, ...rest.tokens];
  };
  Object.assign(one, await one.prepareChains(options.openChains, redeem));
}

/**
 * Warms every server, and counts transactions on the way: PostgreSQL's counters lag by seconds, so they are read
 * before anything else has run and again when all backends have reported. Token exchanges are counted one after another,
 * because what comes alone shares no statement.
 * @returns {Promise<{ perRefresh: Record<string, number>, perTokenExchange: number }>} transactions, reads included;
 *   per refresh by server
 */
export async function warmUp({ contestants, measure, stores, options }) {
  const counted = [];
  await delay(reportingMilliseconds);
  for (const one of contestants) {
    say(`warming up ${one.label} …`);
    const began = await transactions(stores.client, one.database);
    const { requests } = await refresh(one, measure, { ...options, closedSeconds: options.warmUpSeconds });
    counted.push({ one, began, requests });
  }
  await delay(reportingMilliseconds);
  const perRefresh = {};
  for (const { one, began, requests } of counted) {
    perRefresh[one.key] = ((await transactions(stores.client, one.database)) - began) / requests;
  }
  const [broker] = contestants.filter(releases);
  const began = await transactions(stores.client, broker.database);
  const alone = { ...options, chains: 1, closedSeconds: options.warmUpSeconds };
  const { requests } = await exchangeTokens(broker, measure, alone);
  await delay(reportingMilliseconds);
  const perTokenExchange = ((await transactions(stores.client, broker.database)) - began) / requests;
  for (const one of contestants.filter(exchanges)) {
    const { perSecond } = await exchange(one, measure, { count: firstCodes, chains: options.chains });
    one.codesPerSecond = perSecond;
  }
  return { perRefresh, perTokenExchange };
}

/** Rotation makes no difference to an exchange, so one of the two oidc-providers does. */
const exchanges = ({ key }) => key !== 'oidc-keeping';

/** Only the broker has upstream tokens to release. */
const releases = ({ households }) => households !== undefined;

/** One round: every workload on every server, in an order that moves on by one from round to round. */
export async function playRound({ round, contestants, measure, options, results }) {
  const order = contestants.map((_, index) => contestants[(index + round) % contestants.length]);
  const note = (workload, one, figures) => {
    results[workload][one.key].push(figures);
    const rate = Math.round(figures.perSecond);
    say(`round ${round + 1}: ${workload}, ${one.label}: ${rate}/s, p99 ${figures.latency.p99.toFixed(1)} ms`);
  };
  for (const one of order) {
    const refreshed = async () => note('refresh', one, await refresh(one, measure, options));
    const released = async () => note('tokenExchange', one, await exchangeTokens(one, measure, options));
    // One right after the other, because they are compared, and first in turns.
    const runs = releases(one) ? [refreshed, released] : [refreshed];
    for (const run of round % 2 === 0 ? runs : runs.toReversed()) await run();
  }
  for (const one of order.filter(exchanges)) {
    const count = Math.max(firstCodes, Math.round(one.codesPerSecond * options.codeSeconds));
    const figures = await exchange(one, measure, { count, chains: options.chains });
    one.codesPerSecond = figures.perSecond;
    note('exchange', one, figures);
  }
  for (const one of order) {
    const peak = spread(results.refresh[one.key].map(({ perSecond }) => perSecond)).median;
    note('arrivals', one, await arrivals(one, measure, { ...options, rate: peak / 2 }));
  }
}

/** `settle`: milliseconds after the last answer until costs are read. */
export async function refresh(one, measure, { chains, ramp, closedSeconds, settle }) {
  const task = { tokens: one.tokens.slice(0, chains), follows: one.follows, ramp, seconds: closedSeconds };
  const { figures, tokens } = await measure(one, 'refreshClosedLoop', task, settle);
  one.tokens.splice(0, tokens.length, ...tokens);
  return figures;
}

/** As {@link refresh}, at a rate. */
export async function arrivals(one, measure, { ramp, openSeconds, rate, settle }) {
  const task = { tokens: one.tokens, follows: one.follows, ramp, seconds: openSeconds, rate };
  const { figures, tokens } = await measure(one, 'refreshOpenLoop', task, settle);
  one.tokens = tokens;
  return { ...figures, rate };
}

async function exchange(one, measure, { count, chains }) {
  const codes = await one.prepareCodes(count);
  const { figures } = await measure(one, 'exchangeCodes', { codes, chains });
  return figures;
}

async function exchangeTokens(one, measure, { chains, ramp, closedSeconds }) {
  const task = { target: one.backendTarget, households: one.households.slice(0, chains), ramp, seconds: closedSeconds };
  const { figures } = await measure(one, 'exchangeTokens', task);
  return figures;
}
