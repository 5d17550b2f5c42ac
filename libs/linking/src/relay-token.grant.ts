import type { Deadline, Skill, TraceName } from '@linkbroker/contracts';
import { OAuthError, unavailable, uuidV7, type RelayedTokenRequest, type RelayVerdict } from '@linkbroker/protocol';
import { setTimeout as pause } from 'node:timers/promises';
import { keepRelayedAnswer } from './relay-keep.js';
import type { RelayCall, RelayedAnswer, RelayNeeds, RelayPlace } from './relay-needs.js';
import { openRelayedAnswer, relayPlaceOf } from './relay-place.js';
import { askRelayed, prepareRelayedRequest, type JudgedAnswer } from './relay-upstream.js';
import type { GrantResult } from './token-endpoint.js';

/** The existing server's share of a request's time. */
const UPSTREAM_MS = 3_000;
/** What is left for storing its answer. */
const STORE_MS = 300;
/** Less is not worth presenting a token for: it may be spent, and nobody would hear of it. */
const LEAST_UPSTREAM_MS = 500;
/** Longer than any request takes: while it lasts, whoever has it may still be waiting for an answer. */
const LEASE_MS = 5_000;
/** How long a repeat is given the same answer. */
export const KEEP_RELAYED_MS = 24 * 60 * 60_000;
const FIRST_LOOK_MS = 40;
const LONGEST_LOOK_MS = 400;

/**
 * Presents a code or refresh token to the existing server and answers what came of it in the shape that Alexa takes. Of
 * all repeats and parallel requests with it one asks; the others are given the same answer.
 * @throws OAuthError `temporarily_unavailable` whenever that server gave no answer that settles it
 * @see ADR 0018, R94–R106
 */
export async function relayToken(needs: RelayNeeds, call: RelayCall, deadline: Deadline): Promise<GrantResult> {
  const { tenantId } = call.skill;
  const wire = await prepareRelayedRequest(needs, call, deadline);
  const place = relayPlaceOf(needs, call);
  const now = needs.now();
  const attemptId = uuidV7(now, needs.randomBytes(10));
  const keepUntil = new Date(now.getTime() + KEEP_RELAYED_MS);
  const { skillId, tokenHash } = place;
  const claim = { skillId, tokenHash, attemptId, leaseMs: LEASE_MS, keepUntil };
  const claimed = await needs.relayedTokens.claim(tenantId, claim, now, deadline);
  if (claimed.kind === 'claimed') return present(needs, call, { wire, place, attemptId, ...claimed }, deadline);
  const kept =
    claimed.kind === 'answered' ? claimed.answer : await waitFor(needs, call, place, claimed.attemptId, deadline);
  return replay(needs, call, place, kept);
}

/** Somebody else is asking. Their failure is ours too: one more try would come of each of many that wait. */
async function waitFor(
  needs: RelayNeeds,
  { skill }: RelayCall,
  place: RelayPlace,
  attemptId: string,
  deadline: Deadline,
): Promise<Buffer> {
  for (let look = FIRST_LOOK_MS; ; look = Math.min(look * 1.5, LONGEST_LOOK_MS)) {
    const left = deadline - performance.now();
    if (left <= look) throw unavailable(new Error('the same token is being presented by another request'));
    await pause(look);
    const found = await needs.relayedTokens.find(skill.tenantId, place, attemptId, deadline);
    if (found === 'ended') throw unavailable(new Error('another request with the same token got no answer'));
    if (found !== 'under-way') return found;
  }
}

/**
 * A code that was presented with another redirect URI or verifier is refused here: the existing server might take it for
 * stolen, and end what the rightful one brought.
 * @throws OAuthError `temporarily_unavailable` for an answer that should open and does not
 */
function replay(needs: RelayNeeds, call: RelayCall, place: RelayPlace, kept: Buffer): GrantResult {
  const answer = openRelayedAnswer(place, kept);
  if (!answer && call.request.grantType === 'authorization_code') {
    const detail = 'the code was presented before, with another redirect_uri or code_verifier';
    traceOf(needs, call, 'relay.refused', { detail });
    return resultOf({ refused: detail }, 'replayed');
  }
  if (!answer) {
    traceOf(needs, call, 'incident.decrypt_failed', { detail: 'an answer that was kept for a relay does not open' });
    throw unavailable(new Error('a kept answer does not open'));
  }
  const detail = 'tokens' in answer ? 'tokens' : 'refusal';
  traceOf(needs, call, 'relay.replayed', { outcome: detail, detail: call.request.grantType });
  return resultOf(answer, 'replayed');
}

