import { alexaUserFingerprint, alexaUserName } from '@linkbroker/linking';
import { TimelineWriter } from '@linkbroker/persistence';
import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { createLogger } from '@linkbroker/telemetry';
import { noteSecret, watchedLog } from '@linkbroker/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { adminEnvironment } from '../../test/admin-environment.js';
import { createAdmin, type Admin } from '../index.js';

const USER = 'amzn1.ask.account.ALICE';
let database: ScratchDatabase;
let admin: Admin;
beforeAll(async () => {
  database = await createScratchDatabase();
  const masterKeys = `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`;
  const logger = createLogger({ app: 'admin', level: 'info', destination: watchedLog('admin') });
  admin = await createAdmin(adminEnvironment(database, masterKeys), logger, '9.9.9');
  await admin.app.init();
  noteSecret('operator key', admin.needs.operatorKey);
});
afterAll(async () => {
  await admin.close();
  await database.close();
});

/** A tenant with a link that a user of Alexa's has made. */
async function tenant(slug: string): Promise<{ readonly tenantId: string; readonly linkId: string }> {
  const [tenantId, skillId, connectorId, setId, linkId, grantId] = Array.from({ length: 6 }, () => randomUUID());
  const user = alexaUserFingerprint(admin.needs.fingerprint, tenantId!, USER);
  const { sql } = database;
  await sql('INSERT INTO linkbroker.tenants (id, slug, name) VALUES ($1, $2, $2)', [tenantId, slug]);
  await sql(
    `INSERT INTO linkbroker.skills (id, tenant_id, slug, name, redirect_uris, grant_types, scopes, pkce, access_token_ttl)
     VALUES ($1, $2, 'lights', 'Lights', '{}', '{authorization_code}', '{}', 'optional', 3600)`,
    [skillId, tenantId],
  );
  await sql(
    `INSERT INTO linkbroker.connectors (id, tenant_id, slug, name, provider, issuer, client_id, client_secret, scopes)
     VALUES ($1, $2, 'home', 'Home', 'oidc', 'https://id.example', 'broker', '\\x00', '{openid}')`,
    [connectorId, tenantId],
  );
  await sql(
    `INSERT INTO linkbroker.upstream_token_sets (id, tenant_id, connector_id, subject, scopes, has_refresh_token, version, fence, sealed, updated_at)
     VALUES ($1, $2, $3, 's', '{}', true, 1, 1, '\\x00', now())`,
    [setId, tenantId, connectorId],
  );
  await sql(
    `INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id) VALUES ($1, $2, $3, $4, 's', $5)`,
    [linkId, tenantId, skillId, connectorId, setId],
  );
  await sql(
    `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_hash, redirect_uri, scopes)
     VALUES ($1, $2, $3, $4, now(), now(), $5, 'https://a.example', '{}')`,
    [grantId, tenantId, skillId, linkId, Buffer.from(grantId!)],
  );
  await sql(
    `INSERT INTO linkbroker.alexa_users (grant_id, tenant_id, skill_id, link_id, user_hash, linked_at) VALUES ($1, $2, $3, $4, $5, now())`,
    [grantId, tenantId, skillId, linkId, user],
  );
  const writer = new TimelineWriter(database.urls.broker);
  const at = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();
  const entries = [
    { name: 'code.issued', tenantId, linkId, at: at(-3) },
    { name: 'skill_event.received', tenantId, alexaUser: alexaUserName(user), outcome: 'noted', at: at(-2) },
    { name: 'grant.revoked', tenantId, linkId, detail: 'skill disabled', at: at(-1) },
    { name: 'code.issued', tenantId, linkId: randomUUID(), at: at(-1) },
  ];
  await writer.write(JSON.stringify(entries), performance.now() + 10_000);
  await writer.close();
  return { tenantId: tenantId!, linkId: linkId! };
}

interface Answer {
  readonly links: readonly string[];
  readonly entries: readonly { readonly name: string }[];
  readonly causes: readonly { readonly id: string }[];
}
async function ask(query: string): Promise<{ readonly status: number; readonly body: Answer }> {
  const headers = { authorization: `Bearer ${admin.needs.operatorKey}` };
  const answer = await admin.app.inject({ url: `/api/v1/traces?${query}`, headers });
  return { status: answer.statusCode, body: answer.json<Answer>() };
}

test('a user is found by Alexa’s id, with his links, what happened to them and why', async () => {
  const { linkId } = await tenant('acme');
  const other = await tenant('rival');
  const { status, body } = await ask(`tenant=acme&alexaUser=${USER}`);
  expect([status, body.links]).toEqual([200, [linkId]]);
  expect(body.entries.map(({ name }) => name)).toEqual(['code.issued', 'skill_event.received', 'grant.revoked']);
  expect(body.causes.map(({ id }) => id)).toContain('skill_disabled');
  expect((await ask(`tenant=rival&alexaUser=${USER}`)).body.links).toEqual([other.linkId]);
  const nobody = await ask('tenant=acme&alexaUser=amzn1.ask.account.NOBODY');
  expect([nobody.status, nobody.body.links, nobody.body.entries]).toEqual([200, [], []]);
});

test.each(['alexaUser=', `alexaUser=${'x'.repeat(513)}`, 'alexaUser=a%00b'])('%s is refused', async (query) => {
  expect((await ask(`tenant=acme&${query}`)).status).toBe(400);
});
