import type { TenantId } from '@linkbroker/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import type {
  PresentationUnderTest,
  RelayClaimUnderTest,
  RelayedTokensUnderTest,
  RelayClaimedUnderTest,
} from './memory-relayed-tokens.js';

/** Two doors to one store, as two replicas have them, with a skill of each of two tenants. */
export interface RelayedTokensFixture {
  readonly doors: readonly [RelayedTokensUnderTest, RelayedTokensUnderTest];
  readonly tenantId: TenantId;
  readonly skillId: string;
  readonly other: { readonly tenantId: TenantId; readonly skillId: string };
}

const NOW = new Date('2026-11-22T12:00:00Z');
const LATER = new Date('2026-11-23T12:00:00Z');
const A_MINUTE = 60_000;
const deadline = (): number => performance.now() + 10_000;

/** What every store of relayed answers promises. @see ADR 0018 */
export function describeRelayedTokensConformance(makeFixture: () => Promise<RelayedTokensFixture>): void {
  let fixture: RelayedTokensFixture;
  let store: RelayedTokensUnderTest;
  let at: PresentationUnderTest;
  beforeEach(async () => {
    fixture = await makeFixture();
    [store] = fixture.doors;
    at = { skillId: fixture.skillId, tokenHash: randomBytes(32) };
  });

  const claimOf = (change: Partial<RelayClaimUnderTest> = {}): RelayClaimUnderTest => ({
    ...at,
    attemptId: randomUUID(),
    leaseMs: A_MINUTE,
    keepUntil: LATER,
    ...change,
  });
  const claim = (change: Partial<RelayClaimUnderTest> = {}, now = NOW, door = store): Promise<RelayClaimedUnderTest> =>
    door.claim(fixture.tenantId, claimOf(change), now, deadline());
  const keep = (answer: string, keepUntil = LATER) =>
    store.answer(fixture.tenantId, at, Buffer.from(answer), keepUntil, deadline());
  const find = (attemptId: string) => store.find(fixture.tenantId, at, attemptId, deadline());

  test('of many who present a token at once, one may', async () => {
    const ids = Array.from({ length: 40 }, () => randomUUID());
    const claims = await Promise.all(
      ids.map((attemptId, index) => claim({ attemptId }, NOW, fixture.doors[index % 2 === 0 ? 0 : 1])),
    );
    const winner = ids[claims.findIndex(({ kind }) => kind === 'claimed')];
    expect(claims.filter(({ kind }) => kind === 'claimed')).toEqual([{ kind: 'claimed', attempt: 1 }]);
    for (const other of claims.filter(({ kind }) => kind !== 'claimed'))
      expect(other).toEqual({ kind: 'under-way', attemptId: winner });
  });

  test('whoever comes after the answer is given it, through either door', async () => {
    const attemptId = randomUUID();
    await claim({ attemptId });
    expect(await find(attemptId)).toBe('under-way');
    expect(await keep('first')).toEqual(Buffer.from('first'));
    expect(await find(attemptId)).toEqual(Buffer.from('first'));
    for (const door of fixture.doors)
      expect(await claim({}, NOW, door)).toEqual({ kind: 'answered', answer: Buffer.from('first') });
  });

  test('the first answer stays, and storing it again changes nothing', async () => {
    await claim();
    await keep('first');
    expect(await keep('first')).toEqual(Buffer.from('first'));
    expect(await keep('second')).toEqual(Buffer.from('first'));
  });

  test('a lease that has run out is the next one to come, and the attempts are counted', async () => {
    const lost = randomUUID();
    expect(await claim({ attemptId: lost, leaseMs: 0 })).toEqual({ kind: 'claimed', attempt: 1 });
    expect(await find(lost)).toBe('ended');
    expect(await claim()).toEqual({ kind: 'claimed', attempt: 2 });
    expect(await claim()).toMatchObject({ kind: 'under-way' });
  });

  test('an attempt that was given up leaves the token free, and only its own', async () => {
    const attemptId = randomUUID();
    await claim({ attemptId });
    await store.release(fixture.tenantId, at, randomUUID(), deadline());
    expect(await find(attemptId)).toBe('under-way');
    await store.release(fixture.tenantId, at, attemptId, deadline());
    expect(await find(attemptId)).toBe('ended');
    expect(await claim()).toEqual({ kind: 'claimed', attempt: 2 });
  });

  test('an answer is not given up', async () => {
    const attemptId = randomUUID();
    await claim({ attemptId });
    await keep('first');
    await store.release(fixture.tenantId, at, attemptId, deadline());
    expect(await claim()).toMatchObject({ kind: 'answered' });
  });

  test('an answer that comes late is kept, though another has begun', async () => {
    await claim({ leaseMs: 0 });
    const second = randomUUID();
    await claim({ attemptId: second });
    await keep('late');
    expect(await find(second)).toEqual(Buffer.from('late'));
    expect(await keep('second')).toEqual(Buffer.from('late'));
  });

  test('an answer past its time is nobody’s, and the count begins anew', async () => {
    await claim();
    await keep('first', new Date(NOW.getTime() + 1_000));
    expect(await claim({}, new Date(NOW.getTime() + 999))).toMatchObject({ kind: 'answered' });
    expect(await claim({}, new Date(NOW.getTime() + 1_000))).toEqual({ kind: 'claimed', attempt: 1 });
    expect(await keep('next')).toEqual(Buffer.from('next'));
  });

  test('another tenant, skill or token has nothing of it', async () => {
    await claim();
    await keep('first');
    const { other } = fixture;
    expect(await store.find(other.tenantId, at, randomUUID(), deadline())).toBe('ended');
    expect(await store.answer(other.tenantId, at, Buffer.from('stolen'), LATER, deadline())).toBeUndefined();
    const theirs = claimOf({ skillId: other.skillId });
    expect(await store.claim(other.tenantId, theirs, NOW, deadline())).toMatchObject({ kind: 'claimed' });
    expect(await claim({ tokenHash: randomBytes(32) })).toMatchObject({ kind: 'claimed' });
    expect(await claim()).toEqual({ kind: 'answered', answer: Buffer.from('first') });
  });
}
