import type { AdminSession } from '@linkbroker/ephemeral';
import { conflict, forbidden, notAuthenticated } from '../http/problem.js';
import { auditEntry, personActor } from './audit-entry.js';
import { raiseSession, type BegunSession } from './begin-session.js';
import { checkMayChangeFactors } from './check-may-change-factors.js';
import { limitGuesses } from './guess-limits.js';
import { accountOf } from './account-of.js';
import type { SignInNeeds } from './sign-in-needs.js';
import { newTotpSecret, stepOfCode, totpUri } from './totp.js';

type Needs = Pick<SignInNeeds, 'now' | 'newSecret' | 'accounts' | 'sessions' | 'attempts' | 'seal'>;

const placeOf = (accountId: string): string => `accounts.totp_secret|${accountId}`;

/** Begins to set up an authenticator app. @throws ApiProblem 403, 409 while there is one */
export async function beginTotp(needs: Needs, session: AdminSession): Promise<{ secret: string; uri: string }> {
  const account = await accountOf(needs, session);
  await checkMayChangeFactors(needs, session);
  const secret = newTotpSecret();
  const sealed = needs.seal.seal(placeOf(account.id), Buffer.from(secret));
  if (!(await needs.accounts.beginTotp(account.id, sealed)))
    throw conflict('The account has an authenticator app. Remove it before setting up another one.');
  return { secret, uri: totpUri(account.login ?? account.displayName, secret) };
}

/** Confirms an authenticator app by its first code. @throws ApiProblem 401, 403, 409, 429 */
export async function confirmTotp(
  needs: Needs,
  session: AdminSession,
  code: string,
  address: string,
): Promise<BegunSession> {
  const account = await accountOf(needs, session);
  await checkMayChangeFactors(needs, session);
  const { totpSecret } = account;
  if (!totpSecret || account.totpConfirmed) throw conflict('No authenticator app is being set up.');
  const entry = auditEntry(needs, personActor(account), { action: 'totp.added', subject: account.id }, address);
  const done = await limitGuesses(needs, { at: `totp:${account.id}`, address }, async () => {
    const step = await stepOfCode(openSecret(needs, account.id, totpSecret), code, needs.now());
    return step !== undefined && (await needs.accounts.confirmTotp(account.id, totpSecret, step, entry))
      ? true
      : undefined;
  });
  if (!done) throw notAuthenticated('The code is wrong.');
  return raiseSession(needs, session);
}

/** Presents a code: of each time step one, once. @throws ApiProblem 401, 429 */
export async function presentTotp(
  needs: Needs,
  session: AdminSession,
  code: string,
  address: string,
): Promise<BegunSession> {
  const account = await accountOf(needs, session);
  const { totpSecret } = account;
  const right = await limitGuesses(needs, { at: `totp:${account.id}`, address }, async () => {
    if (!totpSecret || !account.totpConfirmed) return undefined;
    const step = await stepOfCode(openSecret(needs, account.id, totpSecret), code, needs.now());
    return step !== undefined && (await needs.accounts.takeTotpStep(account.id, step)) ? true : undefined;
  });
  if (!right) throw notAuthenticated('The code is wrong, or was used before.');
  return raiseSession(needs, session);
}

/** Removes the authenticator app. @throws ApiProblem 403, 409 */
export async function removeTotp(needs: Needs, session: AdminSession, address: string): Promise<void> {
  const account = await accountOf(needs, session);
  await checkMayChangeFactors(needs, session);
  if (!account.totpConfirmed) throw forbidden('The account has no authenticator app.');
  const entry = auditEntry(needs, personActor(account), { action: 'totp.removed', subject: account.id }, address);
  if (!(await needs.accounts.removeTotp(account.id, entry)))
    throw conflict("An operator's last factor stays: add a passkey first.");
}

const openSecret = ({ seal }: Pick<Needs, 'seal'>, accountId: string, sealed: Buffer): string =>
  seal.open(placeOf(accountId), sealed).toString();
