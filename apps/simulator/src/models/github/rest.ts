import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticateClient } from '../../upstream/clients.js';
import { OAuthRefusal } from '../../upstream/refusal.js';
import { findUser, type UpstreamUser } from '../../upstream/users.js';
import type { ModelClient } from '../clients.js';
import { isLive, type Token } from '../ledger.js';
import type { Model } from '../model.js';
import { bearerToken } from '../token-route.js';

/** Numbers, not text: a client that takes a subject for text has to notice. */
const ids: Readonly<Record<string, number>> = { alice: 583_231, bob: 583_232 };

const docs = 'https://docs.github.com/rest';

const problem = (reply: FastifyReply, status: number, message: string): FastifyReply =>
  reply.code(status).send({ message, documentation_url: docs, status: String(status) });

/** @see https://docs.github.com/en/rest/users/users#get-the-authenticated-user */
const profile = ({ username, name, email }: UpstreamUser): object => {
  return { login: username, id: ids[username] ?? 0, type: 'User', name, email };
};

/** @see https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent */
function user(model: Model, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!request.headers['user-agent']) return problem(reply, 403, 'A User-Agent header is required.');
  const token = model.ledger.findLive(bearerToken(request), 'access', model.now(request));
  const found = token && findUser(token.grant.account.username);
  if (!found) return problem(reply, 401, 'Bad credentials');
  return reply.header('x-oauth-scopes', token.grant.scope.join(', ')).send(profile(found));
}

type Revocation = FastifyRequest<{ Params: { clientId: string } }>;

function readClient(model: Model, request: Revocation): ModelClient | undefined {
  const { authorization } = request.headers;
  try {
    const named = new Map([['client_id', request.params.clientId]]);
    return authorization === undefined ? undefined : authenticateClient(model.clients.list(), authorization, named);
  } catch (error) {
    if (error instanceof OAuthRefusal) return undefined;
    throw error;
  }
}

function readToken(model: Model, request: Revocation, client: ModelClient): Token | undefined {
  const { access_token } = (request.body ?? {}) as { access_token?: unknown };
  const token = typeof access_token === 'string' ? model.ledger.find(access_token, 'access') : undefined;
  const own = token?.grant.account.clientId === client.clientId;
  return token && own && isLive(token, model.now(request)) ? token : undefined;
}

/**
 * With Basic credentials of the client and the token as JSON: `/grant` ends everything that the client has from the
 * user, `/token` only this token.
 * @see https://docs.github.com/en/rest/apps/oauth-applications
 */
function revoke(model: Model, request: Revocation, reply: FastifyReply, what: 'grant' | 'token'): FastifyReply {
  const client = readClient(model, request);
  if (!client) return problem(reply, 401, 'Requires authentication');
  const token = readToken(model, request, client);
  if (!token) return problem(reply, 422, 'Validation Failed');
  if (what === 'grant') model.ledger.endAccount(token.grant.account);
  else token.ended = 'revoked';
  model.count.count('revocations');
  return reply.code(204).send();
}

/** What lives at api.github.com. */
export function restRoutes(server: FastifyInstance, model: Model): void {
  server.get('/user', { config: { fault: 'github.userinfo' } }, (request, reply) => user(model, request, reply));
  for (const what of ['grant', 'token'] as const) {
    server.delete<{ Params: { clientId: string } }>(
      `/applications/:clientId/${what}`,
      { config: { fault: 'github.revoke' } },
      (request, reply) => revoke(model, request, reply, what),
    );
  }
}
