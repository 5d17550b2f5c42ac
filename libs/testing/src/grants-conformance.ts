import { sha256 } from '@linkbroker/protocol';
import { randomBytes, randomUUID } from 'node:crypto';
import { FixedClock } from './fixed-clock.js';
import type { GrantsFixture, PendingGrant, RedemptionUnderTest } from './grants-under-test.js';

const REDIRECT = 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL';
const deadline = (): number => performance.now() + 10_000;

/** A code and the pending grant behind it. */
export function pendingGrant(fixture: GrantsFixture, clock: FixedClock, change: Partial<PendingGrant> = {}) {
  const code = randomBytes(24).toString('base64url');
  const pending: PendingGrant = {
    grantId: randomUUID(),
    skillId: fixture.skillId,
    linkId: fixture.linkId,
    codeHash: sha256(code),
    codeExpiresAt: new Date(clock.now().getTime() + 600_000),
    redirectUri: REDIRECT,
    codeChallenge: null,
    scopes: ['lights'],
    ...change,
  };
  return { code, pending };
}

/** The redemption that fits a pending grant. */
export function redemptionOf(
  pending: PendingGrant,
  clock: FixedClock,
  change: Partial<RedemptionUnderTest> = {},
): RedemptionUnderTest {
  return {
    skillId: pending.skillId,
    codeHash: pending.codeHash,
    redirectUri: pending.redirectUri,
    codeChallenge: pending.codeChallenge,
    secretHash: randomBytes(32),
    accessSecretHash: randomBytes(32),
    signingKeyId: 1,
    now: clock.now(),
    ...change,
  };
}

/** A redeemed grant, ready to be refreshed. */
export async function liveGrant(fixture: GrantsFixture, clock: FixedClock) {
  const { pending } = pendingGrant(fixture, clock);
  await fixture.issue(fixture.tenantId, pending);
  const redemption = redemptionOf(pending, clock);
  await fixture.grants.redeem(fixture.tenantId, redemption, deadline());
  const { secretHash, accessSecretHash } = redemption;
  const refresh = (presented: number, keep: number | null = null, tenantId = fixture.tenantId) =>
    fixture.grants.refresh(
      tenantId,
      {
        skillId: fixture.skillId,
        grantId: pending.grantId,
        secretHash,
        presented,
        keep,
        signingKeyId: 1,
        now: clock.now(),
      },
      deadline(),
    );
  return { grantId: pending.grantId, secretHash, accessSecretHash, refresh };
}

