import { asTenantId, type Relay, type Skill, type TraceEvent } from '@linkbroker/contracts';
import { OAuthError, type RelayedRequest } from '@linkbroker/protocol';
import type { WireRequest, WireResponse } from '@linkbroker/providers';
import { FixedClock, MemoryRelayedTokens } from '@linkbroker/testing';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { relayPlaceOf, relayToken, type RelayCall, type RelayNeeds } from './index.js';

const RELAY: Relay = {
  authorizationUrl: 'https://id.example/authorize',
  tokenUrl: 'https://id.example/token',
  clientId: null,
  sealedSecret: null,
  scheme: 'REQUEST_BODY_CREDENTIALS',
};
const SKILL: Skill = {
  id: randomUUID(),
  tenantId: asTenantId(randomUUID()),
  tenantSlug: 't',
  tenantName: 'T',
  slug: 's',
  name: 'S',
  clientId: 'alexa',
  redirectUris: [],
  grantTypes: ['authorization_code'],
  scopes: [],
  pkce: 'optional',
  accessTokenTtl: 3600,
  refreshKeep: null,
  tokenMode: 'own',
  branding: {},
  connectors: [],
  relay: RELAY,
};
const KEEP = new Date('2026-11-24T00:00:00Z');
const deadline = (ms = 3_500): number => performance.now() + ms;

const answer = (refreshToken: string, status = 200): WireResponse => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 3600, refresh_token: refreshToken }),
});

function world(send: (count: number, wire: WireRequest) => Promise<WireResponse>) {
  const traces: TraceEvent[] = [];
  const store = new MemoryRelayedTokens();
  let sent = 0;
  const needs: RelayNeeds = {
    now: new FixedClock('2026-11-23T00:00:00Z').now,
    randomBytes,
    trace: (event) => traces.push(event),
    open: (_place, sealed) => Promise.resolve(Buffer.from(sealed.toString().toUpperCase())),
    egress: { send: (wire) => send((sent += 1), wire) },
    fingerprint: (purpose, parts) => createHmac('sha256', purpose).update(JSON.stringify(parts)).digest(),
    relayedTokens: store,
  };
  const names = () => traces.map(({ name }) => name);
  return { needs, store, traces, names, sent: () => sent };
}

const refreshOf = (refreshToken: string): RelayedRequest => ({ grantType: 'refresh_token', refreshToken, scope: null });
const callOf = (request: RelayedRequest, relay: Partial<Relay> = {}): RelayCall => ({
  skill: SKILL,
  relay: { ...RELAY, ...relay },
  clientSecret: 'presented',
  request,
});
const CALL = callOf(refreshOf('r1'));
const unavailable = { code: 'temporarily_unavailable', status: 503 };

/** Another process has the token, until its lease ends. */
async function claimedElsewhere({ needs, store }: ReturnType<typeof world>, leaseMs: number): Promise<string> {
  const attemptId = randomUUID();
  await store.claim(SKILL.tenantId, { ...relayPlaceOf(needs, CALL), attemptId, leaseMs, keepUntil: KEEP }, needs.now());
  return attemptId;
}

describe('an owner that died', () => {
  test('leaves the token to the next try, which presents it once more', async () => {
    const found = world(() => Promise.resolve(answer('r2')));
    await claimedElsewhere(found, 0);
    expect(await relayToken(found.needs, CALL, deadline())).toMatchObject({ outcome: 'relayed' });
    expect(found.sent()).toBe(1);
  });

  test('is waited for while its lease lasts, and the token is not presented', async () => {
    const found = world(() => Promise.resolve(answer('r2')));
    await claimedElsewhere(found, 60_000);
    const began = performance.now();
    await expect(relayToken(found.needs, CALL, deadline(200))).rejects.toMatchObject(unavailable);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(found.sent()).toBe(0);
  });
});

describe('an owner that failed', () => {
  test('fails who waits for it, and does not pass its turn on', async () => {
    const found = world(() => Promise.resolve(answer('r2')));
    const attemptId = await claimedElsewhere(found, 60_000);
    const look = found.store.find.bind(found.store);
    found.store.find = async (...given) => {
      await found.store.release(SKILL.tenantId, relayPlaceOf(found.needs, CALL), attemptId);
      return look(...given);
    };
    await expect(relayToken(found.needs, CALL, deadline())).rejects.toMatchObject(unavailable);
    expect(found.sent()).toBe(0);
  });

  test('lets the next try begin at once, and counts', async () => {
    const found = world((count) =>
      count === 1 ? Promise.reject(new Error('no answer')) : Promise.resolve(answer('r2')),
    );
    await expect(relayToken(found.needs, CALL, deadline())).rejects.toMatchObject(unavailable);
    expect(await relayToken(found.needs, CALL, deadline())).toMatchObject({ outcome: 'relayed' });
    await expect(relayToken(found.needs, CALL, deadline())).resolves.toMatchObject({ outcome: 'replayed' });
    expect(found.names()).toEqual(['relay.failed', 'relay.answered', 'relay.replayed']);
    expect(found.traces[0]).toMatchObject({ detail: 'no answer', figures: { attempt: 1 } });
  });
});

