import type { AdminSession } from '@linkbroker/ephemeral';
import type { Account } from '@linkbroker/persistence';
import { notAuthenticated } from '../http/problem.js';
import { beginSession, type BegunSession } from './begin-session.js';
import { limitGuesses } from './guess-limits.js';
import type { SignInNeeds } from './sign-in-needs.js';

/** Where a request comes from, and the session it may bring. */
export interface Visit {
  readonly address: string;
  readonly agent: string;
  readonly session: AdminSession | undefined;
}

type Needs = Pick<SignInNeeds, 'now' | 'newSecret' | 'accounts' | 'sessions' | 'attempts' | 'passwords'>;

/**
 * Signs in with login and password. An unknown login, a wrong password and an account that was disabled take as long and
 * get the same answer.
 * @throws ApiProblem 401, 429
 */
export async function signInByPassword(
  needs: Needs,
  { login, password }: { readonly login: string; readonly password: string },
  visit: Visit,
): Promise<BegunSession> {
  const name = login.trim().toLowerCase();
  const account = await limitGuesses(needs, { at: `login:${name}`, address: visit.address }, () =>
    checkPassword(needs, name, password),
  );
  if (!account) throw notAuthenticated('Login or password is wrong.');
  const { agent, session: replaces } = visit;
  return beginSession(needs, { account, method: 'password', secondFactor: false, agent, replaces, only: null });
}

async function checkPassword(
  { accounts, passwords }: Pick<Needs, 'accounts' | 'passwords'>,
  login: string,
  password: string,
): Promise<Account | undefined> {
  const account = await accounts.findByLogin(login);
  const matches = await passwords.verify(password, account?.passwordHash ?? null);
  return matches && account?.disabledAt === null ? account : undefined;
}
