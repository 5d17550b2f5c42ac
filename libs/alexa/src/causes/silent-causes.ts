import {
  BLANK_SCREEN,
  LOST_AFTER_A_WHILE,
  UNABLE_TO_LINK,
  type Cause,
  type CauseFacts,
  type FoundCause,
  type TimelineStep,
} from './cause.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A household that pressed nothing for so long has left. */
const LEFT_MS = 10 * MINUTE_MS;
/** Alexa redeems a code within seconds. */
const REDEEMS_MS = MINUTE_MS;
/** AcceptGrant comes during linking (R148). */
const GRANTS_MS = 5 * MINUTE_MS;
/** Alexa's own `state` lives for an hour (R31). */
const STATE_LIVES_MS = 60 * MINUTE_MS;
/** Beyond this, servers and browsers begin to refuse addresses (R46). */
const LONGEST_REDIRECT = 2_000;
/** A household that uses its skill has its token refreshed; after so long without one something is asleep or gone. */
const QUIET_MS = 30 * DAY_MS;

const CAUSES = {
  page_never_loaded: {
    severity: 'failure',
    title: 'The authorization request came, and the page was never loaded',
    symptom: BLANK_SCREEN,
    rules: ['R34a', 'R52', 'R55'],
    remedy:
      'Put the broker’s host and the hosts of the sign-in page on the skill’s Domain List. A single request that nothing follows can also be a link preview, or Amazon’s cloud looking at the address.',
  },
  page_left: {
    severity: 'failure',
    title: 'The page was shown, and nothing was pressed',
    symptom: BLANK_SCREEN,
    rules: ['R36', 'R52'],
    remedy:
      'The household left, or the page did not work in its app: look at the platform in the evidence, and try it there.',
  },
  never_came_back: {
    severity: 'failure',
    title: 'The household went to the provider and never came back',
    symptom: BLANK_SCREEN,
    rules: ['R39', 'R52', 'R55'],
    remedy:
      'Put every host of the provider’s sign-in on the skill’s Domain List. Google refuses to sign in inside an app’s web view (disallowed_useragent). Otherwise the household gave up there: a wrong password, no account.',
  },
  no_token_request: {
    severity: 'failure',
    title: 'A code was issued, and Alexa never asked for the tokens',
    symptom: UNABLE_TO_LINK,
    rules: ['R57', 'R61', 'R46'],
    remedy:
      'The redirect back to Alexa was not followed or not accepted: try in a private window (cookies and length of the address), check the Access Token URI in the Alexa console, and that it can be reached from the internet on port 443.',
  },
  redirect_too_long: {
    severity: 'failure',
    title: 'The way back to Alexa is longer than an address may be',
    symptom: UNABLE_TO_LINK,
    rules: ['R46', 'R47'],
    remedy:
      'Our codes have 32 characters, so the length comes from Alexa’s state or the redirect URI. If a private window helps, cookies of the same domain are in the way.',
  },
  state_expired: {
    severity: 'failure',
    title: 'The household took longer than Alexa’s state lives',
    symptom: UNABLE_TO_LINK,
    rules: ['R31'],
    remedy: 'Alexa gives a sign-in one hour. The household starts again in the Alexa app.',
  },
  accept_grant_never_came: {
    severity: 'failure',
    title: 'The skill has the permission for events, and no AcceptGrant came with this link',
    symptom: UNABLE_TO_LINK,
    rules: ['R148', 'R155'],
    remedy:
      'Alexa sends it to the skill’s own server, which has to hand it to /alexa/{skill}/directives (docs/alexa-events.md) and give Alexa the answer at once. Look into that server’s log; with "Send Alexa Events" off in the console the link works.',
  },
  refreshes_stopped: {
    severity: 'oddity',
    title: 'Alexa has stopped refreshing',
    symptom: LOST_AFTER_A_WHILE,
    rules: ['R80', 'R83', 'R96', 'R99'],
    remedy:
      'The household does not use the skill, or has disabled it. If it says it lost its link, compare the Default Access Token Expiration Time in the Alexa console with accessTokenTtl: both at least 360 seconds.',
  },
} as const satisfies Readonly<Record<string, Omit<Cause, 'id'>>>;

type Found = Pick<FoundCause, 'at' | 'evidence'>;

const ENDED =
  /^(?:code\.issued|token\.issued_implicit|link\.cancelled|repair\.finished|upstream\.failed|callback\.|authorize\.refused|relay\.)/;

