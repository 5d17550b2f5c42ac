import type { TenantId } from '@linkbroker/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { RevocationsStore, TokenSetsStore, type Database, type SealedTokenSet } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

const LEASE_MS = 30_000;
const HOUR_MS = 3_600_000;
const deadline = () => performance.now() + 10_000;

let scratch: ScratchDatabase;
let sets: TokenSetsStore;
let others: TokenSetsStore;
let revocations: RevocationsStore;
let own: TenantFixture;
let worker: Database;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  sets = new TokenSetsStore((await scratch.open('broker')).database);
  worker = (await scratch.open('worker')).database;
  others = new TokenSetsStore(worker);
  revocations = new RevocationsStore(worker);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  own = await createTenantFixture(scratch);
});

const lease = (store = sets, version = 1) => {
  const attemptId = randomUUID();
  const asked = { setId: own.tokenSetId, version, attemptId, leaseMs: LEASE_MS };
  return store.lease(own.tenantId, asked, new Date(), deadline()).then((fence) => ({ fence, attemptId }));
};
const refreshed = (fence: number, attemptId: string, version = 2, change = {}) => ({
  ...{ setId: own.tokenSetId, fence, attemptId, version, scopes: ['openid'], hasRefreshToken: true },
  ...{ accessExpiresAt: new Date(Date.now() + HOUR_MS), refreshExpiresAt: null, activeDueAt: null, dormantDueAt: null },
  ...{ sealed: Buffer.from(`v${version}`) },
  ...change,
});
const relink = (version: number, change: Partial<SealedTokenSet> = {}): SealedTokenSet => ({
  ...{ id: own.tokenSetId, connectorId: own.connectorId, subject: 'sub-1', domain: Buffer.alloc(32, 1), version },
  ...{ scopes: ['openid'], hasRefreshToken: true, accessExpiresAt: null, refreshExpiresAt: null },
  ...{ freshRefreshToken: true, activeDueAt: null, dormantDueAt: null, sealed: Buffer.from('relinked'), ...change },
});
const find = () => sets.find(own.tenantId, own.tokenSetId, deadline());

describe('the lease of a token set', () => {
  test('is taken by one of many, in two processes', async () => {
    const all = await Promise.all(Array.from({ length: 40 }, (_, index) => lease(index % 2 ? sets : others)));
    expect(all.filter(({ fence }) => fence !== undefined)).toHaveLength(1);
    expect(await find()).toMatchObject({ leased: true, version: 1 });
    const journal = await scratch.sql('SELECT id FROM linkbroker.upstream_refresh_attempts WHERE token_set_id = $1', [
      own.tokenSetId,
    ]);
    expect(journal).toHaveLength(1);
  });

  test('is given back by the result, and the next version may be leased', async () => {
    const { fence = 0, attemptId } = await lease();
    expect(await sets.finish(own.tenantId, refreshed(fence, attemptId), new Date(), deadline())).toBe(true);
    expect(await find()).toMatchObject({ leased: false, version: 2, sealed: Buffer.from('v2') });
    expect((await lease(sets, 1)).fence).toBeUndefined();
    expect((await lease(sets, 2)).fence).toBe(fence + 1);
  });

  test('runs out by the clock of the database, and its late owner stores nothing', async () => {
    const first = await lease();
    await scratch.sql(
      `UPDATE linkbroker.upstream_token_sets SET lease_until = clock_timestamp() - interval '1 ms' WHERE id = $1`,
      [own.tokenSetId],
    );
    const stale = { setId: own.tokenSetId, fence: first.fence ?? 0, attemptId: first.attemptId };
    expect(await sets.markSent(own.tenantId, stale, deadline())).toBe(false);
    const second = await lease(others);
    expect(second.fence).toBe((first.fence ?? 0) + 1);
    const late = refreshed(first.fence ?? 0, first.attemptId);
    expect(await sets.finish(own.tenantId, late, new Date(), deadline())).toBe(false);
    expect(
      await others.finish(own.tenantId, refreshed(second.fence ?? 0, second.attemptId), new Date(), deadline()),
    ).toBe(true);
    const outcomes = await scratch.sql<{ outcome: string }>(
      'SELECT outcome FROM linkbroker.upstream_refresh_attempts WHERE token_set_id = $1 ORDER BY fence',
      [own.tokenSetId],
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['superseded', 'stored']);
  });

  test('is not to be had before the time that a failure left', async () => {
    const { fence = 0, attemptId } = await lease();
    const retryAt = new Date(Date.now() + HOUR_MS);
    const ended = { setId: own.tokenSetId, fence, attemptId, errorCode: null, retryAt, dueAt: null };
    await sets.fail(own.tenantId, { ...ended, outcome: 'transient' }, new Date(), deadline());
    expect((await lease()).fence).toBeUndefined();
    const asked = { setId: own.tokenSetId, version: 1, attemptId: randomUUID(), leaseMs: LEASE_MS };
    expect(await sets.lease(own.tenantId, asked, retryAt, deadline())).toBe(fence + 1);
  });

  test('is overtaken by a re-link, whose tokens stay', async () => {
    const { fence = 0, attemptId } = await lease();
    await sets.store(own.tenantId, relink(2), new Date(), deadline());
    expect(await sets.finish(own.tenantId, refreshed(fence, attemptId), new Date(), deadline())).toBe(false);
    expect(await find()).toMatchObject({ leased: false, version: 2, sealed: Buffer.from('relinked') });
  });
});

