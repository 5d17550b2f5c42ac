import type { FastifyInstance, FastifyReply } from 'fastify';
import { authenticateClient } from '../../upstream/clients.js';
import { OAuthRefusal, sendRefusal } from '../../upstream/refusal.js';
import { findUser } from '../../upstream/users.js';
import type { ModelClient } from '../clients.js';
import type { Grant } from '../ledger.js';
import type { Model, ModelDefinition } from '../model.js';
import { signInRoutes } from '../sign-in.js';
import { spendRefreshToken } from '../single-use.js';
import { bearerToken, readCall, redeemCode, tokenRoute, type Call } from '../token-route.js';

const accessSeconds = 3_600;
const refreshSeconds = 90 * 86_400;

const clientOf = ({ model, request, params }: Call): ModelClient =>
  authenticateClient(model.clients.list(), request.headers.authorization, params);

function answer({ model, now }: Call, client: ModelClient, grant: Grant): object {
  const lifetime = client.accessTtl ?? accessSeconds;
  return {
    access_token: model.ledger.issue('access', grant, 'rot_at_', now + lifetime * 1000).value,
    token_type: 'Bearer',
    expires_in: lifetime,
    refresh_token: model.ledger.issue('refresh', grant, 'rot_rt_', now + refreshSeconds * 1000).value,
    scope: grant.scope.join(' '),
  };
}

function exchange(call: Call): object {
  const client = clientOf(call);
  return answer(call, client, redeemCode(call, client, { pkce: true }));
}

/** A token that comes a second time ends the chain it belongs to: two seem to have it, and one must be a thief. */
function refresh(call: Call): object {
  const client = clientOf(call);
  const spent = spendRefreshToken(call, client.clientId);
  if (!('refused' in spent)) return answer(call, client, spent.token.grant);
  if (spent.token) spent.token.grant.revoked = true;
  throw new OAuthRefusal('invalid_grant', 'the refresh token is unknown, expired, revoked or spent');
}

/** RFC 7009: a refresh token ends its chain, an access token itself; 200 for whatever is sent. */
function revoke(call: Call, reply: FastifyReply): FastifyReply {
  const { clientId } = clientOf(call);
  const token = call.model.ledger.find(call.params.get('token') ?? '');
  if (token?.grant.account.clientId === clientId && !token.grant.revoked) {
    token.ended ??= 'revoked';
    if (token.kind === 'refresh') token.grant.revoked = true;
    call.model.count.count('revocations');
  }
  return reply.header('cache-control', 'no-store').send('');
}

function userinfo(call: Call, reply: FastifyReply): FastifyReply {
  const token = call.model.ledger.findLive(bearerToken(call.request), 'access', call.now);
  const user = token && findUser(token.grant.account.username);
  if (user) {
    const { sub, username, name, email } = user;
    return reply.header('cache-control', 'no-store').send({ sub, username, name, email });
  }
  const challenge = 'Bearer error="invalid_token"';
  return reply.code(401).header('www-authenticate', challenge).send({ error: 'invalid_token' });
}

function routes(server: FastifyInstance, model: Model): void {
  signInRoutes(server, model, {
    path: '/authorize',
    codePrefix: 'rot_code_',
    codeSeconds: 60,
    separator: / +/,
    pkce: true,
    cancelled: { error: 'access_denied' },
  });
  tokenRoute(server, model, { path: '/token', grants: { authorization_code: exchange, refresh_token: refresh } });
  server.post('/revoke', { config: { fault: 'rotating.revoke' } }, (request, reply) =>
    revoke(readCall(model, request), reply),
  );
  server.get('/userinfo', { config: { fault: 'rotating.userinfo' } }, (request, reply) =>
    userinfo(readCall(model, request), reply),
  );
}

/** RFC 6749 §5.2 has one error for everything that is wrong with a code. */
function refuse(reply: FastifyReply, refusal: OAuthRefusal): FastifyReply {
  const error = refusal.error === 'redirect_uri_mismatch' ? 'invalid_grant' : refusal.error;
  return sendRefusal(reply, new OAuthRefusal(error, refusal.message, refusal.status), 'Rotating Home');
}

/**
 * Plain OAuth 2.0 with strict rotation: refresh tokens for one use, and a second use ends the chain.
 * @see RFC 9700 §4.14.2
 */
export const rotating: ModelDefinition = {
  name: 'rotating',
  brand: 'Rotating Home',
  flags: ['accessTtl'],
  routes,
  refuse,
};
