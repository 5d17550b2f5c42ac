import type { AdminSession } from '@linkbroker/ephemeral';
import type { Account, Factors } from '@linkbroker/persistence';
import type { TenantId } from '@linkbroker/contracts';
import type { SignInNeeds } from './sign-in-needs.js';

/** A session and the secret that the browser gets; nobody else knows it. */
export interface BegunSession {
  readonly secret: string;
  readonly session: AdminSession;
}

/** How somebody proved who they are. */
export interface SignedIn {
  readonly account: Account;
  readonly method: AdminSession['method'];
  /** Whether a second factor was part of it, as with a passkey. */
  readonly secondFactor: boolean;
  readonly agent: string;
  /** What the browser had before; it ends. */
  readonly replaces: AdminSession | undefined;
  readonly only: TenantId | null;
}

type Needs = Pick<SignInNeeds, 'now' | 'newSecret' | 'accounts' | 'sessions'>;

/** Begins a session, as far as its proof goes, under a secret that was never used before. */
export async function beginSession(needs: Needs, signedIn: SignedIn): Promise<BegunSession> {
  const { account, method, secondFactor, agent, only } = signedIn;
  const now = needs.now();
  const factors = await needs.accounts.factorsOf(account.id);
  const stage = secondFactor ? 'signed-in' : stageOf(account, factors, only);
  const secondFactorAt = secondFactor ? now : null;
  const begun = {
    accountId: account.id,
    stage,
    method,
    csrf: needs.newSecret(),
    secondFactorAt,
    only,
    agent,
    createdAt: now,
  };
  return keep(needs, begun, signedIn.replaces, now);
}

/** The same session with a second factor, under a new secret: who had the old one has nothing. */
export async function raiseSession(
  needs: Pick<Needs, 'now' | 'newSecret' | 'sessions'>,
  session: AdminSession,
): Promise<BegunSession> {
  const { id: _id, lastSeenAt: _seen, ...same } = session;
  const now = needs.now();
  return keep(needs, { ...same, stage: 'signed-in', csrf: needs.newSecret(), secondFactorAt: now }, session, now);
}

async function keep(
  { newSecret, sessions }: Pick<Needs, 'newSecret' | 'sessions'>,
  begun: Omit<AdminSession, 'id' | 'lastSeenAt'>,
  replaces: AdminSession | undefined,
  now: Date,
): Promise<BegunSession> {
  const secret = newSecret();
  const session = await sessions.begin(secret, begun, now);
  if (replaces) await sessions.end(replaces.accountId, replaces.id);
  return { secret, session };
}

export const hasFactor = ({ totp, passkeys }: Factors): boolean => totp || passkeys > 0;

/** A tenant's provider makes nobody an operator, and so nobody owes a factor for it. */
function stageOf(account: Account, factors: Factors, only: TenantId | null): AdminSession['stage'] {
  if (hasFactor(factors)) return 'second-factor';
  return account.operator && only === null ? 'enrol' : 'signed-in';
}
