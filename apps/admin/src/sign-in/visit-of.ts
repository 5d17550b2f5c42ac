import type { AdminSession } from '@linkbroker/ephemeral';
import type { FastifyRequest } from 'fastify';
import { forbidden, notAuthenticated } from '../http/problem.js';
import { findSession } from './access.js';
import { agentName } from './agent-name.js';
import type { Visit } from './sign-in-by-password.js';
import type { SignInNeeds } from './sign-in-needs.js';

/** Where a request comes from, with the session of its cookie, however far that is. */
export async function visitOf(needs: Pick<SignInNeeds, 'now' | 'sessions'>, request: FastifyRequest): Promise<Visit> {
  const { cookie } = request.headers;
  const agent = agentName(request.headers['user-agent']);
  return { address: request.ip, agent, session: await findSession(needs, cookie) };
}

/** The session of a request, also one that still owes its second factor. @throws ApiProblem 401 */
export async function sessionOf(
  needs: Pick<SignInNeeds, 'now' | 'sessions'>,
  request: FastifyRequest,
): Promise<AdminSession> {
  const session = await findSession(needs, request.headers.cookie);
  if (!session) throw notAuthenticated('Sign in first.');
  return session;
}

/**
 * The session of a request, as long as it is good for the whole account: what a tenant's own provider vouched for has
 * nothing to do with what the account does elsewhere.
 * @throws ApiProblem 401, 403
 */
export async function wholeSessionOf(
  needs: Pick<SignInNeeds, 'now' | 'sessions'>,
  request: FastifyRequest,
): Promise<AdminSession> {
  const session = await sessionOf(needs, request);
  if (session.only === null) return session;
  throw forbidden('This session is good for one tenant only. Sign in to the account itself.');
}
