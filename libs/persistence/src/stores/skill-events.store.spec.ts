import { randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { createWebhook, eventsOf } from '../../test/webhook-fixture.js';
import { HousekeepingStore, SkillEventsStore, TimelineReader } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

let scratch: ScratchDatabase;
let store: SkillEventsStore;
let housekeeping: HousekeepingStore;
let own: TenantFixture;
let other: TenantFixture;
const NOW = new Date('2026-11-22T12:00:00Z');
const deadline = () => performance.now() + 10_000;
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const ALICE = Buffer.from('alice'.padEnd(32));
const BOB = Buffer.from('bob'.padEnd(32));

beforeAll(async () => {
  scratch = await createScratchDatabase();
  store = new SkillEventsStore((await scratch.open('broker')).database);
  housekeeping = new HousekeepingStore((await scratch.open('worker')).database);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  own = await createTenantFixture(scratch);
  other = await createTenantFixture(scratch);
});

/** A grant that Alexa holds tokens of, made so many minutes from now. */
async function grant(minutes = -60, fixture = own): Promise<string> {
  const id = randomUUID();
  await scratch.sql(
    `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, code_hash, redirect_uri, scopes)
     VALUES ($1, $2, $3, $4, $5, $5, $5, $6, 'https://a.example', '{}')`,
    [id, fixture.tenantId, fixture.skillId, fixture.linkId, at(minutes), Buffer.from(id)],
  );
  return id;
}

interface Change {
  readonly requestId?: string;
  readonly user?: Buffer;
  readonly fixture?: TenantFixture;
}
const tie = (
  grantId: string,
  minutes: number,
  { requestId = randomUUID(), user = ALICE, fixture = own }: Change = {},
) =>
  store.tie(fixture.tenantId, { skillId: fixture.skillId, requestId, user, grantId, at: at(minutes) }, NOW, deadline());
const disable = (minutes: number, { requestId = randomUUID(), user = ALICE, fixture = own }: Change = {}) =>
  store.disable(fixture.tenantId, { skillId: fixture.skillId, requestId, user, at: at(minutes) }, NOW, deadline());

async function ended(...ids: readonly string[]): Promise<boolean[]> {
  const rows = await scratch.sql<{ id: string; revoked_at: Date | null; revoke_reason: string | null }>(
    'SELECT id, revoked_at, revoke_reason FROM linkbroker.grants WHERE id = ANY ($1)',
    [ids],
  );
  return ids.map((id) => {
    const row = rows.find((one) => one.id === id);
    expect(row?.revoke_reason ?? null).toBe(row?.revoked_at ? 'skill disabled' : null);
    return row?.revoked_at !== null;
  });
}
const tied = (grantId: string, fixture = own) => ({ grantId, linkId: fixture.linkId });

describe('a disabled skill', () => {
  test('ends what its user had linked, tells the tenant, and holds the revocation at the provider', async () => {
    await createWebhook(scratch, own, ['link.revoked']);
    await scratch.sql(`UPDATE linkbroker.connectors SET revoke_upstream = 'last-link' WHERE id = $1`, [
      own.connectorId,
    ]);
    await scratch.sql('UPDATE linkbroker.upstream_token_sets SET domain = $2 WHERE id = $1', [own.tokenSetId, ALICE]);
    const grantId = await grant();
    expect(await tie(grantId, -59)).toEqual({ ties: [tied(grantId)], ended: [] });
    expect(await disable(0)).toEqual({ ties: [tied(grantId)], ended: [tied(grantId)] });
    expect(await ended(grantId)).toEqual([true]);
    expect(await eventsOf(scratch, own.tenantId)).toMatchObject([
      { type: 'link.revoked', data: { reason: 'skill disabled' } },
    ]);
    const held = await scratch.sql('SELECT state FROM linkbroker.upstream_revocations WHERE token_set_id = $1', [
      own.tokenSetId,
    ]);
    expect(held).toEqual([{ state: 'held' }]);
  });

  test('ends every grant of that user, and none of another user or skill', async () => {
    const [first, second, bobs] = [await grant(), await grant(-30), await grant()];
    await tie(first, -59);
    await tie(second, -29);
    await tie(bobs, -59, { user: BOB });
    const elsewhere = await grant(-60, other);
    await tie(elsewhere, -59, { fixture: other });
    const done = await disable(0);
    expect(new Set(done?.ended.map(({ grantId }) => grantId))).toEqual(new Set([first, second]));
    expect(await ended(first, second, bobs, elsewhere)).toEqual([true, true, false, false]);
  });

  test.each([
    ['linked after it', 5, 6],
    ['linked at that very moment', -1, 0],
    ['made after it by our clock', 1, -1],
  ])('keeps a grant that was %s', async (_, made, linked) => {
    const grantId = await grant(made);
    await tie(grantId, linked);
    expect(await disable(0)).toEqual({ ties: [tied(grantId)], ended: [] });
    expect(await ended(grantId)).toEqual([false]);
  });

  test('of a user whom nobody knows changes nothing', async () => {
    const grantId = await grant();
    expect(await disable(0)).toEqual({ ties: [], ended: [] });
    expect(await ended(grantId)).toEqual([false]);
  });

  test('that is told before the link ends the link as soon as it is known, and no later one', async () => {
    const [before, after] = [await grant(-60), await grant(10)];
    await disable(0);
    await disable(-30);
    expect(await tie(after, 11)).toMatchObject({ ended: [] });
    expect(await tie(before, -59)).toMatchObject({ ended: [tied(before)] });
    expect(await ended(before, after)).toEqual([true, false]);
  });

  test('whose time is ahead of ours ends nothing that was linked after it came', async () => {
    const before = await grant(-10);
    await tie(before, -9);
    expect(await disable(2)).toMatchObject({ ended: [tied(before)] });
    const after = await grant(1);
    expect(await tie(after, 1)).toMatchObject({ ended: [] });
    // An older one that comes later does not make the first one's end later.
    await disable(-5);
    expect(await ended(before, after)).toEqual([true, false]);
  });

  test('and its link, told at the same time, end the same in whatever order they are written', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const user = Buffer.from(`user ${String(turn)}`.padEnd(32));
      const grantId = await grant();
      const both = [() => tie(grantId, -59, { user }), () => disable(0, { user })];
      await Promise.all((turn % 2 === 0 ? both : both.reverse()).map((tell) => tell()));
      expect(await ended(grantId)).toEqual([true]);
    }
  });
});

