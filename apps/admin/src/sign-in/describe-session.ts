import type { SentSession } from '@linkbroker/contracts';
import type { AdminSession } from '@linkbroker/ephemeral';
import type { SignInNeeds } from './sign-in-needs.js';

const SIGNED_OUT: SentSession = {
  stage: 'signed-out',
  account: null,
  tenants: [],
  csrf: null,
  secondFactorAt: null,
  factors: null,
};

/** What a browser is told of its session. Before the second factor that is not where the account is a member. */
export async function describeSession(
  { accounts }: { readonly accounts: Pick<SignInNeeds['accounts'], 'find' | 'factorsOf' | 'membershipsOf'> },
  session: AdminSession | undefined,
): Promise<SentSession> {
  const account = session && (await accounts.find(session.accountId));
  if (!account || account.disabledAt) return SIGNED_OUT;
  const { id, displayName, login, operator } = account;
  const { stage, csrf, secondFactorAt, only } = session;
  const memberships = stage === 'signed-in' ? await accounts.membershipsOf(id) : [];
  return {
    stage,
    account: { id, displayName, login, operator },
    tenants: memberships
      .filter(({ tenantId }) => only === null || only === tenantId)
      .map(({ slug, name, role }) => ({ slug, name, role })),
    csrf,
    secondFactorAt: secondFactorAt?.toISOString() ?? null,
    factors: await accounts.factorsOf(id),
  };
}
