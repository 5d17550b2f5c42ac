import { describeRelayedTokensConformance } from '@linkbroker/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { HousekeepingStore, RelayedTokensStore } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

let scratch: ScratchDatabase;
let doors: [RelayedTokensStore, RelayedTokensStore];
let housekeeping: HousekeepingStore;
let own: TenantFixture;
let other: TenantFixture;
const NOW = new Date('2026-11-22T12:00:00Z');
const seconds = (count: number) => new Date(NOW.getTime() + count * 1_000);
const deadline = () => performance.now() + 10_000;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  // Two pools, as two replicas have them.
  doors = [
    new RelayedTokensStore((await scratch.open('broker')).database),
    new RelayedTokensStore((await scratch.open('broker')).database),
  ];
  housekeeping = new HousekeepingStore((await scratch.open('worker')).database);
  own = await createTenantFixture(scratch);
  other = await createTenantFixture(scratch);
});
afterAll(() => scratch.close());

describe('RelayedTokensStore', () => {
  describeRelayedTokensConformance(() => Promise.resolve({ doors, ...own, other }));
});

describe('as the wrong tenant', () => {
  test("another tenant's skill takes no claim", async () => {
    const claim = { skillId: own.skillId, tokenHash: randomBytes(32), attemptId: randomUUID() };
    const wanted = { ...claim, leaseMs: 1_000, keepUntil: seconds(60) };
    await expect(doors[0].claim(other.tenantId, wanted, NOW, deadline())).rejects.toThrow(/foreign key/);
  });

  test('another tenant neither ends nor answers an attempt', async () => {
    const at = { skillId: own.skillId, tokenHash: randomBytes(32) };
    const attemptId = randomUUID();
    const claim = { ...at, attemptId, leaseMs: 60_000, keepUntil: seconds(60) };
    await doors[0].claim(own.tenantId, claim, NOW, deadline());
    await doors[0].release(other.tenantId, at, attemptId, deadline());
    await doors[0].answer(other.tenantId, at, Buffer.from('stolen'), seconds(60), deadline());
    expect(await doors[0].find(own.tenantId, at, attemptId, deadline())).toBe('under-way');
  });
});

describe('housekeeping', () => {
  const present = async (leaseMs: number, keepUntil: Date, answer?: string) => {
    const at = { skillId: own.skillId, tokenHash: randomBytes(32) };
    const claim = { ...at, attemptId: randomUUID(), leaseMs, keepUntil };
    await doors[0].claim(own.tenantId, claim, NOW, deadline());
    if (answer) await doors[0].answer(own.tenantId, at, Buffer.from(answer), keepUntil, deadline());
  };
  const left = async () => {
    const [row] = await scratch.sql<{ count: string }>('SELECT count(*) FROM linkbroker.relayed_tokens');
    return Number(row?.count);
  };

  test('forgets what is past its time, in batches, and nothing that is under way', async () => {
    await scratch.sql('TRUNCATE linkbroker.relayed_tokens');
    for (let count = 0; count < 3; count += 1) await present(60_000, seconds(10), 'answer');
    await present(0, seconds(10));
    await present(60_000, seconds(10));
    await present(60_000, seconds(20), 'answer');
    expect(await housekeeping.forgetRelayedTokens(seconds(10), 10, deadline())).toBe(0);
    const gone = [];
    for (let turn = 0; turn < 5; turn += 1)
      gone.push(await housekeeping.forgetRelayedTokens(seconds(11), 3, deadline()));
    expect(gone.reduce((sum, count) => sum + count)).toBe(4);
    expect(Math.max(...gone)).toBeLessThanOrEqual(3);
    expect(await left()).toBe(2);
  });

  test('is the worker’s; the broker removes nothing and the worker reads nothing', async () => {
    const [broker, worker] = [await scratch.open('broker'), await scratch.open('worker')];
    const forget = 'SELECT linkbroker.forget_relayed_tokens(now(), 1)';
    await expect(broker.dataSource.query(forget)).rejects.toThrow(/permission denied/);
    await expect(broker.dataSource.query('DELETE FROM linkbroker.relayed_tokens')).rejects.toThrow(/permission denied/);
    await expect(worker.dataSource.query('SELECT 1 FROM linkbroker.relayed_tokens')).rejects.toThrow(
      /permission denied/,
    );
  });
});
