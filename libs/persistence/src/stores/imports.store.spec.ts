import { randomBytes, randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { ForeignTokensStore, ImportedLinksStore, ImportsStore, type AuditEntry, type StagedLine } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

const NOW = new Date('2026-11-23T00:00:00Z');
const LATER = new Date('2027-06-01T00:00:00Z');
const deadline = () => performance.now() + 10_000;

let scratch: ScratchDatabase;
let own: TenantFixture;
let other: TenantFixture;
let imports: ImportsStore;
let lines: ImportedLinksStore;
let tokens: ForeignTokensStore;
beforeAll(async () => {
  scratch = await createScratchDatabase();
  imports = new ImportsStore((await scratch.open('admin')).dataSource);
  lines = new ImportedLinksStore((await scratch.open('worker')).database);
  tokens = new ForeignTokensStore((await scratch.open('broker')).database);
  own = await createTenantFixture(scratch);
  other = await createTenantFixture(scratch);
});
afterAll(() => scratch.close());

const audit: AuditEntry = {
  ...{ at: NOW, actor: { kind: 'command', id: null, label: 'test' }, action: 'import.test', subject: 'import' },
  ...{ diff: {}, address: null },
};

async function begin({ tenantId, skillId, connectorId } = own): Promise<string> {
  const id = randomUUID();
  await imports.create(tenantId, { id, skillId, connectorId, keepUntil: LATER, by: 'test', now: NOW }, audit);
  return id;
}

/** A line whose access token lives, so that it can be proved at once. */
const lineOf = (sha256: Buffer, subject: string): StagedLine => ({
  ...{ id: randomUUID(), setId: randomUUID(), line: 1, subject, fingerprint: randomBytes(32).toString('hex') },
  ...{ scopes: ['lights'], linkedAt: null, refresh: [sha256.toString('hex')], access: [], setScopes: ['openid'] },
  ...{ hasRefreshToken: true, accessExpiresAt: LATER, activeDueAt: LATER, dueAt: LATER, sealed: randomBytes(40) },
});

async function staged(subject = randomUUID()): Promise<{ id: string; line: StagedLine; sha256: Buffer }> {
  const id = await begin();
  const sha256 = randomBytes(32);
  const line = lineOf(sha256, subject);
  expect(await imports.stage(own.tenantId, id, [line], { now: NOW, dry: false })).toEqual([
    { line: 1, outcome: 'staged' },
  ]);
  return { id, line, sha256 };
}

const claim = () => lines.claim(NOW, { limit: 10, perConnector: 10, leaseMs: 60_000 }, deadline());
const adoption = (line: StagedLine) => ({
  ...{ id: line.id, subject: line.subject, domain: randomBytes(32), version: 2, sealed: randomBytes(40) },
  ...{ activeDueAt: LATER, dormantDueAt: LATER, newLinkId: randomUUID(), grantIds: [randomUUID()] },
});
const find = (sha256: Buffer, { tenantId, skillId } = own) =>
  tokens.find(tenantId, skillId, { kinds: ['refresh'], sha256 }, deadline());

describe('as the wrong tenant', () => {
  test('an import is neither found, added to, started nor given up', async () => {
    const { id, line } = await staged();
    expect(await imports.find(other.tenantId, id)).toBeUndefined();
    expect(await imports.stage(other.tenantId, id, [line], { now: NOW, dry: false })).toBeUndefined();
    expect(await imports.start(other.tenantId, id, NOW, audit)).toBe(false);
    expect(await imports.cancel(other.tenantId, id, NOW, () => audit)).toBeUndefined();
    expect(await imports.find(own.tenantId, id)).toMatchObject({ pending: 1, startedAt: null, cancelledAt: null });
  });

  test('a line is neither adopted, refused nor put off, and its token is nothing', async () => {
    const { id, line, sha256 } = await staged();
    expect(await lines.adopt(other.tenantId, adoption(line), NOW, deadline())).toBeUndefined();
    expect(await lines.refuse(other.tenantId, line.id, 'theft', NOW, deadline())).toBe(false);
    await lines.postpone(other.tenantId, line.id, 'theft', LATER, deadline());
    expect(await imports.find(own.tenantId, id)).toMatchObject({ pending: 1, held: 0, refused: 0 });
    expect(await find(sha256, other)).toBeUndefined();
    expect(await find(sha256, { ...other, skillId: own.skillId })).toBeUndefined();
    expect(await find(sha256)).toMatchObject({ state: 'pending', grantId: null });
  });

  test('a grant is given no secret', async () => {
    const { id, line, sha256 } = await staged();
    await imports.start(own.tenantId, id, NOW, audit);
    await claim();
    expect(await lines.adopt(own.tenantId, adoption(line), NOW, deadline())).toEqual(expect.any(String));
    const { grantId } = (await find(sha256))!;
    const grant = { grantId: grantId!, secretHash: randomBytes(32), accessSecretHash: randomBytes(32), now: NOW };
    expect(await tokens.claimGrant(other.tenantId, { ...grant, skillId: other.skillId }, deadline())).toBe(false);
    expect(await tokens.claimGrant(own.tenantId, { ...grant, skillId: own.skillId }, deadline())).toBe(true);
    expect(await tokens.claimGrant(own.tenantId, { ...grant, skillId: own.skillId }, deadline())).toBe(false);
    expect(await find(sha256)).toMatchObject({ state: 'adopted', used: true });
  });
});

test('a line is claimed once its import was started, and by one at a time', async () => {
  const { id } = await staged();
  const ofImport = async () => (await claim()).filter(({ tokens: count }) => count === 1).length;
  expect(await ofImport()).toBe(0);
  expect(await imports.start(own.tenantId, id, NOW, audit)).toBe(true);
  expect(await ofImport()).toBe(1);
  expect(await ofImport()).toBe(0);
});

test('a set that has moved on since it was read is not taken over', async () => {
  const { id, line } = await staged();
  await imports.start(own.tenantId, id, NOW, audit);
  await scratch.sql('UPDATE linkbroker.upstream_token_sets SET version = 2 WHERE id = $1', [line.setId]);
  expect(await lines.adopt(own.tenantId, adoption(line), NOW, deadline())).toBeUndefined();
  expect(await imports.find(own.tenantId, id)).toMatchObject({ pending: 1, adopted: 0 });
});

test('the admin app adds and removes staged sets only', async () => {
  const { dataSource } = await scratch.open('admin');
  const asOwn = (text: string, values: unknown[]) =>
    dataSource.transaction(async (manager) => {
      await manager.query(`SELECT set_config('linkbroker.tenant_id', $1, true)`, [own.tenantId]);
      return manager.query<[unknown[], number]>(text, values);
    });
  const insert = `INSERT INTO linkbroker.upstream_token_sets (id, tenant_id, connector_id, subject, scopes, has_refresh_token,
    version, fence, sealed, updated_at, staged) VALUES ($1, $2, $3, 'x', '{}', true, 1, 1, '', now(), false)`;
  await expect(asOwn(insert, [randomUUID(), own.tenantId, own.connectorId])).rejects.toThrow(/row-level security/);
  const [gone] = await asOwn('DELETE FROM linkbroker.upstream_token_sets WHERE NOT staged RETURNING id', []);
  expect(gone).toEqual([]);
});