/** Causes that show by what did not happen. Steps in order of time. */
export function findSilentCauses(steps: readonly TimelineStep[], facts: CauseFacts): FoundCause[] {
  const attempts = byReference(steps);
  const found: FoundCause[] = [...attempts].flatMap(([reference, attempt]) =>
    causesOfAttempt(attempt, steps, facts).map(({ id, ...cause }) => ({ ...CAUSES[id], id, ...cause, reference })),
  );
  const quiet = stoppedRefreshing(steps, facts);
  if (quiet) found.push({ ...CAUSES.refreshes_stopped, id: 'refreshes_stopped', ...quiet, reference: null });
  const mute = withoutAcceptGrant(steps, facts);
  if (mute) found.push({ ...CAUSES.accept_grant_never_came, id: 'accept_grant_never_came', ...mute, reference: null });
  return found;
}

function byReference(steps: readonly TimelineStep[]): Map<string, TimelineStep[]> {
  const attempts = new Map<string, TimelineStep[]>();
  for (const step of steps) {
    if (step.reference === null) continue;
    attempts.set(step.reference, [...(attempts.get(step.reference) ?? []), step]);
  }
  return attempts;
}

type AttemptCause = Found & {
  readonly id: Exclude<keyof typeof CAUSES, 'refreshes_stopped' | 'accept_grant_never_came'>;
};

function causesOfAttempt(
  attempt: readonly TimelineStep[],
  steps: readonly TimelineStep[],
  facts: CauseFacts,
): AttemptCause[] {
  const issued = attempt.find(({ name }) => name === 'code.issued');
  if (issued) return causesAfterCode(attempt, issued, steps, facts);
  const last = attempt.at(-1);
  if (!last || attempt.some(({ name }) => ENDED.test(name)) || quietFor(last, facts) < LEFT_MS) return [];
  const evidence = `nothing since ${last.at.toISOString()}`;
  const { at } = last;
  if (attempt.some(({ name }) => name === 'upstream.redirected')) {
    const redirected = attempt.findLast(({ name }) => name === 'upstream.redirected');
    return [{ id: 'never_came_back', at, evidence: `at ${redirected?.connector ?? 'the provider'}, ${evidence}` }];
  }
  const shown = attempt.find(({ name }) => name === 'page.shown');
  const platform = shown?.data['platform'];
  if (!shown) return [{ id: 'page_never_loaded', at, evidence }];
  return [
    { id: 'page_left', at, evidence: `${typeof platform === 'string' ? platform : 'unknown'} platform, ${evidence}` },
  ];
}

function causesAfterCode(
  attempt: readonly TimelineStep[],
  issued: TimelineStep,
  steps: readonly TimelineStep[],
  facts: CauseFacts,
): AttemptCause[] {
  const since = issued.at.getTime();
  const asked = steps.some(
    ({ name, grantId, at: when }) =>
      (ASKED.test(name) && grantId === issued.grantId) || (name === 'client.refused' && when.getTime() >= since),
  );
  if (asked || quietFor(issued, facts) < REDEEMS_MS) return [];
  const { at } = issued;
  const length = issued.figures['redirectLength'] ?? 0;
  const began = attempt[0]?.at.getTime() ?? at.getTime();
  if (length > LONGEST_REDIRECT) return [{ id: 'redirect_too_long', at, evidence: `${String(length)} characters` }];
  const took = at.getTime() - began;
  if (took > STATE_LIVES_MS) {
    return [
      { id: 'state_expired', at, evidence: `${String(Math.round(took / MINUTE_MS))} minutes from request to code` },
    ];
  }
  return [{ id: 'no_token_request', at, evidence: `no token request since ${at.toISOString()}` }];
}

const ASKED = /^(?:token\.answered|code\.refused|code\.replayed)$/;

/** A living link that was refreshed once and is no longer. */
function stoppedRefreshing(steps: readonly TimelineStep[], facts: CauseFacts): Found | undefined {
  if (!facts.live) return undefined;
  const last = steps.findLast(({ name, status }) => name === 'token.answered' && status === 200);
  if (!last || quietFor(last, facts) < QUIET_MS + facts.accessTokenTtl * 1_000) return undefined;
  return { at: last.at, evidence: `the last tokens were given ${last.at.toISOString()}` };
}

/** Tokens were given to Alexa, whose permission for events wants a grant of its own at once. */
function withoutAcceptGrant(steps: readonly TimelineStep[], facts: CauseFacts): Found | undefined {
  if (!facts.sendsEvents || steps.some(({ name }) => name.startsWith('accept_grant.'))) return undefined;
  const issued = steps.findLast(({ name, outcome }) => name === 'token.answered' && outcome === 'issued');
  if (!issued || quietFor(issued, facts) < GRANTS_MS) return undefined;
  return { at: issued.at, evidence: `tokens were given ${issued.at.toISOString()}, and nothing since` };
}

const quietFor = (step: TimelineStep, { now }: CauseFacts): number => now.getTime() - step.at.getTime();
