import type { Deadline } from '@linkbroker/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { RelayCall, RelayedAnswer, RelayNeeds, RelayPlace } from './relay-needs.js';
import { openRelayedAnswer, sealRelayedAnswer } from './relay-place.js';

/** An answer, and for how long repeats are given it. */
export interface AnswerToKeep {
  readonly answer: RelayedAnswer;
  readonly keepMs: number;
}

/** At least this much time is spent on storing, even where the existing server took all there was. */
const LEAST_STORE_MS = 300;
const BETWEEN_TRIES_MS = 50;

/**
 * Keeps an answer for repeats, trying for as long as the request lasts. What cannot be kept is answered all the same: the
 * tokens are the household's.
 * @returns the answer to give: the one that was kept, which is another's where that came first
 * @see R108, ADR 0018
 */
export async function keepRelayedAnswer(
  needs: RelayNeeds,
  { skill }: RelayCall,
  place: RelayPlace,
  { answer, keepMs }: AnswerToKeep,
  deadline: Deadline,
): Promise<RelayedAnswer> {
  const { tenantId } = skill;
  const sealed = sealRelayedAnswer(needs, place, answer);
  const keepUntil = new Date(needs.now().getTime() + keepMs);
  const until = Math.max(deadline, performance.now() + LEAST_STORE_MS);
  let cause: unknown;
  do {
    try {
      const kept = await needs.relayedTokens.answer(tenantId, place, sealed, keepUntil, until);
      const known = kept && (kept.equals(sealed) ? answer : openRelayedAnswer(place, kept));
      if (known) return known;
      cause = new Error('its row is gone');
      break;
    } catch (error) {
      cause = error;
      await pause(BETWEEN_TRIES_MS);
    }
  } while (performance.now() < until);
  const detail = `relay: ${cause instanceof Error ? cause.message : 'unknown'}`;
  needs.trace({ name: 'incident.token_not_stored', tenantId, skillId: skill.id, detail });
  return answer;
}