describe('a set written by many at once', () => {
  test('is never an error, however its rewriting meets its looking up', async () => {
    for (let version = 2; version < 40; version += 1) {
      const stored = await Promise.all(
        Array.from({ length: 8 }, () => sets.store(own.tenantId, relink(version), new Date(), deadline())),
      );
      expect(stored.filter((issued) => issued !== undefined)).toHaveLength(1);
    }
  });

  test('takes each version once', async () => {
    const stored = await Promise.all(
      Array.from({ length: 20 }, () => sets.store(own.tenantId, relink(2), new Date(), deadline())),
    );
    expect(stored.filter((issued) => issued !== undefined)).toEqual([1]);
    expect(await sets.store(own.tenantId, relink(3), new Date(), deadline())).toBe(2);
    expect(await sets.store(own.tenantId, relink(4, { freshRefreshToken: false }), new Date(), deadline())).toBe(2);
  });
});

describe('terminal answers', () => {
  const start = new Date('2026-11-22T12:00:00Z');
  const at = (hours: number) => new Date(start.getTime() + hours * HOUR_MS);
  const refuse = async (now: Date, outcome: 'terminal' | 'transient' = 'terminal') => {
    const { fence = 0, attemptId } = await lease();
    const ended = {
      setId: own.tokenSetId,
      fence,
      attemptId,
      outcome,
      errorCode: 'invalid_grant',
      retryAt: null,
      dueAt: null,
    };
    return (await sets.fail(own.tenantId, ended, now, deadline())).state;
  };
  const livesUntil = (moment: Date) =>
    scratch.sql('UPDATE linkbroker.upstream_token_sets SET access_expires_at = $2 WHERE id = $1', [
      own.tokenSetId,
      moment,
    ]);
  /** Another household's set of the same connector. */
  const neighbour = (changes: string) =>
    scratch.sql(
      `INSERT INTO linkbroker.upstream_token_sets (id, tenant_id, connector_id, subject, scopes, has_refresh_token, version, fence, sealed, updated_at, last_error)
       SELECT gen_random_uuid(), tenant_id, connector_id, gen_random_uuid()::text, '{}', true, 1, 1, '', ${changes}
       FROM linkbroker.upstream_token_sets WHERE id = $1`,
      [own.tokenSetId],
    );

  test.each([
    ['one', [0], 100, 'at_risk'],
    ['two within six hours while the access token lives', [0, 5.9], 100, 'at_risk'],
    ['two six hours apart', [0, 6], 100, 'dead'],
    ['two after the access token ran out', [1, 1.1], 1, 'dead'],
    ['two at the same moment', [1, 1], 1, 'at_risk'],
  ])('%s: %j hours, access token until %d, leave it %s…', async (_name, hours, life, expected) => {
    await livesUntil(at(life));
    let state: string | null = null;
    for (const hour of hours) state = await refuse(at(hour));
    expect(state).toBe(expected);
  });

  test('are no evidence while everybody else of the connector fails', async () => {
    await livesUntil(at(0));
    await neighbour(`timestamptz '2026-11-22T11:00:00Z', 'invalid_grant'`);
    await refuse(at(1));
    expect(await refuse(at(8))).toBe('at_risk');
    await neighbour(`timestamptz '2026-11-22T21:00:00Z', NULL`);
    expect(await refuse(at(15))).toBe('dead');
  });

  test('are forgotten after a success, and transient ones never count', async () => {
    await livesUntil(at(0));
    await refuse(at(1), 'transient');
    expect(await refuse(at(9), 'transient')).toBe('active');
    expect(await refuse(at(10))).toBe('at_risk');
    const { fence = 0, attemptId } = await lease();
    await sets.finish(own.tenantId, refreshed(fence, attemptId), at(11), deadline());
    expect(await find()).toMatchObject({ state: 'active' });
  });

  test('leave a dead set that nobody leases any more', async () => {
    await livesUntil(at(0));
    await refuse(at(1));
    expect(await refuse(at(8))).toBe('dead');
    expect((await lease()).fence).toBeUndefined();
    await sets.store(own.tenantId, relink(2), new Date(), deadline());
    expect((await lease(sets, 2)).fence).toBeDefined();
  });
});

