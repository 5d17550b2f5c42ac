import type { AdminSession } from '@linkbroker/ephemeral';
import { forbidden } from '../http/problem.js';
import { hasFactor } from './begin-session.js';
import type { SignInNeeds } from './sign-in-needs.js';

/** Milliseconds for which a proof is fresh enough to change what proves. */
const FRESH_MS = 15 * 60_000;

/**
 * Factors are changed by who has just presented one; the first one is set up by who has just signed in. A session that
 * still owes its second factor changes nothing: a password alone would otherwise be enough to add one. Neither does one
 * that a tenant's own provider vouched for: it would become a way into everything else that the account may do.
 * @throws ApiProblem 403
 */
export async function checkMayChangeFactors(
  { accounts, now }: Pick<SignInNeeds, 'accounts' | 'now'>,
  session: AdminSession,
): Promise<void> {
  if (session.only !== null) throw forbidden('Factors cannot be changed in a session of a tenant’s own provider.');
  if (session.stage === 'second-factor') throw forbidden('Present the second factor first.');
  const enrolled = hasFactor(await accounts.factorsOf(session.accountId));
  const provenAt = enrolled ? session.secondFactorAt : session.createdAt;
  if (provenAt && now().getTime() - provenAt.getTime() < FRESH_MS) return;
  throw forbidden(enrolled ? 'Present the second factor again.' : 'Sign in again.');
}