describe('an event', () => {
  test('is handled once, however often and at the same time it comes', async () => {
    const grantId = await grant();
    await tie(grantId, -59);
    const requestId = randomUUID();
    const told = await Promise.all(Array.from({ length: 10 }, () => disable(0, { requestId })));
    expect(told.filter((one) => one !== undefined)).toEqual([{ ties: [tied(grantId)], ended: [tied(grantId)] }]);
    const later = await grant(-50);
    await tie(later, -49, { user: BOB });
    expect(await disable(0, { requestId, user: BOB })).toBeUndefined();
    expect(await ended(later)).toEqual([false]);
    const seen = (id: string, { tenantId, skillId } = own) =>
      store.wasHandled(tenantId, { skillId, requestId: id }, deadline());
    expect([await seen(requestId), await seen('another'), await seen(requestId, other)]).toEqual([true, false, false]);
  });

  test('that changes nothing is noted, with what its user has linked', async () => {
    const grantId = await grant();
    await tie(grantId, -59);
    const note = { skillId: own.skillId, requestId: 'r-1', user: ALICE };
    expect(await store.note(own.tenantId, note, NOW, deadline())).toEqual({ ties: [tied(grantId)], ended: [] });
    expect(await store.note(own.tenantId, note, NOW, deadline())).toBeUndefined();
    const nobody = { ...note, requestId: 'r-2', user: null };
    expect(await store.note(own.tenantId, nobody, NOW, deadline())).toEqual({ ties: [], ended: [] });
  });

  test('that is newer says whose a grant is', async () => {
    const grantId = await grant();
    await tie(grantId, -10, { user: BOB });
    await tie(grantId, -20);
    expect(await disable(0)).toEqual({ ties: [], ended: [] });
    expect(await tie(grantId, -5)).toEqual({ ties: [tied(grantId)], ended: [tied(grantId)] });
    expect(await disable(0, { user: BOB })).toEqual({ ties: [], ended: [] });
  });

  test('is forgotten with its disablement when it is old, in batches', async () => {
    await scratch.sql('DELETE FROM linkbroker.skill_events');
    await scratch.sql('DELETE FROM linkbroker.skill_disablements');
    for (const user of [ALICE, BOB]) await disable(0, { user });
    const gone = [];
    for (const minutes of [0, 1, 1, 1]) gone.push(await housekeeping.forgetSkillEvents(at(minutes), 1, deadline()));
    expect(gone).toEqual([0, 1, 1, 0]);
    const left = await scratch.sql(
      'SELECT 1 FROM linkbroker.skill_events UNION ALL SELECT 1 FROM linkbroker.skill_disablements',
    );
    expect(left).toEqual([]);
  });
});

describe('as another tenant', () => {
  test('nobody’s grant is tied, ended or seen', async () => {
    const grantId = await grant();
    const foreign = { ...other, skillId: own.skillId };
    await expect(tie(grantId, -59, { fixture: foreign })).rejects.toThrow(/foreign key/);
    expect(await tie(grantId, -59, { fixture: other })).toEqual({ ties: [], ended: [] });
    await tie(grantId, -59);
    expect(await disable(0, { fixture: other })).toEqual({ ties: [], ended: [] });
    await expect(disable(0, { fixture: foreign })).rejects.toThrow(/foreign key/);
    const note = { skillId: own.skillId, requestId: randomUUID(), user: ALICE };
    await expect(store.note(other.tenantId, note, NOW, deadline())).rejects.toThrow(/foreign key/);
    expect(await store.note(other.tenantId, { ...note, skillId: other.skillId }, NOW, deadline())).toMatchObject({
      ties: [],
    });
    expect(await ended(grantId)).toEqual([false]);
    const reader = new TimelineReader((await scratch.open('admin')).dataSource);
    expect(await reader.linksOfAlexaUser(own.tenantId, ALICE)).toEqual([own.linkId]);
    expect(await reader.linksOfAlexaUser(other.tenantId, ALICE)).toEqual([]);
    expect(await reader.linksOfAlexaUser(own.tenantId, BOB)).toEqual([]);
  });

  test.each(['worker', 'admin'] as const)('%s handles no event', async (role) => {
    const { dataSource } = await scratch.open(role);
    const call = `SELECT linkbroker.disable_alexa_user($1, $2, 'r', $3, now(), now())`;
    await expect(dataSource.query(call, [own.tenantId, own.skillId, ALICE])).rejects.toThrow(/permission denied/);
  });
});