describe('the revocation of a domain', () => {
  const now = new Date();
  const domain = randomBytes(32);
  const due = new Date(now.getTime() + 2 * HOUR_MS);

  /** A set in the domain with a link, and a grant of it that lives or has ended. */
  async function domainLink(tenant: TenantFixture, live: boolean): Promise<void> {
    await scratch.sql('UPDATE linkbroker.upstream_token_sets SET domain = $2 WHERE id = $1', [
      tenant.tokenSetId,
      domain,
    ]);
    await scratch.sql(
      `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, revoked_at, code_hash, redirect_uri, scopes)
       VALUES ($1, $2, $3, $4, now(), now(), now(), $5, $6, 'https://a.example', '{}')`,
      [randomUUID(), tenant.tenantId, tenant.skillId, tenant.linkId, live ? null : now, randomBytes(32)],
    );
  }
  const hold = (tenantId: TenantId, linkId: string) =>
    worker
      .query<{ held: boolean }>(
        { name: 'test_hold', text: 'SELECT linkbroker.hold_link_revocation($1, $2, $3) AS held' },
        [tenantId, linkId, now],
        deadline(),
      )
      .then(([row]) => row?.held);
  const claim = () => revocations.claim(due, new Date(due.getTime() + HOUR_MS), deadline());

  beforeEach(async () => {
    await scratch.sql('TRUNCATE linkbroker.upstream_revocations');
    await scratch.sql('UPDATE linkbroker.upstream_token_sets SET domain = NULL');
    await scratch.sql(`UPDATE linkbroker.connectors SET revoke_upstream = 'last-link'`);
  });

  test('is held once, and only where the connector wants it and no other link of the tenant lives', async () => {
    await domainLink(own, true);
    expect(await hold(own.tenantId, own.linkId)).toBe(false);
    await scratch.sql('UPDATE linkbroker.grants SET revoked_at = now()');
    expect(await hold(own.tenantId, own.linkId)).toBe(true);
    expect(await hold(own.tenantId, own.linkId)).toBe(false);
  });

  test("is held back by another tenant's living link, without either of them knowing", async () => {
    const other = await createTenantFixture(scratch);
    await domainLink(own, false);
    await domainLink(other, true);
    expect(await hold(own.tenantId, own.linkId)).toBe(true);
    expect(await claim()).toBeUndefined();
    const [row] = await scratch.sql<{ state: string }>('SELECT state FROM linkbroker.upstream_revocations');
    expect(row?.state).toBe('cancelled');
  });

  test('is claimed once, by one worker of many, when it is due', async () => {
    await domainLink(own, false);
    await hold(own.tenantId, own.linkId);
    expect(await revocations.claim(now, due, deadline())).toBeUndefined();
    const claims = await Promise.all(Array.from({ length: 10 }, claim));
    expect(claims.filter(Boolean)).toMatchObject([{ tenantId: own.tenantId, tokenSetId: own.tokenSetId, attempts: 1 }]);
  });
});
