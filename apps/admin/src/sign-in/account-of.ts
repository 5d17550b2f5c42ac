import type { AdminSession } from '@linkbroker/ephemeral';
import type { Account } from '@linkbroker/persistence';
import { notAuthenticated } from '../http/problem.js';
import type { SignInNeeds } from './sign-in-needs.js';

/** The account of a session. @throws ApiProblem 401 where it was disabled since */
export async function accountOf(
  { accounts }: { readonly accounts: Pick<SignInNeeds['accounts'], 'find'> },
  session: AdminSession,
): Promise<Account> {
  const account = await accounts.find(session.accountId);
  if (account?.disabledAt === null) return account;
  throw notAuthenticated('Sign in first.');
}
