import fc from 'fast-check';
import type { CauseFacts, TimelineStep } from './cause.js';
import { AUTHORIZATION_CAUSES, WAY_BACK_CAUSES } from './authorization-causes.js';
import { findCauses, findCausesOfSteps } from './find-causes.js';
import { PROVIDER_CAUSES } from './provider-causes.js';
import { SKILL_EVENT_CAUSES } from './skill-event-causes.js';
import { ACCEPT_GRANT_CAUSES, RELAY_CAUSES, TOKEN_CAUSES } from './token-causes.js';

const BEGAN = Date.parse('2026-01-31T12:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const REDIRECT = 'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL';

const step = (name: string, change: Partial<TimelineStep> = {}, minutes = 0): TimelineStep => ({
  at: new Date(BEGAN + minutes * MINUTE),
  name,
  reference: 'AAAA-0000',
  grantId: null,
  connector: null,
  outcome: null,
  status: null,
  ms: null,
  detail: null,
  figures: {},
  data: {},
  ...change,
});
const facts = (minutesLater = 0, change: Partial<CauseFacts> = {}): CauseFacts => ({
  now: new Date(BEGAN + minutesLater * MINUTE),
  accessTokenTtl: 3_600,
  live: true,
  sendsEvents: false,
  redirectUris: [REDIRECT],
  ...change,
});
const idsOf = (steps: readonly TimelineStep[], about = facts()) => findCauses(steps, about).map(({ id }) => id);

/** One step that shows each cause; what is not listed here fails the test below. */
const SHOWN: Readonly<Record<string, TimelineStep>> = {
  redirect_uri_other_region: step('authorize.refused', {
    data: { redirectUri: REDIRECT.replace('pitangui.amazon.com', 'layla.amazon.com'), registered: false },
  }),
  redirect_uri_not_registered: step('authorize.refused', {
    data: { redirectUri: 'https://layla.amazon.com/api/skill/link/MOTHER', registered: false },
  }),
  authorization_request_refused: step('authorize.refused', {
    detail: 'scope is not one of the skill',
    data: { redirectUri: REDIRECT, registered: true },
  }),
  cookie_missing: step('callback.without_cookie'),
  state_changed: step('callback.refused', { detail: 'state of another hop' }),
  callback_too_late: step('callback.refused', { detail: 'no such attempt' }),
  callback_of_another_connector: step('callback.refused', { detail: 'path of another connector' }),
  callback_repeated: step('callback.repeated', { detail: 'a callback came before' }),
  household_cancelled: step('link.cancelled'),
  repair_other_account: step('repair.other_account'),
  provider_refuses_our_client: step('upstream.failed', {
    outcome: 'misconfigured',
    detail: 'the provider refused: invalid_client',
  }),
  connector_misconfigured: step('upstream.failed', { outcome: 'misconfigured', detail: 'no id_token' }),
  provider_away: step('upstream.failed', { outcome: 'unavailable', detail: 'HTTP 500' }),
  provider_refused_sign_in: step('upstream.failed', { outcome: 'rejected', detail: 'login_required' }),
  no_upstream_refresh_token: step('upstream.no_refresh_token', { connector: 'google' }),
  upstream_refresh_failed: step('upstream.refresh_failed', { detail: 'HTTP 500' }),
  upstream_attempt_lost: step('upstream.attempt_lost', { detail: 'sent, outcome unknown' }),
  sign_in_at_risk: step('upstream.at_risk', { detail: 'invalid_grant' }),
  sign_in_dead: step('upstream.dead', { detail: 'invalid_grant' }),
  connector_parked: step('connector.parked', { detail: 'invalid_client' }),
  client_secret_of_yesterday: step('client.refused', { outcome: 'old_secret', detail: 'client alexa' }),
  client_secret_wrong: step('client.refused', { outcome: 'wrong_secret', detail: 'client alexa' }),
  code_refused: step('code.refused', { detail: 'code_verifier does not match' }),
  code_replayed: step('code.replayed', { detail: 'already redeemed' }),
  slow_answer: step('token.answered', { status: 200, ms: 4_600 }),
  answered_unavailable: step('token.answered', { status: 503, ms: 3_500 }),
  old_refresh_token: step('grant.replayed', { figures: { presented: 3, row: 4 } }),
  refresh_token_too_old: step('grant.too_old', { figures: { behind: 5, keep: 2 } }),
  grant_revoked: step('grant.revoked', { detail: 'revoked by alexa' }),
  revoked_grant_used: step('grant.refused', { detail: 'revoked' }),
  database_lost_writes: step('incident.grant_behind'),
  key_missing: step('incident.unknown_mac_key'),
  token_not_stored: step('incident.token_not_stored', { detail: 'spool: away' }),
  accept_grant_failed: step('accept_grant.failed', { detail: 'invalid_grant' }),
  existing_server_failed: step('relay.failed', { detail: 'HTTP 500' }),
  existing_server_refused: step('relay.refused', { detail: 'invalid_grant' }),
  skill_disabled: step('grant.revoked', { detail: 'skill disabled' }),
  skill_event_for_another_skill: step('skill_event.refused', { outcome: 'other_skill', detail: 'for another' }),
  skill_event_not_alexas: step('skill_event.refused', { outcome: 'signature', detail: 'not of this body' }),
  skill_event_certificate_away: step('skill_event.refused', { outcome: 'unreachable', detail: 'no answer' }),
  skill_event_too_old: step('skill_event.refused', { outcome: 'too_old', detail: '4000 s old' }),
  skill_event_token: step('skill_event.refused', { outcome: 'token', detail: 'grant revoked' }),
  existing_server_repaired: step('relay.repaired', { detail: 'form-encoded' }),
};
const ALL = [
  ...AUTHORIZATION_CAUSES,
  ...WAY_BACK_CAUSES,
  ...PROVIDER_CAUSES,
  ...TOKEN_CAUSES,
  ...ACCEPT_GRANT_CAUSES,
  ...SKILL_EVENT_CAUSES,
  ...RELAY_CAUSES,
];

describe('a step', () => {
  test.each(ALL.map(({ id }) => id))('shows %s, that cause only, and says by what', (id) => {
    const shown = SHOWN[id];
    if (!shown) throw new Error(`no example of ${id}`);
    const found = findCausesOfSteps([shown], facts());
    expect(found.map((cause) => cause.id)).toEqual([id]);
    expect(found[0]).toMatchObject({
      reference: 'AAAA-0000',
      at: shown.at,
      evidence: expect.stringMatching(/\S/) as string,
    });
    expect(found[0]?.rules.length).toBeGreaterThan(0);
    expect(found[0]?.remedy).toMatch(/\.$/);
  });

  test('of a link that goes well shows nothing', () => {
    const names = ['authorize.started', 'page.shown', 'upstream.redirected', 'upstream.exchanged', 'code.issued'];
    const answered = step('token.answered', { status: 200, ms: 12, outcome: 'rotated' });
    expect(findCausesOfSteps([...names.map((name) => step(name)), answered], facts())).toEqual([]);
  });
});

const started = step('authorize.started');
const shown = step('page.shown', { data: { platform: 'iOS' } });
const redirected = step('upstream.redirected', { connector: 'google' }, 1);
const issued = (change: Partial<TimelineStep> = {}, minutes = 2) =>
  step('code.issued', { grantId: 'g1', figures: { redirectLength: 300 }, ...change }, minutes);

describe('what did not happen', () => {
  test.each<[string, readonly TimelineStep[], number, readonly string[]]>([
    ['the page was never loaded', [started], 11, ['page_never_loaded']],
    ['not yet', [started], 5, []],
    ['nothing was pressed', [started, shown], 11, ['page_left']],
    ['the household never came back', [started, shown, redirected], 12, ['never_came_back']],
    ['it is still there', [started, shown, redirected], 9, []],
    ['Alexa never asked', [started, shown, redirected, issued()], 4, ['no_token_request']],
    ['Alexa has a minute', [started, shown, redirected, issued()], 2.5, []],
    ['the address was too long', [started, issued({ figures: { redirectLength: 2_400 } })], 4, ['redirect_too_long']],
    ['the household took too long', [started, issued({}, 75)], 80, ['state_expired']],
    ['it was cancelled', [started, shown, step('link.cancelled')], 60, ['household_cancelled']],
    ['a token came at once', [started, shown, redirected, step('token.issued_implicit', { grantId: 'g1' }, 2)], 90, []],
    [
      'it was asked for with a wrong secret',
      [started, issued(), step('client.refused', { reference: null, outcome: 'old_secret', detail: 'x' }, 2)],
      9,
      ['client_secret_of_yesterday'],
    ],
    [
      'it was asked for, and refused',
      [started, issued(), step('code.refused', { grantId: 'g1' }, 2)],
      9,
      ['code_refused'],
    ],
  ])('%s', (_, steps, minutes, expected) => {
    expect(idsOf(steps, facts(minutes))).toEqual(expected);
  });

  test('each attempt is judged by itself', () => {
    const other = { reference: 'BBBB-0000' };
    const steps = [started, shown, step('authorize.started', other), step('code.issued', { ...other, grantId: 'g2' })];
    const found = findCauses(steps, facts(20));
    expect(found.map(({ id, reference }) => [id, reference]).sort()).toEqual([
      ['no_token_request', 'BBBB-0000'],
      ['page_left', 'AAAA-0000'],
    ]);
  });

  test.each([
    ['a month and no refresh', 32 * 24 * 60, true, ['refreshes_stopped']],
    ['a week', 7 * 24 * 60, true, []],
    ['a year, but the link has ended', 365 * 24 * 60, false, []],
  ])('refreshes stopped: %s', (_, minutes, live, expected) => {
    const last = step('token.answered', { status: 200, ms: 4, reference: null });
    expect(idsOf([last], facts(minutes, { live }))).toEqual(expected);
  });
});

test.each<[string, readonly TimelineStep[], number, boolean, readonly string[]]>([
  ['is missing', [], 6, true, ['accept_grant_never_came']],
  ['has some minutes', [], 4, true, []],
  ['came', [step('accept_grant.stored')], 60, true, []],
  ['is not wanted', [], 60, false, []],
])('AcceptGrant %s', (_, more, minutes, sendsEvents, expected) => {
  const issuedTokens = step('token.answered', { status: 200, outcome: 'issued', reference: null });
  expect(
    idsOf([issuedTokens, ...more.map((one) => ({ ...one, reference: null }))], facts(minutes, { sendsEvents })),
  ).toEqual(expected);
});

test('the gravest comes first, of those the newest, and each once for an attempt with its last evidence', () => {
  const steps = [
    step('upstream.refresh_failed', { detail: 'HTTP 500', reference: null }),
    step('upstream.refresh_failed', { detail: 'HTTP 502', reference: null }, 1),
    step('upstream.at_risk', { detail: 'invalid_grant', reference: null }, 2),
    step('upstream.dead', { detail: 'invalid_grant', reference: null }, 3),
    step('grant.revoked', { detail: 'x', reference: null }, 4),
  ];
  expect(findCauses(steps, facts(5)).map(({ id, evidence }) => [id, evidence])).toEqual([
    ['sign_in_dead', 'invalid_grant'],
    ['sign_in_at_risk', 'invalid_grant'],
    ['upstream_refresh_failed', 'HTTP 502'],
    ['grant_revoked', 'x'],
  ]);
});

test('whatever is on a timeline, causes are found and never an error', () => {
  const names = [
    ...Object.values(SHOWN).map(({ name }) => name),
    'authorize.started',
    'page.shown',
    'code.issued',
    'x',
  ];
  const value = fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.constant(REDIRECT), fc.boolean());
  const any = fc.record({
    at: fc.date({ min: new Date(BEGAN), max: new Date(BEGAN + 400 * DAY), noInvalidDate: true }),
    name: fc.constantFrom(...names),
    reference: fc.option(fc.constantFrom('A', 'B')),
    grantId: fc.option(fc.constantFrom('g1', 'g2')),
    connector: fc.option(fc.string()),
    outcome: fc.option(fc.constantFrom('misconfigured', 'unavailable', 'old_secret', 'x')),
    status: fc.option(fc.nat(599)),
    ms: fc.option(fc.nat(9_000)),
    detail: fc.option(fc.string()),
    figures: fc.dictionary(fc.string(), fc.nat()),
    data: fc.dictionary(fc.constantFrom('redirectUri', 'registered', 'platform', 'x'), value),
  });
  fc.assert(
    fc.property(fc.array(any), fc.boolean(), (steps, live) => {
      const ordered = [...steps].sort((a, b) => a.at.getTime() - b.at.getTime());
      for (const { title, evidence } of findCauses(ordered, facts(500 * 24 * 60, { live, sendsEvents: live }))) {
        expect([typeof evidence, title.length > 0]).toEqual(['string', true]);
      }
    }),
  );
});
