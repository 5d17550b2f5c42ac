import type { AdminSession } from '@linkbroker/ephemeral';
import { ApiProblem, conflict, notAuthenticated } from '../http/problem.js';
import { accountOf } from './account-of.js';
import { auditEntry, personActor } from './audit-entry.js';
import { limitGuesses } from './guess-limits.js';
import type { SignInNeeds } from './sign-in-needs.js';

type Needs = Pick<SignInNeeds, 'now' | 'accounts' | 'sessions' | 'attempts' | 'passwords'>;

/** Refuses a password that the login gives away; its length was looked at before. @throws ApiProblem 400 */
export function checkNewPassword(login: string, password: string): void {
  if (password.toLowerCase() !== login.toLowerCase()) return;
  throw new ApiProblem(400, 'The request is not understood', 'The password is the login.', {
    errors: [{ field: 'body.password', message: 'must not be the login' }],
  });
}

/** Changes the password of who knows the old one; other sessions of the account end. @throws ApiProblem 400, 401, 409, 429 */
export async function changePassword(
  needs: Needs,
  session: AdminSession,
  { current, password }: { readonly current: string; readonly password: string },
  address: string,
): Promise<void> {
  const account = await accountOf(needs, session);
  const { login, passwordHash } = account;
  if (passwordHash === null || login === null) throw conflict('The account has no password.');
  checkNewPassword(login, password);
  const right = await limitGuesses(needs, { at: `login:${login}`, address }, async () =>
    (await needs.passwords.verify(current, passwordHash)) ? true : undefined,
  );
  if (!right) throw notAuthenticated('The current password is wrong.');
  const entry = auditEntry(
    needs,
    personActor(account),
    { action: 'password.changed', subject: account.id, diff: { password: 'changed' } },
    address,
  );
  if (!(await needs.accounts.changePassword(account.id, passwordHash, await needs.passwords.hash(password), entry)))
    throw conflict('The password was changed meanwhile.');
  await needs.sessions.endOthers(account.id, session.id);
}
