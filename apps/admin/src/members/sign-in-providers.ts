import type { TenantId } from '@linkbroker/contracts';
import type { SignInProvider } from '@linkbroker/persistence';
import { isUuid } from '@linkbroker/protocol';
import { auditOfCall } from '../http/audit-of-call.js';
import { conflict, notFound } from '../http/problem.js';
import type { Caller } from '../sign-in/caller.js';
import { checkFreshProof } from '../sign-in/check-fresh-proof.js';
import { placeOfProviderSecret } from '../sign-in/sign-in-by-provider.js';
import type { SignInNeeds } from '../sign-in/sign-in-needs.js';

/** An OpenID provider as it is asked for. */
export interface WantedProvider {
  readonly slug: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Adds a provider to a tenant, or with null to the installation. @throws ApiProblem 409 where the slug is taken */
export async function addSignInProvider(
  needs: Pick<SignInNeeds, 'now' | 'newId' | 'providers' | 'seal'>,
  caller: Caller,
  tenantId: TenantId | null,
  { clientSecret, ...wanted }: WantedProvider,
): Promise<SignInProvider> {
  checkFreshProof(needs, caller);
  const provider = { ...wanted, id: needs.newId(), createdAt: needs.now() };
  const sealed = needs.seal.seal(placeOfProviderSecret(provider.id), Buffer.from(clientSecret));
  const diff = { ...wanted, clientSecret: 'changed' };
  const what = { action: 'sign-in-provider.added', subject: provider.id, diff };
  const entry = auditOfCall(caller, provider.createdAt, what);
  if (await needs.providers.add(tenantId, provider, sealed, entry)) return provider;
  throw conflict('A provider has this slug. Choose another one.');
}

/** Removes a provider. @throws ApiProblem 404 */
export async function removeSignInProvider(
  needs: Pick<SignInNeeds, 'now' | 'providers'>,
  caller: Caller,
  tenantId: TenantId | null,
  id: string,
): Promise<void> {
  checkFreshProof(needs, caller);
  const entry = auditOfCall(caller, needs.now(), { action: 'sign-in-provider.removed', subject: id });
  if (!isUuid(id) || !(await needs.providers.remove(tenantId, id, entry))) throw notFound('There is no such provider.');
}
