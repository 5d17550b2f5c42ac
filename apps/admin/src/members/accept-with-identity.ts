import type { Account, FoundSignInProvider } from '@linkbroker/persistence';
import { forbidden, notFound } from '../http/problem.js';
import { auditEntry, personActor } from '../sign-in/audit-entry.js';
import { hashOfToken } from '../sign-in/first-operator.js';
import type { Vouched } from '../sign-in/provider-client.js';
import type { SignInNeeds } from '../sign-in/sign-in-needs.js';

/** Who came back from a provider with an invitation. */
export interface InvitedByProvider {
  readonly vouched: Vouched;
  readonly provider: FoundSignInProvider;
  readonly known: Account | undefined;
  readonly invitation: string;
}

const LONGEST_NAME = 80;

/**
 * Accepts an invitation as whom the provider vouches for, with a new account where nobody is known by that. A tenant's
 * provider makes members of that tenant only. Who is a member already just signs in.
 * @throws ApiProblem 403, 404
 */
export async function acceptWithIdentity(
  needs: Pick<SignInNeeds, 'now' | 'newId' | 'invitations'>,
  { vouched, provider, known, invitation }: InvitedByProvider,
  address: string,
): Promise<void> {
  const hash = hashOfToken(invitation);
  const found = await needs.invitations.resolve(hash, needs.now());
  if (!found) throw notFound('The invitation has run out, was accepted, or was taken back.');
  if (provider.tenantId !== null && provider.tenantId !== found.tenantId)
    throw forbidden('This provider lets into its own tenant only.');
  const id = known?.id ?? needs.newId();
  const displayName = known?.displayName ?? ((vouched.name ?? '').trim().slice(0, LONGEST_NAME) || 'New member');
  const made = { id, displayName, login: null, passwordHash: null, operator: false, createdAt: needs.now() };
  const { issuer, subject } = vouched;
  const who = known
    ? { accountId: id, account: null }
    : { accountId: id, account: made, identity: { issuer, subject } };
  const what = { action: 'member.joined', subject: id, diff: { provider: provider.slug } };
  const entry = auditEntry(needs, personActor({ id, displayName }), what, address);
  const { outcome } = await needs.invitations.accept(found.tenantId, hash, who, entry);
  if (outcome === 'void') throw notFound('The invitation has run out, was accepted, or was taken back.');
}
