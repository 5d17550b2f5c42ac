import { ROLE_PERMISSIONS, type Role } from '@linkbroker/contracts';
import type { Member, MemberOutcome } from '@linkbroker/persistence';
import { isUuid } from '@linkbroker/protocol';
import { auditOfCall } from '../http/audit-of-call.js';
import { conflict, notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { checkFreshProof } from '../sign-in/check-fresh-proof.js';
import type { SignInNeeds } from '../sign-in/sign-in-needs.js';
import { checkMayGive, checkMayGiveRole, heldPermissions } from './held-permissions.js';

type Needs = Pick<SignInNeeds, 'now' | 'members'>;

/** Gives a member another role, at most what the caller holds. @throws ApiProblem 403, 404, 409 for the last owner */
export async function changeMember(needs: Needs, caller: Caller, accountId: string, role: Role): Promise<Member> {
  const tenantId = tenantOfCall(caller);
  checkFreshProof(needs, caller);
  const member = await memberOf(needs, caller, accountId);
  const held = await heldPermissions(needs, caller, tenantId);
  checkMayGiveRole(held, role);
  checkMayGive(held, ROLE_PERMISSIONS[member.role]);
  const diff = { role: { from: member.role, to: role } };
  const entry = auditOfCall(caller, needs.now(), { action: 'member.role-changed', subject: member.id, diff });
  checkOutcome(await needs.members.changeRole(tenantId, member.id, role, entry));
  return { ...member, role };
}

/** Removes a member. @throws ApiProblem 403, 404, 409 for the last owner */
export async function removeMember(needs: Needs, caller: Caller, accountId: string): Promise<void> {
  const tenantId = tenantOfCall(caller);
  checkFreshProof(needs, caller);
  const member = await memberOf(needs, caller, accountId);
  checkMayGive(await heldPermissions(needs, caller, tenantId), ROLE_PERMISSIONS[member.role]);
  const what = { action: 'member.removed', subject: member.id, diff: { role: member.role } };
  checkOutcome(await needs.members.remove(tenantId, member.id, auditOfCall(caller, needs.now(), what)));
}

async function memberOf({ members }: Needs, caller: Caller, accountId: string): Promise<Member> {
  const all = isUuid(accountId) ? await members.list(tenantOfCall(caller)) : [];
  const member = all.find(({ id }) => id === accountId.toLowerCase());
  if (!member) throw notFound('The tenant has no such member.');
  return member;
}

function checkOutcome(outcome: MemberOutcome): void {
  if (outcome === 'missing') throw notFound('The tenant has no such member.');
  if (outcome === 'last-owner') throw conflict('A tenant keeps its last owner: make somebody else an owner first.');
}
