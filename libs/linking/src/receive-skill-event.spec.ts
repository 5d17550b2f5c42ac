import type { SkillEvent } from '@linkbroker/alexa';
import { asTenantId, type Relay, type Skill, type TraceEvent } from '@linkbroker/contracts';
import { receiveSkillEvent, type ReceiveSkillEventNeeds } from './receive-skill-event.js';

const AT = new Date('2026-01-31T12:00:00Z');
const relay = {} as Relay;
const skill: Skill = {
  id: '22222222-2222-4222-8222-222222222222',
  tenantId: asTenantId('11111111-1111-4111-8111-111111111111'),
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
};
const event = (change: Partial<SkillEvent> = {}): SkillEvent => ({
  name: 'SkillAccountLinked',
  requestId: 'r-1',
  at: AT,
  userId: 'u',
  accessToken: 'a-token-of-nobody',
  ...change,
});
const TIE = { grantId: 'g', linkId: 'l' };

/** Null where the event was handled before. */
type Handled = NonNullable<Awaited<ReturnType<ReceiveSkillEventNeeds['skillEvents']['note']>>> | null;

interface World {
  readonly of?: Skill;
  readonly handled?: Handled;
  readonly before?: boolean;
}

async function receive(about: SkillEvent, world: World = {}) {
  const { of = skill, handled = { ties: [], ended: [] }, before = false } = world;
  const called: string[] = [];
  const told: TraceEvent[] = [];
  const verb = (name: string) => () => {
    called.push(name);
    return Promise.resolve(handled ?? undefined);
  };
  const needs = {
    now: () => AT,
    trace: (one: TraceEvent) => told.push(one),
    fingerprint: (purpose: string, parts: readonly string[]) => Buffer.from([purpose, ...parts].join().padEnd(32)),
    keys: { lookup: () => undefined },
    skillEvents: {
      note: verb('note'),
      tie: verb('tie'),
      disable: verb('disable'),
      wasHandled: () => Promise.resolve(before),
    },
  } as unknown as ReceiveSkillEventNeeds;
  return { result: await receiveSkillEvent(needs, of, about, performance.now() + 1_000), called, told };
}

test.each([
  ['of a relay, whose tokens are another server’s', event(), { ...skill, relay }],
  ['without a token', event({ accessToken: null }), skill],
  ['of nobody', event({ userId: null }), skill],
  ['of a disabled skill, of nobody', event({ name: 'SkillDisabled', userId: null }), skill],
  ['that nobody knows', event({ name: 'SomethingNew' }), skill],
])('an event %s is only noted', async (_, about, of) => {
  const { result, called, told } = await receive(about, { of });
  expect([result, called]).toEqual([{ kind: 'handled', outcome: 'noted' }, ['note']]);
  expect(told).toMatchObject([{ name: 'skill_event.received', outcome: 'noted', detail: about.name }]);
});

test('a token that is none of the skill’s is refused, unless the event was handled while it was one', async () => {
  const refused = await receive(event());
  expect(refused.result).toEqual({ kind: 'refused', reason: 'not a token of ours' });
  expect([refused.called, refused.told]).toEqual([[], []]);
  const again = await receive(event(), { before: true });
  expect([again.result, again.called]).toEqual([{ kind: 'handled', outcome: 'repeated' }, []]);
});

test.each<[Handled, string]>([
  [{ ties: [], ended: [] }, 'unknown_user'],
  [{ ties: [TIE], ended: [] }, 'kept'],
  [{ ties: [TIE], ended: [TIE] }, 'ended'],
  [null, 'repeated'],
])('a disabled skill: %j is %s', async (handled, outcome) => {
  const { result, called, told } = await receive(event({ name: 'SkillDisabled' }), { handled });
  expect([result, called]).toMatchObject([{ kind: 'handled', outcome }, ['disable']]);
  expect(told[0]).toMatchObject({ outcome, alexaUser: expect.stringMatching(/^[\w-]{22}$/) as string });
  expect(told[0]?.linkId).toBe(handled && handled.ties.length > 0 ? 'l' : undefined);
  const ends = told.slice(1);
  expect(ends).toEqual(
    outcome === 'ended' ? [expect.objectContaining({ name: 'grant.revoked', ...TIE, detail: 'skill disabled' })] : [],
  );
});