/** What every grants store must do, concurrency included. Call it inside a describe of a spec. */
export function describeGrantsConformance(open: () => Promise<GrantsFixture>): void {
  let fixture: GrantsFixture;
  let clock: FixedClock;
  beforeEach(async () => {
    clock = new FixedClock();
    fixture = await open();
  });
  const own = () => fixture.tenantId;

  describe('redeeming a code', () => {
    test('has one winner among fifty', async () => {
      const { pending } = pendingGrant(fixture, clock);
      await fixture.issue(own(), pending);
      const tries = Array.from({ length: 50 }, () =>
        fixture.grants.redeem(own(), redemptionOf(pending, clock), deadline()),
      );
      const outcomes = await Promise.all(tries);
      expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1);
    });

    const mismatches: [string, (p: PendingGrant) => Partial<RedemptionUnderTest>][] = [
      ['another redirect URI', () => ({ redirectUri: `${REDIRECT}/` })],
      ['a verifier nobody asked for', () => ({ codeChallenge: 'x'.repeat(43) })],
      ['another skill', () => ({ skillId: randomUUID() })],
      ['after its expiry', (p) => ({ now: new Date(p.codeExpiresAt.getTime() + 1) })],
    ];
    test.each(mismatches)('with %s consumes nothing', async (_name, change) => {
      const { pending } = pendingGrant(fixture, clock);
      await fixture.issue(own(), pending);
      expect(
        await fixture.grants.redeem(own(), redemptionOf(pending, clock, change(pending)), deadline()),
      ).toBeUndefined();
      expect(await fixture.grants.redeem(own(), redemptionOf(pending, clock), deadline())).toMatchObject({
        grantId: pending.grantId,
      });
    });

    test('without a redirect URI is accepted', async () => {
      const { pending } = pendingGrant(fixture, clock);
      await fixture.issue(own(), pending);
      const redemption = redemptionOf(pending, clock, { redirectUri: null });
      expect(await fixture.grants.redeem(own(), redemption, deadline())).toBeDefined();
    });

    test('as another tenant finds nothing and consumes nothing', async () => {
      const { pending } = pendingGrant(fixture, clock);
      await fixture.issue(own(), pending);
      expect(
        await fixture.grants.redeem(fixture.other.tenantId, redemptionOf(pending, clock), deadline()),
      ).toBeUndefined();
      expect(await fixture.grants.redeem(own(), redemptionOf(pending, clock), deadline())).toBeDefined();
    });
  });

  describe('refreshing', () => {
    test('advances only for the newest token; ten at once get the same successor', async () => {
      const grant = await liveGrant(fixture, clock);
      const settled = await Promise.all(Array.from({ length: 10 }, () => grant.refresh(1)));
      expect(new Set(settled.map((row) => row?.generation))).toEqual(new Set([2]));
      expect(settled.filter((row) => row?.generationBefore === 1)).toHaveLength(1);
      expect((await grant.refresh(1))?.generation).toBe(2);
      expect((await grant.refresh(2))?.generation).toBe(3);
      expect((await grant.refresh(1))?.generation).toBe(3);
    });

    test('of many grants at once, each is settled by its own row', async () => {
      const grants = await Promise.all(Array.from({ length: 24 }, () => liveGrant(fixture, clock)));
      const presented = grants.map((_, at) => 1 + at * 3);
      await Promise.all(grants.map((grant, at) => grant.refresh(presented[at]!)));
      const missing = grants.map((_, at) => at % 5 === 0);
      const settled = await Promise.all(
        grants.map((grant, at) =>
          grant.refresh(presented[at]! + 1, null, missing[at] ? fixture.other.tenantId : own()),
        ),
      );
      expect(settled.map((row) => row?.generationBefore)).toEqual(
        presented.map((one, at) => (missing[at] ? undefined : one + 1)),
      );
    });

    test('a token ahead of its row sets the row behind it', async () => {
      const grant = await liveGrant(fixture, clock);
      expect(await grant.refresh(7)).toMatchObject({ generation: 8, generationBefore: 1 });
      expect(await grant.refresh(8)).toMatchObject({ generation: 9, generationBefore: 8 });
    });

    test('with a bound refuses only what is far behind and whose successor is old', async () => {
      const grant = await liveGrant(fixture, clock);
      for (const presented of [1, 2, 3]) await grant.refresh(presented, 2);
      expect((await grant.refresh(1, 2))?.generation).toBe(4);
      clock.advance({ days: 29 });
      expect((await grant.refresh(1, 2))?.generation).toBe(4);
      clock.advance({ days: 2 });
      expect(await grant.refresh(1, 2)).toBeUndefined();
      expect((await grant.refresh(2, 2))?.generation).toBe(4);
      expect((await grant.refresh(4, 2))?.generation).toBe(5);
    });

    test('another secret, skill or tenant matches nothing', async () => {
      const grant = await liveGrant(fixture, clock);
      const attempt = { grantId: grant.grantId, presented: 1, keep: null, signingKeyId: 1, now: clock.now() };
      const { secretHash } = grant;
      const skillId = fixture.skillId;
      const none = [
        fixture.grants.refresh(own(), { ...attempt, skillId, secretHash: randomBytes(32) }, deadline()),
        fixture.grants.refresh(own(), { ...attempt, skillId: fixture.other.skillId, secretHash }, deadline()),
        fixture.grants.refresh(fixture.other.tenantId, { ...attempt, skillId, secretHash }, deadline()),
      ];
      expect(await Promise.all(none)).toEqual([undefined, undefined, undefined]);
      expect((await grant.refresh(1))?.generationBefore).toBe(1);
    });
  });

  describe('ending', () => {
    test('a revoked grant refreshes no more and stays as a tombstone', async () => {
      const grant = await liveGrant(fixture, clock);
      const what = {
        skillId: fixture.skillId,
        grantId: grant.grantId,
        secretHash: grant.secretHash,
        reason: 'test',
        now: clock.now(),
      };
      expect(await fixture.grants.revoke(fixture.other.tenantId, what, deadline())).toBe(false);
      expect(await fixture.grants.revoke(own(), what, deadline())).toBe(true);
      expect(await fixture.grants.revoke(own(), what, deadline())).toBe(false);
      expect(await grant.refresh(1)).toBeUndefined();
      const found = await fixture.grants.find(own(), fixture.skillId, grant.grantId, deadline());
      expect(found?.revokedAt).toEqual(clock.now());
      expect(
        await fixture.grants.find(fixture.other.tenantId, fixture.skillId, grant.grantId, deadline()),
      ).toBeUndefined();
    });

    test('access tokens end up to a moment that only moves forward; the grant lives', async () => {
      const grant = await liveGrant(fixture, clock);
      const what = { skillId: fixture.skillId, grantId: grant.grantId, accessSecretHash: grant.accessSecretHash };
      const late = new Date(clock.now().getTime() + 5_000);
      expect(await fixture.grants.endAccessTokens(fixture.other.tenantId, { ...what, until: late }, deadline())).toBe(
        false,
      );
      expect(await fixture.grants.endAccessTokens(own(), { ...what, until: late }, deadline())).toBe(true);
      expect(await fixture.grants.endAccessTokens(own(), { ...what, until: clock.now() }, deadline())).toBe(true);
      const found = await fixture.grants.find(own(), fixture.skillId, grant.grantId, deadline());
      expect(found).toMatchObject({ accessEndedAt: late, revokedAt: null });
      expect((await grant.refresh(1))?.generation).toBe(2);
    });
  });
}
