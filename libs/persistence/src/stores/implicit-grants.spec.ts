import { randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import {
  GrantsStore,
  HousekeepingStore,
  KeyRotationStore,
  LinksStore,
  RevocationsStore,
  SignInsStore,
} from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

const NOW = new Date('2026-11-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const after = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR_MS);
const deadline = () => performance.now() + 10_000;

let scratch: ScratchDatabase;
let own: TenantFixture;
let links: LinksStore;
let grants: GrantsStore;
let housekeeping: HousekeepingStore;
let signIns: SignInsStore;
let revocations: RevocationsStore;
beforeAll(async () => {
  scratch = await createScratchDatabase();
  const broker = (await scratch.open('broker')).database;
  links = new LinksStore(broker);
  grants = new GrantsStore(broker);
  const worker = (await scratch.open('worker')).database;
  housekeeping = new HousekeepingStore(worker);
  signIns = new SignInsStore(worker);
  revocations = new RevocationsStore(worker);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  await scratch.sql('TRUNCATE linkbroker.upstream_token_sets, linkbroker.upstream_revocations CASCADE');
  own = await createTenantFixture(scratch);
  await scratch.sql(`UPDATE linkbroker.connectors SET revoke_upstream = 'last-link' WHERE id = $1`, [own.connectorId]);
  await scratch.sql('UPDATE linkbroker.upstream_token_sets SET domain = $2, updated_at = $3 WHERE id = $1', [
    own.tokenSetId,
    Buffer.alloc(32, 7),
    after(-10_000),
  ]);
});

const tie = () => ({
  skillId: own.skillId,
  connectorId: own.connectorId,
  subject: 'sub-1',
  tokenSetId: own.tokenSetId,
  newLinkId: randomUUID(),
  grantId: randomUUID(),
  redirectUri: 'https://a.example/cb',
  scopes: ['lights'],
});
const SECRET = Buffer.alloc(32, 1);

/** A grant whose token lives for two hours. */
async function implicit(expiresAt = after(2)): Promise<string> {
  const link = { ...tie(), accessSecretHash: SECRET, signingKeyId: 1, expiresAt };
  expect(await links.completeImplicit(own.tenantId, link, NOW, deadline())).toBe(own.linkId);
  return link.grantId;
}
const expired = (now: Date) => housekeeping.listExpiredGrants(now, 10, deadline());
const end = (grantId: string, now: Date, { tenantId } = own) =>
  housekeeping.endExpiredGrant(tenantId, grantId, now, deadline());
const found = (grantId: string) => grants.find(own.tenantId, own.skillId, grantId, deadline());
const live = async (now: Date) =>
  (await signIns.scan('00000000-0000-0000-0000-000000000000', 100, now, now, deadline())).find(
    ({ setId }) => setId === own.tokenSetId,
  )?.live;

test('a grant is there at once, with an access secret and nothing to refresh or redeem', async () => {
  const grantId = await implicit();
  expect(await found(grantId)).toMatchObject({ accessSecretHash: SECRET, secretHash: null, revokedAt: null });
  const attempt = {
    skillId: own.skillId,
    grantId,
    secretHash: SECRET,
    presented: 0,
    keep: null,
    signingKeyId: 1,
    now: NOW,
  };
  expect(await grants.refresh(own.tenantId, attempt, deadline())).toBeUndefined();
  expect(await links.findRepairTarget(own.tenantId, own.linkId, deadline())).toMatchObject({ live: true });
  const expiring = await housekeeping.expirePendingGrants(after(100), 10, deadline());
  expect([expiring, await found(grantId)]).toMatchObject([0, { revokedAt: null }]);
});

test('its key counts as held until it has ended', async () => {
  await scratch.sql(
    `INSERT INTO linkbroker.mac_keys (id, master_key_id, wrapped, signs_from) VALUES (1, 'k1', '\\x00', $1) ON CONFLICT DO NOTHING`,
    [after(-1)],
  );
  const keys = new KeyRotationStore((await scratch.open('admin')).dataSource);
  const held = async () => (await keys.macKeyUse()).find(({ id }) => id === 1)?.held;
  const grantId = await implicit();
  expect(await held()).toBe(1);
  await end(grantId, after(3));
  expect(await held()).toBe(0);
});

test('once expired it is listed and ended, once, as of its end, with its link and its sign-in', async () => {
  const grantId = await implicit();
  expect(await expired(after(1))).toEqual([]);
  expect(await end(grantId, after(1))).toBeUndefined();
  expect(await expired(after(2))).toEqual([{ tenantId: own.tenantId, grantId }]);
  expect(await end(grantId, after(3))).toEqual({ skillId: own.skillId, linkId: own.linkId });
  expect(await end(grantId, after(3))).toBeUndefined();
  expect(await expired(after(3))).toEqual([]);
  expect(await found(grantId)).toMatchObject({ revokedAt: after(2) });
  expect(await live(after(100))).toBe(0);
  const claimed = await revocations.claim(after(5), after(6), deadline());
  expect(claimed).toMatchObject({ tokenSetId: own.tokenSetId });
});

test('while it lives, or another grant of the domain does, nothing is revoked upstream', async () => {
  const grantId = await implicit();
  expect(await live(after(1))).toBe(1);
  await implicit(after(50));
  await end(grantId, after(3));
  expect(await live(after(3))).toBe(1);
  expect(await scratch.sql('SELECT 1 FROM linkbroker.upstream_revocations')).toEqual([]);
});

test('a new link cancels what was held at the end of the old one', async () => {
  await end(await implicit(), after(3));
  await implicit(after(10));
  expect(await scratch.sql('SELECT state FROM linkbroker.upstream_revocations')).toEqual([{ state: 'cancelled' }]);
});

test('it is revoked by the secret of its token, and a code grant is not by that of its access tokens', async () => {
  const grantId = await implicit();
  const by = (id: string, secretHash: Buffer) =>
    grants.revoke(
      own.tenantId,
      { skillId: own.skillId, grantId: id, secretHash, reason: 'test', now: NOW },
      deadline(),
    );
  expect(await by(grantId, Buffer.alloc(32, 9))).toBe(false);
  expect(await by(grantId, SECRET)).toBe(true);
  const code = { ...tie(), codeHash: Buffer.from(randomUUID()), codeExpiresAt: after(1), codeChallenge: null };
  await links.complete(own.tenantId, code, NOW, deadline());
  const secrets = { secretHash: Buffer.alloc(32, 2), accessSecretHash: SECRET, signingKeyId: 1, now: NOW };
  const redemption = {
    skillId: own.skillId,
    codeHash: code.codeHash,
    redirectUri: null,
    codeChallenge: null,
    ...secrets,
  };
  expect(await grants.redeem(own.tenantId, redemption, deadline())).toMatchObject({ grantId: code.grantId });
  expect(await by(code.grantId, SECRET)).toBe(false);
  expect(await by(code.grantId, secrets.secretHash)).toBe(true);
});

test('another tenant can neither make nor end one', async () => {
  const other = await createTenantFixture(scratch);
  const grantId = await implicit();
  expect(await end(grantId, after(3), other)).toBeUndefined();
  const link = { ...tie(), accessSecretHash: SECRET, signingKeyId: 1, expiresAt: after(2) };
  await expect(links.completeImplicit(other.tenantId, link, NOW, deadline())).rejects.toThrow(/foreign key/);
});

test('a link tells its webhook that it is there, and at its end that it has expired', async () => {
  await scratch.sql(
    `INSERT INTO linkbroker.webhooks (id, tenant_id, skill_id, url, events, secrets)
     VALUES ($1, $2, $3, 'https://hook.example', '{link.created,link.revoked}', '\\x00')`,
    [randomUUID(), own.tenantId, own.skillId],
  );
  await end(await implicit(), after(3));
  const events = await scratch.sql<{ type: string; reason: string | null }>(
    `SELECT type, data ->> 'reason' AS reason FROM linkbroker.events WHERE tenant_id = $1 ORDER BY occurred_at`,
    [own.tenantId],
  );
  expect(events).toEqual([
    { type: 'link.created', reason: null },
    { type: 'link.revoked', reason: 'expired' },
  ]);
});

test('a refresh beside it stays on its page (HOT)', async () => {
  const code = { ...tie(), codeHash: Buffer.from(randomUUID()), codeExpiresAt: after(1), codeChallenge: null };
  await links.complete(own.tenantId, code, NOW, deadline());
  const secretHash = Buffer.alloc(32, 2);
  const redemption = { skillId: own.skillId, codeHash: code.codeHash, redirectUri: null, codeChallenge: null };
  const secrets = { secretHash, accessSecretHash: SECRET, signingKeyId: 1, now: NOW };
  await grants.redeem(own.tenantId, { ...redemption, ...secrets }, deadline());
  const indexed = await scratch.sql<{ columns: string[] }>(
    `SELECT array_agg(DISTINCT a.attname::text) AS columns FROM pg_index i
       JOIN pg_attribute a ON a.attrelid = i.indrelid
     WHERE i.indrelid = 'linkbroker.grants'::regclass
       AND (a.attnum = ANY (i.indkey) OR pg_get_expr(i.indpred, i.indrelid) LIKE '%' || a.attname || '%')`,
  );
  const changed = ['generation', 'generation_before', 'generation_at', 'mac_key_id', 'checkpoints'];
  expect(indexed[0]!.columns.filter((column) => changed.includes(column))).toEqual([]);
});

describe('one more grant of a link, for an app that linking begins in', () => {
  const again = (change: object = {}, tenantId = own.tenantId) =>
    links.grantAgain(
      tenantId,
      {
        ...{ skillId: own.skillId, linkId: own.linkId, grantId: randomUUID(), redirectUri: 'https://app.example' },
        ...{ codeHash: Buffer.from(randomUUID()), codeExpiresAt: after(1), scopes: ['lights'], ...change },
      },
      NOW,
      deadline(),
    );

  test('is pending, can be redeemed, and cancels what was held in its domain', async () => {
    await end(await implicit(), after(3));
    const codeHash = Buffer.from('again');
    expect(await again({ codeHash })).toBe(true);
    expect(await scratch.sql('SELECT state FROM linkbroker.upstream_revocations')).toEqual([{ state: 'cancelled' }]);
    const secrets = { secretHash: SECRET, accessSecretHash: SECRET, signingKeyId: 1, now: NOW };
    const redemption = { skillId: own.skillId, codeHash, redirectUri: 'https://app.example', codeChallenge: null };
    const redeemed = await grants.redeem(own.tenantId, { ...redemption, ...secrets }, deadline());
    expect(redeemed).toMatchObject({ linkId: own.linkId, scopes: ['lights'] });
  });

  test('is not made of a link of another skill or tenant, or whose sign-in has ended', async () => {
    const other = await createTenantFixture(scratch);
    expect(await again({ linkId: other.linkId })).toBe(false);
    expect(await again({ skillId: other.skillId })).toBe(false);
    expect(await again({}, other.tenantId)).toBe(false);
    await scratch.sql(`UPDATE linkbroker.upstream_token_sets SET state = 'dead' WHERE id = $1`, [own.tokenSetId]);
    expect(await again()).toBe(false);
    expect(await scratch.sql('SELECT 1 FROM linkbroker.grants')).toEqual([]);
  });
});
