import { randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { EventGrantsStore, type EventGrantAttempt, type EventGrantBegun } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

let scratch: ScratchDatabase;
let broker: EventGrantsStore;
let worker: EventGrantsStore;
let own: TenantFixture;
let other: TenantFixture;
const NOW = new Date('2026-11-22T12:00:00Z');
const deadline = () => performance.now() + 10_000;
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const code = (name: string) => Buffer.from(name.padEnd(32));

beforeAll(async () => {
  scratch = await createScratchDatabase();
  broker = new EventGrantsStore((await scratch.open('broker')).database);
  worker = new EventGrantsStore((await scratch.open('worker')).database);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  await scratch.sql('DELETE FROM linkbroker.event_grants');
  own = await createTenantFixture(scratch);
  other = await createTenantFixture(scratch);
});

const attempt = (change: Partial<EventGrantAttempt> = {}): EventGrantAttempt => ({
  skillId: own.skillId,
  linkId: own.linkId,
  newId: randomUUID(),
  code: code('one'),
  keepMs: 600_000,
  leaseMs: 30_000,
  ...change,
});
const begin = (change: Partial<EventGrantAttempt> = {}, now = NOW) =>
  broker.begin(own.tenantId, attempt(change), now, deadline());

async function claimed(change: Partial<EventGrantAttempt> = {}, now = NOW) {
  const begun: EventGrantBegun = await begin(change, now);
  if (begun.kind !== 'claimed') throw new Error(`it is ${begun.kind}`);
  return begun;
}
type Claimed = Awaited<ReturnType<typeof claimed>>;

const tokens = ({ id, fence, version }: Claimed, given: Buffer | null = code('one')) => ({
  ...{ id, fence, version: version + 1, sealed: Buffer.from(`tokens ${String(version + 1)}`), code: given },
  ...{ accessExpiresAt: later(60), activeDueAt: later(50), dormantDueAt: later(10_000) },
});
const finish = (begun: Claimed, given?: Buffer | null, now = NOW) =>
  broker.finish(own.tenantId, tokens(begun, given), now, deadline());
const fail = (
  { id, fence }: { readonly id: string; readonly fence: number },
  outcome: 'terminal' | 'transient' | 'misconfigured' | 'not-sent' = 'transient',
  dueAt: Date | null = null,
  now = NOW,
) => broker.fail(own.tenantId, { id, fence, outcome, errorCode: null, dueAt }, now, deadline());

const rows = () =>
  scratch.sql<Record<string, unknown>>('SELECT * FROM linkbroker.event_grants ORDER BY created_at, link_id');

/** A link is in use, and its skill may send events. */
async function inUse(fixture: TenantFixture): Promise<string> {
  const id = randomUUID();
  await scratch.sql(
    `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, code_hash, redirect_uri, scopes)
     VALUES ($1, $2, $3, $4, $5, $5, $5, $6, 'https://a.example', '{}')`,
    [id, fixture.tenantId, fixture.skillId, fixture.linkId, NOW, Buffer.from(id)],
  );
  await scratch.sql(
    `UPDATE linkbroker.skills SET events = '{"clientId":"lwa","region":"na"}', events_secret = '\\x0102' WHERE id = $1`,
    [fixture.skillId],
  );
  return id;
}

describe('a code', () => {
  test('is exchanged by one caller at a time', async () => {
    const begun = await Promise.all(Array.from({ length: 10 }, () => begin()));
    expect(begun.map(({ kind }) => kind).sort()).toEqual(['claimed', ...Array.from({ length: 9 }, () => 'under-way')]);
    expect(await rows()).toMatchObject([{ state: 'pending', fence: 1, sealed: null }]);
  });

  test('that was accepted is known again for a while', async () => {
    expect(await finish(await claimed())).toBe(true);
    expect(await begin({}, later(9))).toEqual({ kind: 'accepted' });
    expect(await begin({}, later(11))).toMatchObject({ kind: 'claimed', version: 1 });
  });

  test('that brought nothing leaves no grant, and may be tried again', async () => {
    const begun = await claimed();
    expect(await fail(begun)).toBeNull();
    expect(await rows()).toEqual([]);
    expect(await begin()).toMatchObject({ kind: 'claimed' });
  });

  test('whose exchange died may be tried again when its lease is over', async () => {
    const first = await claimed({ leaseMs: 0 });
    const second = await claimed();
    expect(second).toMatchObject({ id: first.id, fence: 2 });
    expect(await finish(first)).toBe(false);
    expect(await finish(second)).toBe(true);
  });

  test('that is new goes before one that is under way', async () => {
    const slow = await claimed();
    const fast = await claimed({ code: code('two') });
    expect(await finish(fast, code('two'))).toBe(true);
    expect(await finish(slow)).toBe(false);
    expect(await fail(slow)).toBeNull();
    expect(await rows()).toMatchObject([{ version: 1, state: 'active', attempt_outcome: 'stored' }]);
  });

  test('that fails says nothing about the tokens that are there', async () => {
    await finish(await claimed());
    const [before] = await rows();
    expect(await fail(await claimed({ code: code('two') }), 'terminal')).toBe('active');
    expect(await rows()).toMatchObject([
      { state: 'active', sealed: before!['sealed'], failures: 0, refresh_due_at: before!['refresh_due_at'] },
    ]);
  });
});

describe('what is due', () => {
  const claimDue = (now: Date, limit = 10, leaseMs = 30_000) => worker.claimDue(now, { limit, leaseMs }, deadline());
  /** Tokens that are there and in use. */
  const given = async () => {
    const grantId = await inUse(own);
    await finish(await claimed());
    return grantId;
  };

  test('is claimed by one worker, with the client it is refreshed with', async () => {
    await given();
    expect(await claimDue(later(49))).toEqual([]);
    const claims = await Promise.all(Array.from({ length: 5 }, () => claimDue(later(51))));
    expect(claims.flat()).toEqual([
      {
        ...{ tenantId: own.tenantId, skillId: own.skillId, linkId: own.linkId, id: expect.any(String) as string },
        ...{ version: 1, fence: 2, failures: 0, state: 'active', sealed: Buffer.from('tokens 1') },
        ...{ clientId: 'lwa', sealedClientSecret: Buffer.from([1, 2]) },
      },
    ]);
  });

  test('is stored where nothing newer came, and due again', async () => {
    await given();
    const [grant] = await claimDue(later(51));
    const answer = { ...tokens({ kind: 'claimed', ...grant! }, null), activeDueAt: later(100) };
    const fenceOf = (change: number) => ({ ...answer, fence: answer.fence + change });
    expect(await worker.finish(own.tenantId, fenceOf(-1), later(51), deadline())).toBe(false);
    expect(await worker.finish(own.tenantId, answer, later(51), deadline())).toBe(true);
    expect(await rows()).toMatchObject([{ version: 2, refresh_due_at: later(100), accepted_code_hash: code('one') }]);
  });

  test('is left to a new AcceptGrant, which goes before a refresh', async () => {
    await given();
    const [grant] = await claimDue(later(51));
    expect(await finish(await claimed({ code: code('two') }, later(51)), code('two'), later(51))).toBe(true);
    const answer = tokens({ kind: 'claimed', ...grant! }, null);
    expect(await worker.finish(own.tenantId, answer, later(51), deadline())).toBe(false);
  });

  test('is wiped where no living grant leads to it', async () => {
    const grantId = await given();
    await scratch.sql('UPDATE linkbroker.grants SET revoked_at = now() WHERE id = $1', [grantId]);
    expect(await claimDue(later(51))).toEqual([]);
    expect(await rows()).toMatchObject([{ state: 'ended', sealed: null, refresh_due_at: null }]);
  });

  test('waits while its skill has no permission', async () => {
    await given();
    await scratch.sql('UPDATE linkbroker.skills SET events = NULL, events_secret = NULL WHERE id = $1', [own.skillId]);
    expect(await claimDue(later(51))).toEqual([]);
    expect(await rows()).toMatchObject([{ state: 'active', refresh_due_at: later(111) }]);
  });

  test('is due again soon where its claimer died', async () => {
    await given();
    expect(await claimDue(later(51), 10, 0)).toHaveLength(1);
    expect(await claimDue(later(52))).toEqual([]);
    expect(await claimDue(later(57))).toHaveLength(1);
  });

  test('is at risk at a first refusal, and dead at a second one six hours later', async () => {
    await given();
    const refuse = async (minutes: number) => {
      const [grant] = await claimDue(later(minutes));
      return fail(grant!, 'terminal', later(minutes), later(minutes));
    };
    expect(await refuse(51)).toBe('at_risk');
    expect(await refuse(60)).toBe('at_risk');
    expect(await refuse(51 + 361)).toBe('dead');
    expect(await rows()).toMatchObject([{ state: 'dead', refresh_due_at: null }]);
    expect(await finish(await claimed({ code: code('two') }), code('two'))).toBe(true);
    expect(await rows()).toMatchObject([{ state: 'active', terminal_count: 0 }]);
  });

  test('does not die while every other grant of the skill fails as well', async () => {
    await given();
    const linkId = randomUUID();
    await scratch.sql(
      `INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id) VALUES ($1, $2, $3, $4, 'sub-2', $5)`,
      [linkId, own.tenantId, own.skillId, own.connectorId, own.tokenSetId],
    );
    await inUse({ ...own, linkId });
    await finish(await claimed({ linkId }));
    const refuseAll = async (minutes: number) => {
      const grants = await claimDue(later(minutes));
      const states = [];
      for (const grant of grants) states.push(await fail(grant, 'terminal', later(minutes), later(minutes)));
      return states;
    };
    expect(await refuseAll(51)).toEqual(['at_risk', 'at_risk']);
    expect(await refuseAll(51 + 361)).toEqual(['at_risk', 'at_risk']);
  });
});

describe('tokens that a household has taken back', () => {
  const stop = (id: string) => broker.stop(own.tenantId, { id, version: 1 }, deadline());

  test('are wiped, also where an exchange has died', async () => {
    await finish(await claimed());
    const { id } = await claimed({ code: code('two'), leaseMs: 0 });
    expect(await stop(id)).toBe(true);
    expect(await rows()).toMatchObject([{ state: 'ended', sealed: null, refresh_due_at: null }]);
  });

  test('are left alone while a new code is exchanged, or when newer ones have come', async () => {
    await finish(await claimed());
    const second = await claimed({ code: code('two') });
    expect(await stop(second.id)).toBe(false);
    await finish(second, code('two'));
    expect(await stop(second.id)).toBe(false);
    expect(await rows()).toMatchObject([{ state: 'active', version: 2 }]);
  });
});

describe('as the wrong tenant', () => {
  test("another tenant's link gets no grant", async () => {
    await expect(broker.begin(other.tenantId, attempt(), NOW, deadline())).rejects.toThrow(/foreign key/);
  });

  test("another tenant's attempt is neither finished nor ended", async () => {
    const begun = await claimed();
    expect(await broker.finish(other.tenantId, tokens(begun), NOW, deadline())).toBe(false);
    const end = { id: begun.id, fence: begun.fence, outcome: 'transient', errorCode: null, dueAt: null } as const;
    expect(await broker.fail(other.tenantId, end, NOW, deadline())).toBeNull();
    expect(await rows()).toMatchObject([{ state: 'pending', fence: 1 }]);
  });

  test("another tenant's tokens are not found, leased, noted or stopped", async () => {
    await inUse(own);
    await finish(await claimed());
    const link = { tenantId: own.tenantId, skillId: own.skillId, linkId: own.linkId };
    const found = await broker.find(link, NOW, deadline());
    expect(found).toMatchObject({ version: 1, state: 'active', region: 'na', clientId: 'lwa' });
    expect(await broker.find({ ...link, tenantId: other.tenantId }, NOW, deadline())).toBeUndefined();
    expect(await broker.find({ ...link, skillId: other.skillId }, NOW, deadline())).toBeUndefined();
    const { id } = found!;
    const before = await rows();
    expect(await broker.lease(other.tenantId, { id, version: 1, leaseMs: 1_000 }, deadline())).toBeUndefined();
    await broker.use(other.tenantId, { id, region: 'fe' }, later(120), deadline());
    expect(await broker.stop(other.tenantId, { id, version: 1 }, deadline())).toBe(false);
    expect(await rows()).toEqual(before);
    expect(await broker.lease(own.tenantId, { id, version: 2, leaseMs: 1_000 }, deadline())).toBeUndefined();
    expect(await broker.lease(own.tenantId, { id, version: 1, leaseMs: 30_000 }, deadline())).toBe(2);
    expect(await broker.lease(own.tenantId, { id, version: 1, leaseMs: 30_000 }, deadline())).toBeUndefined();
  });
});
