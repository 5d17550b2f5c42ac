import type { FastifyRequest } from 'fastify';
import type { Principal } from '../sign-in/caller.js';
import type { AdminNeeds } from '../admin-needs.js';
import { presentsKey } from './operator-key.js';
import { notAuthenticated } from './problem.js';

/**
 * Who asks: by a bearer token, or by a session's cookie; undefined where the request brings neither.
 * @throws ApiProblem 401 for a bearer token that is nobody's: it is never overlooked in favour of a cookie
 */
export async function findPrincipal(
  { operatorKey, access }: Pick<AdminNeeds, 'operatorKey' | 'access'>,
  { headers }: FastifyRequest,
): Promise<Principal | undefined> {
  const { authorization, cookie } = headers;
  if (authorization !== undefined) {
    if (presentsKey(authorization, operatorKey)) return { kind: 'operator-key' };
    const bearer = /^Bearer ([\w-]{1,200})$/i.exec(authorization)?.[1];
    const key = bearer === undefined ? undefined : await access.resolveApiKey(bearer);
    if (key) return key;
    throw notAuthenticated('This is neither the operator key of DATA_DIR/operator.key nor an API key that works.');
  }
  return cookie === undefined ? undefined : access.resolveSession(cookie);
}
