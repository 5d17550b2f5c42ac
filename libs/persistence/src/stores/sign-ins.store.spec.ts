import type { TenantId } from '@linkbroker/contracts';
import { randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { RevocationsStore, SignInsStore, type ScannedSignIn } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

const NOW = new Date('2026-11-01T00:00:00Z');
const BEFORE = new Date('2026-10-01T00:00:00Z');
const LONG_AGO = new Date('2026-09-01T00:00:00Z');
const FIRST = '00000000-0000-0000-0000-000000000000';
const deadline = () => performance.now() + 10_000;

let scratch: ScratchDatabase;
let own: TenantFixture;
let signIns: SignInsStore;
let revocations: RevocationsStore;
beforeAll(async () => {
  scratch = await createScratchDatabase();
  const { database } = await scratch.open('worker');
  signIns = new SignInsStore(database);
  revocations = new RevocationsStore(database);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  await scratch.sql('TRUNCATE linkbroker.upstream_token_sets, linkbroker.upstream_refresh_attempts CASCADE');
  own = await createTenantFixture(scratch);
  await scratch.sql(`UPDATE linkbroker.connectors SET revoke_upstream = 'last-link' WHERE id = $1`, [own.connectorId]);
  await scratch.sql('UPDATE linkbroker.upstream_token_sets SET domain = $2, updated_at = $3 WHERE id = $1', [
    own.tokenSetId,
    Buffer.alloc(32, 7),
    LONG_AGO,
  ]);
});

const link = async (): Promise<string> => {
  const id = randomUUID();
  await scratch.sql(
    `INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id) VALUES ($1, $2, $3, $4, $5, $6)`,
    [id, own.tenantId, own.skillId, own.connectorId, id, own.tokenSetId],
  );
  return id;
};
const grant = (linkId: string, redeemed: Date | null, revoked: Date | null, used: Date | null = null) =>
  scratch.sql(
    `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_hash, code_consumed_at, generation_at, redirect_uri, scopes, revoked_at)
     VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, 'r', '{}', $9)`,
    [
      ...[randomUUID(), own.tenantId, own.skillId, linkId, LONG_AGO, Buffer.from(randomUUID())],
      ...[redeemed, used, revoked],
    ],
  );
const scan = () => signIns.scan(FIRST, 100, BEFORE, NOW, deadline());
const mine = async (): Promise<ScannedSignIn | undefined> =>
  (await scan()).find(({ setId }) => setId === own.tokenSetId);
const hold = (tenantId: TenantId = own.tenantId) => signIns.hold(tenantId, own.tokenSetId, NOW, deadline());

test('a sign-in whose last grant ended is found, held once, and then carried out', async () => {
  await grant(await link(), LONG_AGO, LONG_AGO);
  expect(await mine()).toMatchObject({ live: 0, endedAt: LONG_AGO, asked: false, revokeUpstream: 'last-link' });
  expect(await hold()).toBe(true);
  expect(await hold()).toBe(false);
  expect(await mine()).toMatchObject({ live: 0, asked: true });
  const later = new Date(NOW.getTime() + 3_601_000);
  expect(await revocations.claim(NOW, later, deadline())).toBeUndefined();
  expect(await revocations.claim(later, new Date(later.getTime() + 60_000), deadline())).toMatchObject({
    tokenSetId: own.tokenSetId,
  });
});

test('one that was never finished has no link and is found by its age', async () => {
  expect(await mine()).toMatchObject({ live: 0, endedAt: null });
  expect(await hold()).toBe(true);
});

test('one that any link of its domain needs is left alone', async () => {
  const id = await link();
  await grant(id, LONG_AGO, LONG_AGO);
  await grant(await link(), LONG_AGO, null);
  expect(await mine()).toMatchObject({ live: 1, superseded: 0 });
  expect(await hold()).toBe(false);
});

test('an older grant beside a newer one is told, unless it was used since', async () => {
  const id = await link();
  const later = new Date(LONG_AGO.getTime() + 1_000);
  await grant(id, LONG_AGO, null);
  await grant(id, later, null);
  expect(await mine()).toMatchObject({ live: 2, superseded: 1 });
  await scratch.sql('UPDATE linkbroker.grants SET generation_at = $1 WHERE code_consumed_at = $2', [NOW, LONG_AGO]);
  expect(await mine()).toMatchObject({ live: 2, superseded: 0 });
});

test('one that the connector does not revoke, and one of another tenant, cannot be held', async () => {
  const other = await createTenantFixture(scratch);
  expect(await hold(other.tenantId)).toBe(false);
  await scratch.sql(`UPDATE linkbroker.connectors SET revoke_upstream = 'never' WHERE id = $1`, [own.connectorId]);
  expect(await mine()).toMatchObject({ revokeUpstream: 'never' });
  expect(await hold()).toBe(false);
});

test('pages follow each other to the end', async () => {
  for (let count = 0; count < 4; count += 1) await createTenantFixture(scratch);
  const [all] = await scratch.sql<{ ids: string[] }>(
    'SELECT array_agg(id ORDER BY id) AS ids FROM linkbroker.upstream_token_sets',
  );
  const seen: string[] = [];
  for (let after = FIRST; ;) {
    const page = await signIns.scan(after, 2, BEFORE, NOW, deadline());
    const last = page.at(-1);
    if (!last) break;
    seen.push(last.setId);
    after = last.setId;
  }
  expect(seen).toEqual(all!.ids.filter((_, index) => index % 2 === 1 || index === all!.ids.length - 1));
});
