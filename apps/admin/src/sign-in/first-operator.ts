import { LoginTaken } from '@linkbroker/persistence';
import { createHash } from 'node:crypto';
import { conflict, notAuthenticated } from '../http/problem.js';
import { auditEntry, personActor } from './audit-entry.js';
import { beginSession, type BegunSession } from './begin-session.js';
import { checkNewPassword } from './change-password.js';
import { limitGuesses } from './guess-limits.js';
import type { Visit } from './sign-in-by-password.js';
import type { SignInNeeds } from './sign-in-needs.js';

const LASTS_MS = 60 * 60_000;

/** What a one-time link is known by. */
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * A one-time link to the page on which the first operator's account is made, good for an hour; links before it are void.
 * Its token stands behind the `#`, which browsers send to nobody. Undefined once there is an operator.
 */
export async function issueWelcomeLink({
  bootstrap,
  newSecret,
  now,
  adminUrl,
}: Pick<SignInNeeds, 'bootstrap' | 'newSecret' | 'now' | 'adminUrl'>): Promise<string | undefined> {
  const token = newSecret();
  const issued = await bootstrap.issue(hashOfToken(token), new Date(now().getTime() + LASTS_MS));
  return issued ? `${adminUrl}/welcome#token=${token}` : undefined;
}

/** Who the first operator is to be. */
export interface Welcome {
  readonly token: string;
  readonly displayName: string;
  readonly login: string;
  readonly password: string;
}

type Needs = Pick<
  SignInNeeds,
  'now' | 'newId' | 'newSecret' | 'accounts' | 'bootstrap' | 'sessions' | 'attempts' | 'passwords'
>;

/**
 * Makes the first operator, who then has to set up a second factor. Of many who try, one becomes it.
 * @throws ApiProblem 400, 401 for a link that is spent, has run out or is void, 409, 429
 */
export async function welcomeOperator(needs: Needs, welcome: Welcome, visit: Visit): Promise<BegunSession> {
  const { token, displayName, login, password } = welcome;
  checkNewPassword(login, password);
  const id = needs.newId();
  const made = { id, displayName, login, operator: true };
  const entry = auditEntry(
    needs,
    personActor(made),
    { action: 'operator.created', subject: id, diff: { login } },
    visit.address,
  );
  const consumed = await limitGuesses(needs, { at: null, address: visit.address }, async () => {
    const passwordHash = await needs.passwords.hash(password);
    return (
      (await consume(needs, hashOfToken(token), { ...made, passwordHash, createdAt: entry.at }, entry)) || undefined
    );
  });
  if (!consumed) throw notAuthenticated('The link has run out, was used, or there is an operator already.');
  const account = await needs.accounts.find(id);
  if (!account) throw conflict('The account is gone again.');
  const { agent, session: replaces } = visit;
  return beginSession(needs, { account, method: 'password', secondFactor: false, agent, replaces, only: null });
}

async function consume(
  { bootstrap }: Pick<Needs, 'bootstrap'>,
  ...[hash, account, entry]: Parameters<SignInNeeds['bootstrap']['consume']>
): Promise<boolean> {
  try {
    return await bootstrap.consume(hash, account, entry);
  } catch (error) {
    if (error instanceof LoginTaken) throw conflict('Somebody signs in by this name. Choose another one.');
    throw error;
  }
}
