import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';
import { serviceEnvironment, serviceFlags } from '../lib/runtime.mjs';

/** Requests of each kind: the first warm what they read, and are not counted. */
const warming = 20;
const counted = 200;
/** The config file's tenants are alike; this is one of them. */
const tenant = 'scale-7';

/** One in a hundred sign-ins is at risk, one in five hundred is dead: an unhappy day. */
const UNWELL = `
UPDATE linkbroker.upstream_token_sets SET state = CASE WHEN hashint4extended(abs(hashtext(id::text)), 1) % 5 = 0 THEN 'dead' ELSE 'at_risk' END
WHERE abs(hashtext(id::text)) % 100 = 0`;

/** Alexa may be sent events about every link of the tenant that is looked at. */
const EVENT_GRANTS = `
INSERT INTO linkbroker.event_grants (id, tenant_id, skill_id, link_id, state, version, fence, sealed, access_expires_at, created_at, updated_at)
SELECT gen_random_uuid(), l.tenant_id, l.skill_id, l.id, 'active', 1, 1, '\\x00', now() + interval '1 hour', now(), now()
FROM linkbroker.links l JOIN linkbroker.tenants t ON t.id = l.tenant_id WHERE t.slug = $1`;

/**
 * How long the admin API takes for the pages that people open first, over HTTP, one request after the other.
 * @param {{ client: import('pg').Client, stores: object, servers: object, urls: object, keys: string }} parts
 * @returns {Promise<Record<string, { p50: number, p95: number, max: number }>>} milliseconds by page
 */
export async function measureLists({ client, stores, servers, urls, keys }) {
  await client.query(UNWELL);
  await client.query(EVENT_GRANTS, [tenant]);
  await client.query('VACUUM (ANALYZE) linkbroker.upstream_token_sets, linkbroker.event_grants');
  const directory = mkdtempSync(join(stores.directory, 'admin-'));
  const admin = await startAdmin({ servers, stores, urls, keys, directory });
  const key = readFileSync(join(directory, 'operator.key'), 'utf8').trim();
  const ask = async (path) => {
    const answer = await fetch(`http://127.0.0.1:${admin.port}/api/v1${path}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const body = await answer.json();
    if (answer.status !== 200) throw new Problem(`the admin API answered ${answer.status} for ${path}: ${body.detail}`);
    return body;
  };
  const links = `/tenants/${tenant}/links`;
  const deep = await cursorAt(ask, links);
  const { items } = await ask(links);
  const pages = {
    'links, first page': `${links}?limit=50`,
    'links, a page far behind': `${links}?limit=50&cursor=${deep}`,
    'links of a skill': `${links}?limit=50&skill=lights`,
    'links at risk': `${links}?limit=50&state=at_risk`,
    'dead links of a skill': `${links}?limit=50&state=dead&skill=lights`,
    'event grants': `/tenants/${tenant}/event-grants`,
    'one link': `${links}/${items[0].id}`,
    'its timeline': `/links/${items[0].id}/timeline`,
    overview: `/tenants/${tenant}/overview`,
    skills: `/tenants/${tenant}/skills`,
    tenants: '/tenants',
  };
  const measured = {};
  for (const [name, path] of Object.entries(pages)) measured[name] = await latencies(() => ask(path));
  await admin.stop();
  return measured;
}

/** Where the page begins that comes after twenty of the longest, or the last one of a tenant that has fewer. */
async function cursorAt(ask, links) {
  let cursor = null;
  for (let page = 0; page < 20; page += 1) {
    const { next } = await ask(`${links}?limit=200${cursor === null ? '' : `&cursor=${cursor}`}`);
    if (next === null) break;
    cursor = next;
  }
  if (cursor === null) throw new Problem('the tenant has too few links for a second page');
  return cursor;
}

async function latencies(work) {
  const took = [];
  for (let turn = 0; turn < warming + counted; turn += 1) {
    const began = performance.now();
    await work();
    if (turn >= warming) took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  return { p50: took[counted >> 1], p95: took[Math.floor(counted * 0.95)], max: took.at(-1) };
}

function startAdmin({ servers, stores, urls, keys, directory }) {
  return servers.start({
    name: 'admin',
    flags: serviceFlags,
    script: join(root, 'apps/admin/dist/main.js'),
    env: {
      ...serviceEnvironment,
      DATABASE_URL: urls.admin,
      REDIS_URL: stores.redisUrl,
      MASTER_KEYS: keys,
      DATA_DIR: directory,
      BROKER_URL: 'http://localhost:4000',
      LOG_LEVEL: 'info',
    },
    ports: ['ADMIN_PORT', 'METRICS_PORT'],
    path: '/health/live',
    accept: (status) => status === 200,
  });
}
