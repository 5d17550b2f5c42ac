import { EVENT_TYPES, type EventType } from '@linkbroker/contracts';
import { FixedClock, liveGrant, pendingGrant, redemptionOf, type GrantsFixture } from '@linkbroker/testing';
import { randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { createWebhook, eventsOf } from '../../test/webhook-fixture.js';
import { DueTokenSetsStore, GrantsStore, LinksStore, TokenSetsStore, type FailedAttempt } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

let scratch: ScratchDatabase;
let grants: GrantsStore;
let links: LinksStore;
let sets: TokenSetsStore;
let due: DueTokenSetsStore;
let own: TenantFixture;
let fixture: GrantsFixture;
const clock = new FixedClock(new Date().toISOString());
const deadline = () => performance.now() + 10_000;
const told = async () => (await eventsOf(scratch, own.tenantId)).map(({ type }) => type);

beforeAll(async () => {
  scratch = await createScratchDatabase();
  const { database } = await scratch.open('broker');
  [grants, links, sets] = [new GrantsStore(database), new LinksStore(database), new TokenSetsStore(database)];
  due = new DueTokenSetsStore((await scratch.open('worker')).database);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  own = await createTenantFixture(scratch);
  const { connectorId, tokenSetId } = own;
  fixture = {
    ...{ ...own, grants, other: own },
    issue: async (tenantId, pending) => {
      const completion = { ...pending, connectorId, tokenSetId, subject: 'sub-1', newLinkId: randomUUID() };
      await links.complete(tenantId, completion, clock.now(), deadline());
    },
  };
});

const wants = (...events: EventType[]) => createWebhook(scratch, own, events.length === 0 ? EVENT_TYPES : events);
const revoke = (grant: { grantId: string; secretHash: Buffer }) => {
  const revocation = { skillId: own.skillId, ...grant, reason: 'revoked by the alexa client', now: clock.now() };
  return grants.revoke(own.tenantId, revocation, deadline());
};

describe('a link', () => {
  test('is told of when its first code is redeemed, and when its last grant ends', async () => {
    await wants();
    const { pending } = pendingGrant(fixture, clock);
    await fixture.issue(own.tenantId, pending);
    expect(await told()).toEqual([]);
    const redemption = redemptionOf(pending, clock);
    await grants.redeem(own.tenantId, redemption, deadline());
    expect(await told()).toEqual(['link.created']);
    const second = await liveGrant(fixture, clock);
    expect(await told()).toEqual(['link.created']);
    expect(await revoke(second)).toBe(true);
    expect(await told()).toEqual(['link.created']);
    expect(await revoke({ grantId: pending.grantId, secretHash: redemption.secretHash })).toBe(true);
    expect(await told()).toEqual(['link.created', 'link.revoked']);
    await liveGrant(fixture, clock);
    const events = await eventsOf(scratch, own.tenantId);
    expect(events.map(({ type }) => type)).toEqual(['link.created', 'link.revoked', 'link.created']);
    const where = { tenant: own.tenantSlug, skill: 'lights', connector: 'home', link: own.linkId };
    expect(events[0]).toMatchObject({ link_id: own.linkId, data: where, deliveries: 1 });
    expect(events[1]?.data).toEqual({ ...where, reason: 'revoked by the alexa client' });
    expect(events[0]?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    expect(Number.parseInt(events[0]!.id.replaceAll('-', '').slice(0, 12), 16)).toBe(clock.now().getTime());
  });

  test('whose codes are redeemed at once is created once; whose grants end at once ends once', async () => {
    await wants();
    const codes = Array.from({ length: 8 }, () => pendingGrant(fixture, clock).pending);
    for (const pending of codes) await fixture.issue(own.tenantId, pending);
    const redemptions = codes.map((pending) => redemptionOf(pending, clock));
    await Promise.all(redemptions.map((redemption) => grants.redeem(own.tenantId, redemption, deadline())));
    expect(await told()).toEqual(['link.created']);
    const ending = redemptions.map(({ secretHash }, at) => ({ grantId: codes[at]!.grantId, secretHash }));
    await Promise.all(ending.map(revoke));
    expect(await told()).toEqual(['link.created', 'link.revoked']);
  });

  test('costs no row where nobody wants to know', async () => {
    await wants('link.dead');
    await scratch.sql(`UPDATE linkbroker.webhooks SET removed_at = now() WHERE id = $1`, [await wants()]);
    await scratch.sql(`UPDATE linkbroker.webhooks SET disabled_at = now() WHERE id = $1`, [await wants()]);
    await revoke(await liveGrant(fixture, clock));
    expect(await told()).toEqual([]);
  });

  test('is told to each webhook that wants it', async () => {
    await wants('link.created');
    await wants('link.created', 'link.revoked');
    await revoke(await liveGrant(fixture, clock));
    const events = await eventsOf(scratch, own.tenantId);
    expect(events.map(({ type, deliveries }) => [type, deliveries])).toEqual([
      ['link.created', 2],
      ['link.revoked', 1],
    ]);
  });
});

describe('an old refresh token', () => {
  test.each([null, 5])('is told of once an hour and changes no answer (refreshKeep %j)', async (keep) => {
    await wants('grant.replayed');
    const grant = await liveGrant(fixture, clock);
    await grant.refresh(1, keep);
    await grant.refresh(2, keep);
    expect(await told()).toEqual([]);
    expect(await grant.refresh(1, keep)).toMatchObject({ generation: 3, generationBefore: 3 });
    await Promise.all(Array.from({ length: 12 }, () => grant.refresh(1, keep)));
    expect(await told()).toEqual(['grant.replayed']);
    expect((await eventsOf(scratch, own.tenantId))[0]?.data).toMatchObject({ link: own.linkId, grant: grant.grantId });
    clock.advance({ minutes: 61 });
    await grant.refresh(2, keep);
    expect(await told()).toEqual(['grant.replayed', 'grant.replayed']);
  });

  test('of many grants of one link at once is told of for each, and all are answered', async () => {
    await wants('grant.replayed');
    const live = await Promise.all(Array.from({ length: 16 }, () => liveGrant(fixture, clock)));
    await Promise.all(live.map((grant) => grant.refresh(1)));
    const processes = [grants, new GrantsStore((await scratch.open('broker')).database)];
    const attempts = live.map(({ grantId, secretHash }) => ({
      skillId: own.skillId,
      ...{ grantId, secretHash, presented: 1, keep: null, signingKeyId: 1, now: clock.now() },
    }));
    const settled = await Promise.all(
      processes.flatMap((store, at) =>
        (at === 0 ? attempts : attempts.toReversed()).map((one) => store.refresh(own.tenantId, one, deadline())),
      ),
    );
    expect(settled.map((row) => row?.generation)).toEqual(settled.map(() => 2));
    expect(await told()).toEqual(live.map(() => 'grant.replayed'));
  });
});

describe('upstream', () => {
  const fail = async (outcome: FailedAttempt['outcome'], setId = own.tokenSetId) => {
    const lease = { setId, version: 1, attemptId: randomUUID(), leaseMs: 30_000 };
    const fence = await sets.lease(own.tenantId, lease, clock.now(), deadline());
    const attempt = {
      setId,
      fence: fence ?? 0,
      attemptId: lease.attemptId,
      errorCode: 'x',
      retryAt: null,
      dueAt: null,
    };
    return sets.fail(own.tenantId, { ...attempt, outcome }, clock.now(), deadline());
  };

  test('a set that is refused is at risk once, then dead, and its link with it', async () => {
    await wants();
    await liveGrant(fixture, clock);
    expect(await fail('terminal')).toEqual({ state: 'at_risk', parked: null });
    expect(await fail('terminal')).toEqual({ state: 'at_risk', parked: null });
    clock.advance({ hours: 7 });
    expect(await fail('terminal')).toEqual({ state: 'dead', parked: null });
    expect(await told()).toEqual(['link.created', 'link.at_risk', 'link.dead']);
  });

  test('a set without a live link is nobody’s link at risk', async () => {
    await wants();
    expect(await fail('terminal')).toEqual({ state: 'at_risk', parked: null });
    expect(await told()).toEqual([]);
  });

  test('wrong credentials of a connector are told of once while they last, to every skill that uses it', async () => {
    await wants();
    expect(await fail('misconfigured')).toMatchObject({ parked: 'misconfigured' });
    clock.advance({ minutes: 11 });
    await fail('misconfigured');
    clock.advance({ minutes: 61 });
    await fail('misconfigured');
    const events = await eventsOf(scratch, own.tenantId);
    expect(events.map(({ type }) => type)).toEqual(['connector.misconfigured']);
    expect(events[0]?.data).toEqual({
      ...{ tenant: own.tenantSlug, skill: 'lights', connector: 'home', reason: 'misconfigured' },
    });
    clock.advance({ hours: 3 });
    await fail('misconfigured');
    expect(await told()).toEqual(['connector.misconfigured', 'connector.misconfigured']);
  });

  test('a second attempt of unknown outcome puts the link at risk', async () => {
    await wants('link.at_risk');
    await liveGrant(fixture, clock);
    for (const expected of [[], ['link.at_risk'], ['link.at_risk']]) {
      const lease = { setId: own.tokenSetId, version: 1, attemptId: randomUUID(), leaseMs: 30_000 };
      await scratch.sql('UPDATE linkbroker.upstream_token_sets SET retry_at = NULL WHERE id = $1', [own.tokenSetId]);
      const fence = await sets.lease(own.tenantId, lease, clock.now(), deadline());
      await sets.markSent(own.tenantId, { ...lease, fence: fence ?? 0 }, deadline());
      await scratch.sql(
        `UPDATE linkbroker.upstream_token_sets SET lease_until = now() - interval '1 s' WHERE id = $1`,
        [own.tokenSetId],
      );
      await scratch.sql(
        `UPDATE linkbroker.upstream_refresh_attempts SET began_at = now() - interval '1 minute' WHERE id = $1`,
        [lease.attemptId],
      );
      expect(await due.endLost(clock.now(), 10, deadline())).toEqual([
        { tenantId: own.tenantId, setId: own.tokenSetId, sent: true },
      ]);
      expect(await told()).toEqual(expected);
    }
  });
});
