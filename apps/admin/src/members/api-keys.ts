import type { Permission } from '@linkbroker/contracts';
import type { ApiKey } from '@linkbroker/persistence';
import { isUuid } from '@linkbroker/protocol';
import { actorOfCall, auditOfCall } from '../http/audit-of-call.js';
import { notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import { hashOfKey } from '../sign-in/access.js';
import type { Caller } from '../sign-in/caller.js';
import { checkFreshProof } from '../sign-in/check-fresh-proof.js';
import type { SignInNeeds } from '../sign-in/sign-in-needs.js';
import { checkMayGive, heldPermissions } from './held-permissions.js';

const DAY_MS = 86_400_000;

/** What a key is to be. */
export interface WantedKey {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly expiresInDays: number;
}

/** Makes an API key with at most what its maker holds, and for no longer than a key that makes it; only its hash is kept. @throws ApiProblem 403 */
export async function createApiKey(
  needs: Pick<SignInNeeds, 'now' | 'newId' | 'newSecret' | 'members' | 'apiKeys'>,
  caller: Caller,
  { name, permissions, expiresInDays }: WantedKey,
): Promise<ApiKey & { readonly key: string }> {
  const tenantId = tenantOfCall(caller);
  checkFreshProof(needs, caller);
  checkMayGive(await heldPermissions(needs, caller, tenantId), permissions);
  const [id, key, createdAt] = [needs.newId(), `lbk_${needs.newSecret()}`, needs.now()];
  const wanted = new Date(createdAt.getTime() + expiresInDays * DAY_MS);
  const expiresAt = await noLaterThanItsMaker(needs, caller, wanted);
  const distinct = [...new Set(permissions)];
  const made = {
    id,
    name,
    permissions: distinct,
    createdBy: actorOfCall(caller).label,
    createdAt,
    expiresAt,
    lastUsedAt: null,
  };
  const diff = { name, permissions: distinct, expiresAt: expiresAt.toISOString() };
  const entry = auditOfCall(caller, createdAt, { action: 'api-key.created', subject: id, diff });
  await needs.apiKeys.create(tenantId, made, hashOfKey(key), entry);
  return { ...made, key };
}

/** A key that was made by another would otherwise outlive what its owner meant to give. */
async function noLaterThanItsMaker(
  { apiKeys }: Pick<SignInNeeds, 'apiKeys'>,
  caller: Caller,
  wanted: Date,
): Promise<Date> {
  const { principal } = caller;
  if (principal?.kind !== 'api-key') return wanted;
  const maker = (await apiKeys.list(tenantOfCall(caller))).find(({ id }) => id === principal.keyId);
  if (!maker) throw notFound('The key that asks is gone.');
  return maker.expiresAt < wanted ? maker.expiresAt : wanted;
}

/** Revokes an API key: the next request with it is refused. @throws ApiProblem 404 */
export async function revokeApiKey(
  needs: Pick<SignInNeeds, 'now' | 'apiKeys'>,
  caller: Caller,
  id: string,
): Promise<void> {
  const tenantId = tenantOfCall(caller);
  const entry = auditOfCall(caller, needs.now(), { action: 'api-key.revoked', subject: id });
  if (!isUuid(id) || !(await needs.apiKeys.revoke(tenantId, id, entry)))
    throw notFound('The tenant has no such API key.');
}
