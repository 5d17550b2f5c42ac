import type { FastifyInstance, FastifyReply } from 'fastify';
import { authenticateClient } from '../../upstream/clients.js';
import { OAuthRefusal } from '../../upstream/refusal.js';
import type { ModelClient } from '../clients.js';
import { isLive, type Grant, type Token } from '../ledger.js';
import type { Model, ModelDefinition } from '../model.js';
import { openIdRoutes, signIdToken } from '../open-id.js';
import { signInRoutes } from '../sign-in.js';
import { bearerToken, readCall, redeemCode, secondsUntil, tokenRoute, type Call } from '../token-route.js';
import { claimsOf } from './claims.js';
import { checkParams, decideConsent, screenUserAgent, signInScopes } from './consent.js';

const paths = {
  provider: 'google',
  authorize: '/o/oauth2/v2/auth',
  token: '/token',
  userinfo: '/v1/userinfo',
  jwks: '/oauth2/v3/certs',
  revoke: '/revoke',
} as const;
const accessSeconds = 3_599;
const daySeconds = 86_400;
/** A refresh token that nobody uses for six months dies; in testing mode it dies after seven days anyway (R210). */
const idleSeconds = 180 * daySeconds;
const testingSeconds = 7 * daySeconds;
/** Live refresh tokens for one client and user; the oldest goes without a word (R210). */
const mostRefreshTokens = 100;

const clientOf = ({ model, request, params }: Call): ModelClient =>
  authenticateClient(model.clients.list(), request.headers.authorization, params);

/** Apps that want no more than to know who somebody is may test for ever. */
const diesAfterTesting = (client: ModelClient, grant: Grant): boolean =>
  client.testingMode === true && !grant.scope.every((scope) => signInScopes.has(scope));

async function accessAnswer(call: Call, client: ModelClient, grant: Grant, nonce?: string): Promise<object> {
  const lifetime = client.accessTtl ?? accessSeconds;
  const access = call.model.ledger.issue('access', grant, 'ya29.', call.now + lifetime * 1000);
  const claims = { azp: client.clientId, ...claimsOf(grant), ...(nonce === undefined ? {} : { nonce }) };
  const openId = grant.scope.includes('openid');
  return {
    access_token: access.value,
    expires_in: lifetime,
    scope: grant.scope.join(' '),
    token_type: 'Bearer',
    ...(openId ? { id_token: await signIdToken(call, grant, lifetime, claims) } : {}),
  };
}

function issueRefreshToken({ model, now }: Call, client: ModelClient, grant: Grant): Token {
  const seconds = diesAfterTesting(client, grant) ? testingSeconds : idleSeconds;
  const token = model.ledger.issue('refresh', grant, '1//0', now + seconds * 1000);
  const live = grant.account.refreshTokens.filter((held) => isLive(held, now));
  for (const old of live.slice(0, -mostRefreshTokens)) old.ended = 'revoked';
  return token;
}

/** How long the refresh token still lives, said only where its time is limited from the start. */
const remaining = (call: Call, client: ModelClient, { grant, until }: Token): object =>
  diesAfterTesting(client, grant) ? { refresh_token_expires_in: secondsUntil(until, call.now) } : {};

async function exchange(call: Call): Promise<object> {
  const client = clientOf(call);
  const grant = redeemCode(call, client, { pkce: true });
  const answer = await accessAnswer(call, client, grant, grant.signIn.nonce);
  if (!grant.refreshable) return answer;
  const token = issueRefreshToken(call, client, grant);
  return { ...answer, refresh_token: token.value, ...remaining(call, client, token) };
}

/** The refresh token stays what it is, and so the answer has none (R209). */
async function refresh(call: Call): Promise<object> {
  const client = clientOf(call);
  const token = call.model.ledger.findLive(call.params.get('refresh_token') ?? '', 'refresh', call.now);
  if (token?.grant.account.clientId !== client.clientId) {
    throw new OAuthRefusal('invalid_grant', 'the refresh token has expired or was revoked');
  }
  if (!diesAfterTesting(client, token.grant)) token.until = call.now + idleSeconds * 1000;
  return { ...(await accessAnswer(call, client, token.grant)), ...remaining(call, client, token) };
}

/** Any token, from anybody who has it, ends everything that this client has from this user (R213). */
function revoke(call: Call, reply: FastifyReply): FastifyReply {
  const token = call.model.ledger.find(call.params.get('token') ?? '');
  if (!token || !isLive(token, call.now)) return reply.code(400).send({ error: 'invalid_token' });
  call.model.ledger.endAccount(token.grant.account);
  call.model.count.count('revocations');
  return reply.code(200).send({});
}

function userinfo(call: Call, reply: FastifyReply): FastifyReply {
  const token = call.model.ledger.findLive(bearerToken(call.request), 'access', call.now);
  if (token) return reply.header('cache-control', 'no-store').send(claimsOf(token.grant));
  const challenge = 'Bearer realm="Google", error="invalid_request"';
  const body = { error: 'invalid_request', error_description: 'invalid credentials' };
  return reply.code(401).header('www-authenticate', challenge).send(body);
}

function routes(server: FastifyInstance, model: Model): void {
  openIdRoutes(server, model, paths, {
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    code_challenge_methods_supported: ['S256'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
  });
  signInRoutes(server, model, {
    path: paths.authorize,
    codePrefix: '4/0',
    codeSeconds: 600,
    separator: / +/,
    pkce: true,
    cancelled: { error: 'access_denied' },
    screen: screenUserAgent,
    check: checkParams,
    consent: decideConsent,
  });
  tokenRoute(server, model, { path: paths.token, grants: { authorization_code: exchange, refresh_token: refresh } });
  server.post(paths.revoke, { config: { fault: 'google.revoke' } }, (request, reply) =>
    revoke(readCall(model, request), reply),
  );
  server.route({
    method: ['GET', 'POST'],
    url: paths.userinfo,
    config: { fault: 'google.userinfo' },
    handler: (request, reply) => userinfo(readCall(model, request), reply),
  });
}

/**
 * Google: refresh tokens are rare, do not rotate, and end in company.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server (R207 to R209, R213)
 * @see https://developers.google.com/identity/protocols/oauth2#expiration (R210)
 * @see https://developers.google.com/identity/openid-connect/openid-connect
 */
export const google: ModelDefinition = {
  name: 'google',
  brand: 'Google',
  flags: ['accessTtl', 'testingMode', 'partialScopes'],
  routes,
};
