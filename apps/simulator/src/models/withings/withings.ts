import type { FastifyInstance, FastifyReply } from 'fastify';
import { authenticateClient } from '../../upstream/clients.js';
import { OAuthRefusal } from '../../upstream/refusal.js';
import type { ModelClient } from '../clients.js';
import { isLive, type Grant, type Token } from '../ledger.js';
import type { Model, ModelDefinition } from '../model.js';
import { signInRoutes } from '../sign-in.js';
import { bearerToken, readCall, redeemCode, tokenRoute, type Call } from '../token-route.js';

const accessSeconds = 10_800;
const refreshSeconds = 365 * 86_400;
/** How long a refresh token stays good after it was used, unless the new access token is used before. */
const graceSeconds = 8 * 3_600;
const userIds: Readonly<Record<string, string>> = { alice: '13640219', bob: '13640220' };

/** The refresh token that an access token's first use ends. */
const predecessors = new WeakMap<Token, Token>();

/** Refresh tokens that have been used and live on through their grace. */
const inGrace = new WeakSet<Token>();

/** The credentials are parameters, and so is what should be done (R237). */
function clientOf({ model, params }: Call): ModelClient {
  if (params.get('action') !== 'requesttoken') throw new OAuthRefusal('invalid_request', 'action is not known');
  return authenticateClient(model.clients.list(), undefined, params);
}

function answer({ model, now }: Call, client: ModelClient, grant: Grant, predecessor?: Token): object {
  const lifetime = client.accessTtl ?? accessSeconds;
  const access = model.ledger.issue('access', grant, 'wi_at_', now + lifetime * 1000);
  const refresh = model.ledger.issue('refresh', grant, 'wi_rt_', now + refreshSeconds * 1000);
  if (predecessor) predecessors.set(access, predecessor);
  const body = {
    userid: userIds[grant.account.username],
    access_token: access.value,
    refresh_token: refresh.value,
    scope: grant.scope.join(','),
    expires_in: lifetime,
    token_type: 'Bearer',
  };
  return { status: 0, body };
}

function exchange(call: Call): object {
  const client = clientOf(call);
  return answer(call, client, redeemCode(call, client, { pkce: false }));
}

/** Rotates, but gives who lost the answer time to ask again (R237). */
function refresh(call: Call): object {
  const client = clientOf(call);
  const found = call.model.ledger.find(call.params.get('refresh_token') ?? '', 'refresh');
  const token = found?.grant.account.clientId === client.clientId ? found : undefined;
  if (!token || !isLive(token, call.now)) {
    if (token && inGrace.has(token)) call.model.count.count('reuseDetections');
    throw new OAuthRefusal('invalid_refresh_token', 'the refresh token is unknown, expired or used');
  }
  if (!inGrace.has(token)) token.until = call.now + graceSeconds * 1000;
  inGrace.add(token);
  return answer(call, client, token.grant, token);
}

/**
 * `action=getdevice`: the smallest question that needs an access token. Asking it is the use that ends the refresh
 * token before.
 * @see https://developer.withings.com/api-reference/#tag/user/operation/userv2-getdevice
 */
function devices(call: Call, reply: FastifyReply): FastifyReply {
  const token = call.model.ledger.findLive(bearerToken(call.request), 'access', call.now);
  if (!token) throw new OAuthRefusal('invalid_token', 'the access token is not valid');
  const predecessor = predecessors.get(token);
  if (predecessor) predecessor.ended = 'spent';
  return reply.send({ status: 0, body: { devices: [] } });
}

function routes(server: FastifyInstance, model: Model): void {
  signInRoutes(server, model, {
    path: '/oauth2_user/authorize2',
    codePrefix: '',
    codeSeconds: 30,
    separator: /,/,
    pkce: false,
    cancelled: { error: 'access_denied' },
    check: (params) => (params.get('state') ? undefined : 'invalid_request'),
  });
  tokenRoute(server, model, { path: '/v2/oauth2', grants: { authorization_code: exchange, refresh_token: refresh } });
  server.post('/v2/user', { config: { fault: 'withings.userinfo' } }, (request, reply) =>
    devices(readCall(model, request), reply),
  );
}

/** Which parameter is to blame. */
const blamed: Readonly<Record<string, string>> = {
  invalid_client: 'client_secret',
  invalid_grant: 'code',
  invalid_refresh_token: 'refresh_token',
  redirect_uri_mismatch: 'redirect_uri',
  unsupported_grant_type: 'grant_type',
};

/**
 * 503 is for every parameter that is wrong, dead tokens among them, and only the words tell which; the status of HTTP is
 * 200 all the same (R237).
 */
function refuse(reply: FastifyReply, refusal: OAuthRefusal): FastifyReply {
  reply.code(200).header('cache-control', 'no-store');
  if (refusal.error === 'invalid_token') return reply.send({ status: 401, body: {}, error: refusal.message });
  const error = `Invalid Params: invalid ${blamed[refusal.error] ?? 'action'}`;
  return reply.send({ status: 503, body: {}, error });
}

/**
 * Withings: everything in an envelope with a status of its own, and a refresh token that outlives its use a little.
 * @see https://developer.withings.com/developer-guide/v3/integration-guide/public-health-data-api/get-access/access-and-refresh-tokens (R237)
 * @see https://developer.withings.com/api-reference/#tag/oauth2
 */
export const withings: ModelDefinition = {
  name: 'withings',
  brand: 'Withings',
  flags: ['accessTtl'],
  routes,
  refuse,
};
