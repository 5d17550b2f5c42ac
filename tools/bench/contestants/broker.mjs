import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../lib/paths.mjs';
import { Problem } from '../../lib/problem.mjs';
import { serviceEnvironment, serviceFlags } from '../../lib/runtime.mjs';
import { noneSent } from '../measure/meter.mjs';
import { prepareBroker } from '../stores.mjs';
import { sealUpstreamTokens } from './upstream-tokens.mjs';

/**
 * Completed links as the broker's own link page leaves them: token set, link and grant. The code's hash is SHA-256 of
 * text that both sides can count out; a grant that is not pending has been redeemed long ago. Nobody opens what the sets
 * seal, except the sets of grants that are refreshed and exchanged: those are sealed anew.
 */
const GRANTS = `
WITH skill AS (
  SELECT s.tenant_id, s.id AS skill_id, c.id AS connector_id, s.scopes
  FROM linkbroker.skills s JOIN linkbroker.connectors c ON c.tenant_id = s.tenant_id
), household AS (
  SELECT n, uuidv7() AS token_set, uuidv7() AS link, uuidv7() AS grant_id, skill.*
  FROM generate_series(0, $2::int - 1) AS n, skill
), token_sets AS (
  INSERT INTO linkbroker.upstream_token_sets (id, tenant_id, connector_id, subject, scopes, has_refresh_token, version,
      fence, sealed, updated_at)
  SELECT token_set, tenant_id, connector_id, $1 || '-' || n, '{openid,offline_access}', true, 1, 1,
    decode(repeat('00', 500), 'hex'), now() FROM household
), links AS (
  INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id)
  SELECT link, tenant_id, skill_id, connector_id, $1 || '-' || n, token_set FROM household
)
INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, code_hash,
    redirect_uri, scopes, secret_hash, access_secret_hash, mac_key_id, generation, generation_at)
SELECT grant_id, tenant_id, skill_id, link, now(), now() + interval '10 minutes',
  CASE WHEN pending THEN NULL ELSE now() END, sha256(convert_to(md5($1 || ':' || n), 'UTF8')), $4, scopes,
  CASE WHEN pending THEN NULL ELSE sha256(convert_to('secret:' || n, 'UTF8')) END,
  CASE WHEN pending THEN NULL ELSE sha256(convert_to('access:' || n, 'UTF8')) END,
  CASE WHEN pending THEN NULL ELSE 1 END, CASE WHEN pending THEN 0 ELSE 1 END, CASE WHEN pending THEN NULL ELSE now() END
FROM (SELECT *, n % $3::int = 0 AS pending FROM household) AS households`;

/** Milliseconds: a heap is looked through. */
const switchPatience = 10_000;

const codeOf = (seed, index) => createHash('md5').update(`${seed}:${index}`).digest('hex');

/** The broker, see {@link startShipped}. */
export async function startBroker(parts) {
  const shipped = await startShipped(parts, { name: 'broker', database: 'linkbroker', starts: parts.options.starts });
  return { ...shipped, key: 'broker', label: 'Linkbroker' };
}

/**
 * One more of the same broker, on a database of its own, whose timeline is switched on and off while it runs: what
 * recording costs is told from the difference. Two processes of one program differ by more than that, each from its start
 * to its end.
 * @returns {Promise<object>} with `switchTo('with' | 'without')`, and what was sent in both states in `sentWhile`
 */
export async function startForTimelines(parts) {
  const flags = ['--import', fileURLToPath(new URL('../servers/timeline-switch.mjs', import.meta.url))];
  const how = { name: 'broker-timelines', database: 'linkbroker_timelines', starts: 1, flags };
  const shipped = await startShipped(parts, how);
  const sentWhile = { with: noneSent(), without: noneSent() };
  return {
    ...shipped,
    key: 'timelines',
    label: 'Linkbroker with timelines and without',
    sentWhile,
    sent: sentWhile.with,
    async switchTo(state) {
      await switchTimeline(shipped.server.child, state === 'with');
      this.sent = sentWhile[state];
    },
  };
}

/** Asks the process for it and waits until it says that it is done. @throws {Problem} */
async function switchTimeline(child, recording) {
  const answered = once(child, 'message', { signal: AbortSignal.timeout(switchPatience) });
  child.send({ recording });
  const [answer] = await answered;
  if (answer.recording !== recording || answer.timelines !== 1) {
    throw new Problem(`the broker should have switched its timeline, and answered ${JSON.stringify(answer)}`);
  }
}

/** One whose skill may send events, on a database of its own, with Login with Amazon at a port of this machine. */
export function startForEvents(parts, lwaPort) {
  const env = { LWA_TOKEN_URL: `http://127.0.0.1:${lwaPort}/auth/o2/token`, EGRESS_ALLOW: `127.0.0.1/32:${lwaPort}` };
  const how = { name: 'broker-events', database: 'linkbroker_events', starts: 1, env };
  return startShipped(parts, how).then((one) => ({ ...one, key: 'events', label: 'Linkbroker with AcceptGrant' }));
}

/**
 * The broker exactly as `npm run up` starts it: its built main.js with the same flags, metrics, a log line per request into a
 * file, timelines, row-level security, a login role with nothing but the broker's rights.
 */
async function startShipped(
  { stores, family, servers, client, options },
  { name, database, starts: times, env = {}, flags = [] },
) {
  const prepared = await prepareBroker({ stores, family, client, database });
  const startOnce = () =>
    servers.start({
      name,
      flags: [...serviceFlags, ...flags],
      script: join(root, 'apps/broker/dist/main.js'),
      env: { ...serviceEnvironment, ...prepared.env, DATA_DIR: join(stores.directory, name), ...env },
      ports: ['BROKER_PORT', 'METRICS_PORT'],
      path: '/health/live',
      accept: (status) => status === 200,
    });
  const { server, starts } = await startRepeatedly(startOnce, times);
  const insert = async (seed, count, step) => {
    await prepared.client.query(GRANTS, [seed, count, step, client.redirectUri]);
    await prepared.client.query('ANALYZE linkbroker.grants, linkbroker.links, linkbroker.upstream_token_sets');
    return Array.from({ length: Math.ceil(count / step) }, (_, index) => codeOf(seed, index * step));
  };
  const seed = () => randomBytes(6).toString('hex');
  return {
    database,
    server,
    starts,
    follows: true,
    path: '/oauth/token',
    prepareCodes: (count) => insert(seed(), count, 1),
    /** Among the whole population, every so many grants one is left to be redeemed over HTTP and then refreshed. */
    async prepareChains(count, redeem) {
      const step = Math.max(1, Math.floor(options.population / count));
      const codes = (await insert(seed(), count * step, step)).slice(0, count);
      const upstream = await sealUpstreamTokens({ ...prepared, codes });
      const pairs = await redeem(codes);
      const households = pairs.map(({ access }, index) => ({ access, upstream: upstream[index] }));
      return { tokens: pairs.map(({ refresh }) => refresh), households };
    },
  };
}

/** Each start but the last is stopped again. */
async function startRepeatedly(start, times) {
  const starts = [];
  for (;;) {
    const server = await start();
    starts.push(server.startMs);
    if (starts.length === times) return { server, starts };
    await server.stop();
  }
}
