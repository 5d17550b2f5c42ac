import type { Role } from '@linkbroker/contracts';
import { LoginTaken, type Invitation } from '@linkbroker/persistence';
import { isUuid } from '@linkbroker/protocol';
import { auditOfCall } from '../http/audit-of-call.js';
import { conflict, forbidden, notAuthenticated, notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import { auditEntry, personActor } from '../sign-in/audit-entry.js';
import type { Caller } from '../sign-in/caller.js';
import { checkFreshProof } from '../sign-in/check-fresh-proof.js';
import { checkNewPassword } from '../sign-in/change-password.js';
import { hashOfToken } from '../sign-in/first-operator.js';
import { limitGuesses } from '../sign-in/guess-limits.js';
import type { SignInNeeds } from '../sign-in/sign-in-needs.js';
import { checkMayGiveRole, heldPermissions } from './held-permissions.js';

const LASTS_MS = 7 * 86_400_000;

/** Invites somebody; whoever has the address may accept it, once. @throws ApiProblem 403 */
export async function invite(
  needs: Pick<SignInNeeds, 'now' | 'newId' | 'newSecret' | 'adminUrl' | 'members' | 'invitations'>,
  caller: Caller,
  { role, label }: { readonly role: Role; readonly label: string },
): Promise<Invitation & { readonly url: string }> {
  const tenantId = tenantOfCall(caller);
  checkFreshProof(needs, caller);
  checkMayGiveRole(await heldPermissions(needs, caller, tenantId), role);
  const [id, token, createdAt] = [needs.newId(), needs.newSecret(), needs.now()];
  const invitation = { id, role, label, createdAt, expiresAt: new Date(createdAt.getTime() + LASTS_MS) };
  const entry = auditOfCall(caller, createdAt, { action: 'invitation.created', subject: id, diff: { role, label } });
  await needs.invitations.create(tenantId, invitation, hashOfToken(token), entry);
  return { ...invitation, url: `${needs.adminUrl}/invitation#token=${token}` };
}

/** Takes an invitation back. @throws ApiProblem 404 */
export async function revokeInvitation(
  needs: Pick<SignInNeeds, 'now' | 'invitations'>,
  caller: Caller,
  id: string,
): Promise<void> {
  const tenantId = tenantOfCall(caller);
  const entry = auditOfCall(caller, needs.now(), { action: 'invitation.revoked', subject: id });
  if (!isUuid(id) || !(await needs.invitations.revoke(tenantId, id, entry)))
    throw notFound('There is no such invitation that could still be accepted.');
}

/** What somebody brings who was invited: an account is made where he is not signed in. */
export interface Accepting {
  readonly token: string;
  readonly account?: { readonly displayName: string; readonly login: string; readonly password: string } | undefined;
}

type AcceptNeeds = Pick<SignInNeeds, 'now' | 'newId' | 'invitations' | 'attempts' | 'passwords'>;

/**
 * Accepts an invitation: as whoever is signed in, or with a new account. Nobody becomes a member by an e-mail address.
 * @throws ApiProblem 401, 404, 409, 429
 */
export async function acceptInvitation(
  needs: AcceptNeeds,
  caller: Caller,
  { token, account }: Accepting,
): Promise<{ tenant: string; role: Role }> {
  const hash = hashOfToken(token);
  const found = await limitGuesses(needs, { at: null, address: caller.address }, () =>
    needs.invitations.resolve(hash, needs.now()),
  );
  if (!found) throw notFound('The invitation has run out, was accepted, or was taken back.');
  const { principal } = caller;
  if (principal?.kind === 'person' && principal.only !== null && principal.only !== found.tenantId)
    throw forbidden('This session is good for one tenant only. Sign in to the account itself.');
  const who = await whoAccepts(needs, caller, account);
  const what = { action: 'member.joined', subject: who.id };
  const entry = auditEntry(needs, personActor(who), what, caller.address);
  const acceptance = { accountId: who.id, account: who.made };
  const result = await needs.invitations.accept(found.tenantId, hash, acceptance, entry).catch((error: unknown) => {
    if (error instanceof LoginTaken) throw conflict('Somebody signs in by this name. Sign in first if that is you.');
    throw error;
  });
  if (result.outcome === 'member') throw conflict('You are a member already.');
  if (result.outcome !== 'accepted') throw notFound('The invitation has run out, was accepted, or was taken back.');
  return { tenant: found.slug, role: result.role };
}

async function whoAccepts(needs: AcceptNeeds, { principal }: Caller, account: Accepting['account']) {
  if (principal?.kind === 'person') {
    if (account) throw conflict('You are signed in: accept without a new account.');
    return { id: principal.accountId, displayName: principal.label, made: null };
  }
  if (principal || !account) throw notAuthenticated('Sign in first, or bring a name, a login and a password.');
  const { displayName, login, password } = account;
  checkNewPassword(login, password);
  const id = needs.newId();
  const passwordHash = await needs.passwords.hash(password);
  return { id, displayName, made: { id, displayName, login, passwordHash, operator: false, createdAt: needs.now() } };
}
