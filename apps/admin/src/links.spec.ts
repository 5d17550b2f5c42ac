import type { TenantId } from '@linkbroker/contracts';
import { ConfigurationStore, KeysStore, LinkOverviewStore, SignInsStore } from '@linkbroker/persistence';
import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { readRepairToken } from '@linkbroker/protocol';
import { FixedClock, noteSecret, watchOutput } from '@linkbroker/testing';
import { MacKeyRing, parseMasterKeys } from '@linkbroker/vault';
import { randomBytes, randomUUID } from 'node:crypto';
import { LinksUsageError } from './links-arguments.js';
import { LinksRefused, runLinks } from './links-command.js';

const MASTER = parseMasterKeys(`k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`);
const clock = new FixedClock('2026-11-22T00:00:00Z');

let database: ScratchDatabase;
let ring: MacKeyRing;
let run: (...argv: string[]) => Promise<string>;
beforeAll(async () => {
  database = await createScratchDatabase();
  const admin = await database.open('admin');
  const keys = new KeysStore(admin.database);
  ring = new MacKeyRing(MASTER, keys);
  await ring.load(clock.now(), performance.now() + 10_000);
  const configuration = new ConfigurationStore(admin.dataSource);
  run = async (...argv) => {
    const lines: string[] = [];
    const needs = {
      ...{ now: clock.now, randomBytes, trace: () => undefined },
      resolveTenant: (slug: string) => configuration.resolveTenant(slug),
      overview: new LinkOverviewStore(admin.dataSource),
      signIns: new SignInsStore(admin.database),
      macKeys: () => new MacKeyRing(MASTER, keys),
      publicUrl: 'https://link.example',
      print: (line: string): void => {
        lines.push(line);
        watchOutput('what links prints', `${line}\n`);
      },
    };
    await runLinks(needs, argv);
    return lines.join('\n');
  };
});
afterAll(() => database.close());

/** A tenant with one link, live at Alexa or not. */
async function tenant(slug: string, state: string, revokedAt: Date | null): Promise<{ id: TenantId; link: string }> {
  const [id, skill, connector, set, link] = Array.from({ length: 5 }, () => randomUUID()) as [TenantId, ...string[]];
  const { sql } = database;
  await sql('INSERT INTO linkbroker.tenants (id, slug, name) VALUES ($1, $2, $2)', [id, slug]);
  await sql(
    `INSERT INTO linkbroker.skills (id, tenant_id, slug, name, redirect_uris, grant_types, scopes, pkce, access_token_ttl) VALUES ($1, $2, 'lights', 'L', '{}', '{}', '{}', 'optional', 3600)`,
    [skill, id],
  );
  await sql(`INSERT INTO linkbroker.clients (client_id, tenant_id, skill_id, kind) VALUES ($1, $2, $3, 'alexa')`, [
    `alexa-${slug}`,
    id,
    skill,
  ]);
  await sql(
    `INSERT INTO linkbroker.connectors (id, tenant_id, slug, name, provider, issuer, client_id, client_secret, scopes, revoke_upstream) VALUES ($1, $2, 'home', 'H', 'google', 'i', 'c', '', '{}', 'last-link')`,
    [connector, id],
  );
  await sql(
    `INSERT INTO linkbroker.upstream_token_sets (id, tenant_id, connector_id, subject, scopes, has_refresh_token, version, fence, sealed, updated_at, state, domain) VALUES ($1, $2, $3, 's', '{}', true, 1, 1, '', '2026-01-01', $4, $5)`,
    [set, id, connector, state, randomBytes(32)],
  );
  await sql(
    `INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id) VALUES ($1, $2, $3, $4, 's', $5)`,
    [link, id, skill, connector, set],
  );
  await sql(
    `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_hash, code_consumed_at, redirect_uri, scopes, revoked_at) VALUES ($1, $2, $3, $4, '2026-01-01', '2026-01-01', $5, '2026-01-01', 'r', '{}', $6)`,
    [randomUUID(), id, skill, link, randomBytes(32), revokedAt],
  );
  return { id, link: link! };
}

test('lists links, prints an address that repairs one, and refuses what cannot be repaired', async () => {
  const acme = await tenant('acme', 'at_risk', null);
  const gone = await tenant('gone', 'active', clock.now());
  expect(await run('list', '--tenant', 'acme')).toMatch(
    new RegExp(`^${acme.link}  \\S+  lights / home  at_risk\\n1 link$`),
  );
  expect(await run('list', '--tenant', 'acme', '--state', 'dead')).toBe('0 links');
  expect(await run('list', '--tenant', 'gone')).toContain('ended (sign-in active)');
  const address = await run('repair', '--tenant', 'acme', '--link', acme.link);
  expect(address).toMatch(/^https:\/\/link\.example\/repair\/[\w-]{72}$/);
  expect(readRepairToken(address.split('/').at(-1)!, ring.lookup)).toMatchObject({
    kind: 'valid',
    claims: { tenantId: acme.id, linkId: acme.link, expiresAt: new Date('2026-11-25T00:00:00Z') },
  });
  await expect(run('repair', '--tenant', 'gone', '--link', gone.link)).rejects.toThrow(/link again in the Alexa app/);
  await expect(run('repair', '--tenant', 'gone', '--link', acme.link)).rejects.toThrow(LinksRefused);
  await expect(run('list', '--tenant', 'nobody')).rejects.toThrow('there is no tenant nobody');
});

test('reports sign-ins that nobody needs, and asks for their revocation only when told to', async () => {
  const old = await tenant('old', 'active', new Date('2026-09-01T00:00:00Z'));
  const held = () => database.sql('SELECT 1 FROM linkbroker.upstream_revocations WHERE tenant_id = $1', [old.id]);
  const report = await run('stale');
  expect(report).toContain('old / home');
  expect(report).toContain('no link needs it (0 refresh tokens issued, last grant ended 2026-09-01');
  expect(report).toContain('1 unused: nothing was changed');
  expect(await run('stale', '--days', '100')).toContain('0 unused: nothing was changed');
  expect(await held()).toEqual([]);
  expect(await run('stale', '--hold')).toContain('1 unused: revocation asked for 1, in an hour');
  expect(await held()).toHaveLength(1);
  expect(await run('stale')).toContain('0 unused, 1 asked: nothing was changed');
});

test.each([
  [[]],
  [['frobnicate']],
  [['list']],
  [['list', '--tenant', 'a', '--hold']],
  [['list', '--tenant', 'a', '--state', 'well']],
  [['repair', '--tenant', 'a']],
  [['repair', '--tenant', 'a', '--link', 'x']],
  [['stale', '--days', '0']],
  [['stale', '--tenant', 'a']],
  [['stale', 'extra']],
])('%j cannot be understood', async (argv) => {
  await expect(run(...argv)).rejects.toThrow(LinksUsageError);
});
