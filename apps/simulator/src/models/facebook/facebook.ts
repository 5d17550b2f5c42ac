import type { FastifyInstance, FastifyReply } from 'fastify';
import { authenticateClient } from '../../upstream/clients.js';
import { OAuthRefusal } from '../../upstream/refusal.js';
import { findUser } from '../../upstream/users.js';
import type { ModelClient } from '../clients.js';
import type { Grant, Token } from '../ledger.js';
import type { Model, ModelDefinition } from '../model.js';
import { signInRoutes } from '../sign-in.js';
import { bearerToken, readCall, redeemCode, tokenRoute, type Call } from '../token-route.js';
import { refuse } from './graph-error.js';

const shortSeconds = 7_200;
const longSeconds = 5_183_944;

/** The credentials are parameters, in a query as well as in a body. */
const clientOf = ({ model, params }: Call): ModelClient => authenticateClient(model.clients.list(), undefined, params);

/** The answer names no scopes and has no refresh token: there are none (R226). */
function answer({ model, now }: Call, grant: Grant, lifetime: number): object {
  const token = model.ledger.issue('access', grant, 'EAA', now + lifetime * 1000);
  return { access_token: token.value, token_type: 'bearer', expires_in: lifetime };
}

/** @throws OAuthRefusal for a token that is unknown, revoked or expired */
function liveToken({ model, now }: Call, value: string): Token {
  const live = model.ledger.findLive(value, 'access', now);
  if (live) return live;
  const known = model.ledger.find(value, 'access');
  const expired = known && !known.grant.revoked && known.ended === undefined;
  if (expired) throw new OAuthRefusal('expired_token', 'the access token has expired');
  throw new OAuthRefusal('invalid_token', 'the access token is not valid');
}

function exchange(call: Call): object {
  const client = clientOf(call);
  return answer(call, redeemCode(call, client, { pkce: false }), client.accessTtl ?? shortSeconds);
}

/** A living token gives a long-lived one; an expired one gives nothing, and the user has to come back (R226). */
function extend(call: Call): object {
  const client = clientOf(call);
  const { grant } = liveToken(call, call.params.get('fb_exchange_token') ?? '');
  if (grant.account.clientId !== client.clientId) throw new OAuthRefusal('invalid_token', 'another app has this token');
  return answer(call, grant, longSeconds);
}

/** Tokens come as `access_token` or as Bearer. */
const tokenOf = (call: Call): Token => liveToken(call, call.params.get('access_token') ?? bearerToken(call.request));

/** Only the fields that were asked for: the id comes always, the address only with the permission. */
function me(call: Call, reply: FastifyReply): FastifyReply {
  const { grant } = tokenOf(call);
  const user = findUser(grant.account.username);
  const fields = (call.params.get('fields') ?? 'id,name').split(',');
  return reply.send({
    id: user?.username === 'alice' ? '10221234567890123' : '10221234567890124',
    ...(fields.includes('name') ? { name: user?.name } : {}),
    ...(fields.includes('email') && grant.scope.includes('email') ? { email: user?.email } : {}),
  });
}

/** @see https://developers.facebook.com/docs/facebook-login/guides/permissions/request-revoke */
function revoke(call: Call, reply: FastifyReply): FastifyReply {
  const { grant } = tokenOf(call);
  call.model.ledger.endAccount(grant.account);
  call.model.count.count('revocations');
  return reply.send({ success: true });
}

function routes(server: FastifyInstance, model: Model): void {
  signInRoutes(server, model, {
    path: '/dialog/oauth',
    codePrefix: 'AQ',
    codeSeconds: 600,
    separator: /[\s,]+/,
    pkce: false,
    responseTypeOptional: true,
    cancelled: { error: 'access_denied', error_code: '200', error_reason: 'user_denied' },
  });
  tokenRoute(server, model, {
    methods: ['GET', 'POST'],
    path: '/oauth/access_token',
    grants: { authorization_code: exchange, fb_exchange_token: extend },
  });
  server.get('/me', { config: { fault: 'facebook.userinfo' } }, (request, reply) =>
    me(readCall(model, request), reply),
  );
  server.delete('/me/permissions', { config: { fault: 'facebook.revoke' } }, (request, reply) =>
    revoke(readCall(model, request), reply),
  );
}

/**
 * Facebook: no refresh tokens; a short-lived token is exchanged for a long-lived one while it lives (R226).
 * @see https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 * @see https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
 * @see https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
export const facebook: ModelDefinition = {
  name: 'facebook',
  brand: 'Facebook',
  flags: ['accessTtl'],
  routes,
  refuse,
};
