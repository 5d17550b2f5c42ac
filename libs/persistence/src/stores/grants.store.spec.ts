import type { TenantId } from '@linkbroker/contracts';
import {
  describeGrantsConformance,
  FixedClock,
  liveGrant,
  MemoryGrants,
  type GrantsFixture,
  type GrantsUnderTest,
  type PendingGrant,
} from '@linkbroker/testing';
import fc from 'fast-check';
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';
import { createTenantFixture } from '../../test/tenant-fixture.js';
import { GrantsStore, LinksStore, type Database } from '../index.js';
import { AT_ONCE } from './statement-batches.js';

let scratch: ScratchDatabase;
let fixture: GrantsFixture;
let database: Database;
/** The names of the statements that have left. */
let statements: string[] = [];
const deadline = () => performance.now() + 10_000;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  const opened = await scratch.open('broker');
  database = {
    query: (statement, values, until) => {
      statements.push(statement.name);
      return opened.database.query(statement, values, until);
    },
  };
  const own = await createTenantFixture(scratch);
  const other = await createTenantFixture(scratch);
  const links = new LinksStore(database);
  fixture = {
    grants: new GrantsStore(database),
    ...own,
    other,
    issue: async (tenantId: TenantId, pending: PendingGrant) => {
      const completion = {
        ...pending,
        connectorId: own.connectorId,
        subject: 'sub-1',
        tokenSetId: own.tokenSetId,
        newLinkId: randomUUID(),
      };
      await links.complete(tenantId, completion, new Date('2026-01-01'), deadline());
    },
  };
});
beforeEach(() => (statements = []));
afterAll(() => scratch.close());

/** A store in which every refresh shares a statement: strangers take all places and one more waits beside it. */
function crowded(): GrantsUnderTest {
  const store = new GrantsStore(database);
  const stranger = () => ({
    skillId: fixture.skillId,
    grantId: randomUUID(),
    secretHash: randomBytes(32),
    ...{ presented: 1, keep: null, signingKeyId: 1, now: new Date() },
  });
  return {
    redeem: store.redeem.bind(store),
    find: store.find.bind(store),
    revoke: store.revoke.bind(store),
    endAccessTokens: store.endAccessTokens.bind(store),
    refresh: async (tenantId, attempt, until) => {
      const strangers = Array.from({ length: AT_ONCE + 1 }, () => store.refresh(tenantId, stranger(), until));
      const settled = await store.refresh(tenantId, attempt, until);
      expect(statements).toContain('refresh_grants');
      expect(await Promise.all(strangers)).toEqual(strangers.map(() => undefined));
      return settled;
    },
  };
}

const ways: [string, () => GrantsFixture][] = [
  ['alone', () => fixture],
  ['together with others', () => ({ ...fixture, grants: crowded() })],
];

describe.each(ways)('GrantsStore on Postgres, %s', (_name, open) => {
  describeGrantsConformance(() => Promise.resolve(open()));

  test('settles any history as the pure rule does', async () => {
    const step = fc.record({
      back: fc.integer({ min: -3, max: 8 }),
      hours: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 600, max: 1_000 })),
    });
    const history = fc.record({
      keep: fc.option(fc.integer({ min: 1, max: 4 })),
      steps: fc.array(step, { maxLength: 25 }),
    });
    await fc.assert(
      fc.asyncProperty(history, async ({ keep, steps }) => {
        const [memory, postgres] = [new FixedClock(), new FixedClock()];
        const model = await liveGrant(memoryFixture(), memory);
        const real = await liveGrant(open(), postgres);
        let newest = 1;
        for (const { back, hours } of steps) {
          memory.advance({ hours });
          postgres.advance({ hours });
          const presented = Math.max(1, newest - back);
          const [expected, actual] = [await model.refresh(presented, keep), await real.refresh(presented, keep)];
          expect(actual?.generation).toBe(expected?.generation);
          expect(actual?.generationBefore).toBe(expected?.generationBefore);
          newest = expected?.generation ?? newest;
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('refreshes that share statements', () => {
  const clock = new FixedClock();
  const liveGrants = (count: number) => Promise.all(Array.from({ length: count }, () => liveGrant(fixture, clock)));

  test('a few leave alone, a crowd of forty in a handful of statements', async () => {
    const grants = await liveGrants(40);
    statements = [];
    const settled = await Promise.all(grants.map(({ refresh }) => refresh(1)));
    expect(settled.map((row) => row?.generation)).toEqual(grants.map(() => 2));
    expect(statements).toEqual([...Array<string>(AT_ONCE).fill('refresh_grant'), 'refresh_grants']);
  });

  test('a row that somebody holds keeps only its own refresh waiting', async () => {
    const [held, ...others] = await liveGrants(12);
    const holder = new pg.Client({ connectionString: scratch.superuserUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM linkbroker.grants WHERE id = $1 FOR UPDATE', [held!.grantId]);
    await Promise.all(others.slice(0, AT_ONCE).map(({ refresh }) => refresh(1)));
    const ahead = others.slice(0, AT_ONCE).map(({ refresh }) => refresh(2));
    let answered = false;
    const waiting = held!.refresh(1).finally(() => (answered = true));
    const behind = others.slice(AT_ONCE).map(({ refresh }) => refresh(1));
    for (const settled of await Promise.all([...ahead, ...behind])) expect(settled).toBeDefined();
    expect(answered).toBe(false);
    await holder.query('COMMIT');
    await holder.end();
    expect(await waiting).toMatchObject({ generation: 2, generationBefore: 1 });
  });

  test('two processes that refresh the same grants in any order settle all of them', async () => {
    const grants = await liveGrants(16);
    const processes = [fixture.grants, new GrantsStore(database)];
    const attempts = grants.map(({ grantId, secretHash }) => ({
      skillId: fixture.skillId,
      ...{ grantId, secretHash, presented: 1, keep: null, signingKeyId: 1, now: clock.now() },
    }));
    const both = processes.flatMap((store, at) => {
      const order = at === 0 ? attempts : attempts.toReversed();
      return [...order, ...order].map((attempt) => store.refresh(fixture.tenantId, attempt, deadline()));
    });
    const settled = await Promise.all(both);
    expect(new Set(settled.map((row) => row?.generation))).toEqual(new Set([2]));
    expect(settled.filter((row) => row?.generationBefore === 1)).toHaveLength(16);
  });
});

test('no index holds a column that a refresh changes, so that a refresh stays on its page', async () => {
  const indexes = await scratch.sql<{ definition: string }>(
    `SELECT indexdef AS definition FROM pg_indexes WHERE schemaname = 'linkbroker' AND tablename = 'grants'`,
  );
  expect(indexes.length).toBeGreaterThan(0);
  for (const { definition } of indexes) expect(definition).not.toMatch(/generation|mac_key|checkpoints/);
});

function memoryFixture(): GrantsFixture {
  const grants = new MemoryGrants();
  return { ...fixture, grants, issue: (tenantId, pending) => grants.issue(tenantId, pending) };
}
