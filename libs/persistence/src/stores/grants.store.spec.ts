import type { TenantId } from '@linkbroker/contracts';
import {
  describeGrantsConformance,
  FixedClock,
  liveGrant,
  MemoryGrants,
  type GrantsFixture,
  type PendingGrant,
} from '@linkbroker/testing';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';
import { createTenantFixture } from '../../test/tenant-fixture.js';
import { GrantsStore, LinksStore } from '../index.js';

let scratch: ScratchDatabase;
let fixture: GrantsFixture;
const deadline = () => performance.now() + 10_000;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  const { database } = await scratch.open('broker');
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
afterAll(() => scratch.close());

describe('GrantsStore on Postgres', () => {
  describeGrantsConformance(() => Promise.resolve(fixture));

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
        const real = await liveGrant(fixture, postgres);
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

  test('no index holds a column that a refresh changes, so that a refresh stays on its page', async () => {
    const indexes = await scratch.sql<{ definition: string }>(
      `SELECT indexdef AS definition FROM pg_indexes WHERE schemaname = 'linkbroker' AND tablename = 'grants'`,
    );
    expect(indexes.length).toBeGreaterThan(0);
    for (const { definition } of indexes) expect(definition).not.toMatch(/generation|mac_key|checkpoints/);
  });
});

function memoryFixture(): GrantsFixture {
  const grants = new MemoryGrants();
  return { ...fixture, grants, issue: (tenantId, pending) => grants.issue(tenantId, pending) };
}