test('an answer that comes while the same token is asked for again is everybody’s', async () => {
  const found = world(async () => {
    const place = relayPlaceOf(found.needs, CALL);
    // A process that stood still has its answer stored at last.
    const first = await relayToken(other.needs, CALL, deadline());
    expect(first.outcome).toBe('relayed');
    const claim = { ...place, attemptId: randomUUID(), leaseMs: 0, keepUntil: KEEP };
    const kept = await other.store.claim(SKILL.tenantId, claim, found.needs.now());
    if (kept.kind !== 'answered') throw new Error(kept.kind);
    await found.store.answer(SKILL.tenantId, place, kept.answer, KEEP);
    return { status: 400, contentType: 'application/json', body: '{"error":"invalid_grant"}' };
  });
  const other = world(() => Promise.resolve(answer('late')));
  const result = await relayToken(found.needs, CALL, deadline());
  expect(result.answer).toMatchObject({ refresh_token: 'late' });
});

test('no time left means that nothing is presented', async () => {
  const found = world(() => Promise.resolve(answer('r2')));
  await expect(relayToken(found.needs, CALL, deadline(700))).rejects.toMatchObject(unavailable);
  expect(found.sent()).toBe(0);
  expect(await relayToken(found.needs, CALL, deadline())).toMatchObject({ outcome: 'relayed' });
});

test('an answer that cannot be stored is answered all the same, and is an incident', async () => {
  const found = world(() => Promise.resolve(answer('r2')));
  let tries = 0;
  found.store.answer = () => {
    tries += 1;
    return Promise.reject(new Error('the database is away'));
  };
  const result = await relayToken(found.needs, CALL, deadline(1_000));
  expect(result).toMatchObject({ outcome: 'relayed', answer: { refresh_token: 'r2' } });
  expect(tries).toBeGreaterThan(2);
  expect(found.traces.at(-1)).toMatchObject({
    name: 'incident.token_not_stored',
    detail: 'relay: the database is away',
  });
});

test('a database that is slow for a moment is asked again', async () => {
  const found = world(() => Promise.resolve(answer('r2')));
  const keep = found.store.answer.bind(found.store);
  let tries = 0;
  found.store.answer = (...given) => {
    tries += 1;
    return tries === 1 ? Promise.reject(new Error('away')) : keep(...given);
  };
  await relayToken(found.needs, CALL, deadline());
  expect(await relayToken(found.needs, CALL, deadline())).toMatchObject({ outcome: 'replayed' });
  expect(found.names()).not.toContain('incident.token_not_stored');
});

test('a kept answer that does not open is an incident and no verdict', async () => {
  const found = world(() => Promise.resolve(answer('r2')));
  await claimedElsewhere(found, 0);
  await found.store.answer(SKILL.tenantId, relayPlaceOf(found.needs, CALL), randomBytes(80), KEEP);
  await expect(relayToken(found.needs, CALL, deadline())).rejects.toMatchObject(unavailable);
  expect(found.names()).toEqual(['incident.decrypt_failed']);
  expect(found.sent()).toBe(0);
});

test('a refusal is the existing server’s, told in our words', async () => {
  const found = world(() => Promise.resolve({ status: 400, contentType: '', body: '{"error":"invalid_grant"}' }));
  const { outcome, answer: refusal } = await relayToken(found.needs, CALL, deadline());
  expect([outcome, refusal]).toEqual(['refused', expect.any(OAuthError)]);
  expect(refusal).toMatchObject({ code: 'invalid_grant', status: 400 });
  expect(found.traces).toEqual([
    expect.objectContaining({ name: 'relay.refused', detail: 'invalid_grant', status: 400 }),
  ]);
});

test.each<[string, Partial<Relay>, string[]]>([
  ['what Alexa presented', {}, ['alexa', 'presented']],
  ['another client id', { clientId: 'theirs' }, ['theirs', 'presented']],
  ['another secret', { sealedSecret: Buffer.from('sealed').toString('base64') }, ['alexa', 'SEALED']],
])('the existing server is shown %s', async (_, relay, expected) => {
  let shown: URLSearchParams | undefined;
  const found = world((_count, { body }) => {
    shown = new URLSearchParams(body);
    return Promise.resolve(answer('r2'));
  });
  await relayToken(found.needs, callOf(refreshOf('r1'), relay), deadline());
  expect([shown?.get('client_id'), shown?.get('client_secret')]).toEqual(expected);
});