function resultOf(answer: RelayedAnswer, outcome: 'relayed' | 'replayed'): GrantResult {
  if ('tokens' in answer) return { outcome, answer: answer.tokens };
  const what = answer.refused;
  const refusal = new OAuthError('invalid_grant', 'The authorization server refuses it.', { cause: what });
  return { outcome: 'refused', answer: refusal };
}

interface Attempt {
  readonly wire: RelayedTokenRequest;
  readonly place: RelayPlace;
  readonly attemptId: string;
  /** How often the token has been presented, this time included. */
  readonly attempt: number;
}

async function present(needs: RelayNeeds, call: RelayCall, attempt: Attempt, deadline: Deadline): Promise<GrantResult> {
  const upstreamDeadline = Math.min(performance.now() + UPSTREAM_MS, deadline - STORE_MS);
  const judged = await ask(needs, call, attempt, upstreamDeadline).catch(async (error: unknown) => {
    const reason = error instanceof Error ? error.message : 'no answer';
    return fail(needs, call, attempt, { reason, cause: error }, deadline);
  });
  const { verdict } = judged;
  if (verdict.kind === 'failed') return fail(needs, call, attempt, { ...judged, reason: verdict.reason }, deadline);
  traceAnswer(needs, call, judged, verdict);
  const answer = verdict.kind === 'tokens' ? { tokens: verdict.tokens } : { refused: verdict.code };
  const kept = await keepRelayedAnswer(needs, call, attempt.place, { answer, ...lifeOf(verdict) }, deadline);
  return resultOf(kept, 'relayed');
}

async function ask(
  needs: RelayNeeds,
  call: RelayCall,
  { wire }: Attempt,
  upstreamDeadline: Deadline,
): Promise<JudgedAnswer> {
  if (upstreamDeadline - performance.now() < LEAST_UPSTREAM_MS) throw new Error('no time left to ask');
  return askRelayed(needs, call, wire, upstreamDeadline);
}

/** How long repeats may be given this answer. @see ADR 0018, "A token that is not spent" */
const lifeOf = (verdict: Exclude<RelayVerdict, { kind: 'failed' }>): { readonly keepMs: number } => {
  if (verdict.kind === 'refused' || verdict.spent) return { keepMs: KEEP_RELAYED_MS };
  return { keepMs: Math.min(UNSPENT_MS, (verdict.tokens.expires_in * 1_000) / 2) };
};

/** A token that was not replaced is presented again for each access token: only what comes at once is a repeat. */
const UNSPENT_MS = 60_000;

interface Failure {
  readonly reason: string;
  readonly cause?: unknown;
  readonly status?: number;
  readonly ms?: number;
}

/** Nothing is settled: the next try may begin at once. @throws OAuthError `temporarily_unavailable`, always */
async function fail(
  needs: RelayNeeds,
  call: RelayCall,
  { place, attemptId, attempt }: Attempt,
  { reason, cause, status, ms }: Failure,
  deadline: Deadline,
): Promise<never> {
  const seen = { ...(status !== undefined && { status }), ...(ms !== undefined && { ms }) };
  traceOf(needs, call, 'relay.failed', { detail: reason, ...seen, figures: { attempt } });
  const until = Math.max(deadline, performance.now() + STORE_MS);
  // Where this fails too, the lease ends by itself.
  await needs.relayedTokens.release(call.skill.tenantId, place, attemptId, until).catch(() => undefined);
  throw unavailable(cause ?? new Error(`the existing server gave no usable answer: ${reason}`));
}

function traceAnswer(
  needs: RelayNeeds,
  call: RelayCall,
  { status, ms }: JudgedAnswer,
  verdict: Exclude<RelayVerdict, { kind: 'failed' }>,
): void {
  if (verdict.kind === 'refused') {
    traceOf(needs, call, 'relay.refused', { detail: verdict.code, status, ms });
    return;
  }
  const { told, repaired, tokens } = verdict;
  const figures = { expiresIn: tokens.expires_in };
  traceOf(needs, call, 'relay.answered', { status, ms, figures, ...(told.length > 0 && { detail: told.join(', ') }) });
  if (repaired.length > 0) traceOf(needs, call, 'relay.repaired', { detail: repaired.join(', ') });
}

type Told = Omit<Parameters<RelayNeeds['trace']>[0], 'name' | 'tenantId' | 'skillId'>;

function traceOf(needs: Pick<RelayNeeds, 'trace'>, { skill }: { skill: Skill }, name: TraceName, told: Told): void {
  needs.trace({ name, tenantId: skill.tenantId, skillId: skill.id, ...told });
}
