import { ApiProblem } from '../http/problem.js';
import type { Caller } from './caller.js';

/** Milliseconds for which a proof is fresh enough for what opens doors to others. */
const FRESH_MS = 15 * 60_000;

/**
 * Asks a person for a proof of the last quarter of an hour: a second factor, or where the session has none its sign-in.
 * Whoever found a browser open gives nobody a key. Keys prove themselves with every request.
 * @throws ApiProblem 403
 */
export function checkFreshProof({ now }: { readonly now: () => Date }, { principal }: Caller): void {
  if (principal?.kind !== 'person') return;
  const { secondFactorAt, signedInAt } = principal;
  if (now().getTime() - (secondFactorAt ?? signedInAt).getTime() < FRESH_MS) return;
  const how = secondFactorAt ? 'Present the second factor again.' : 'Sign in again.';
  throw new ApiProblem(403, 'Proof is too old', `This needs a proof of the last 15 minutes. ${how}`);
}
