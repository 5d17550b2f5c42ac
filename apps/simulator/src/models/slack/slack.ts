import type { FastifyInstance, FastifyReply } from 'fastify';
import { authenticateClient } from '../../upstream/clients.js';
import { OAuthRefusal } from '../../upstream/refusal.js';
import { findUser } from '../../upstream/users.js';
import type { ModelClient } from '../clients.js';
import { isLive, type Grant, type Token } from '../ledger.js';
import type { Model, ModelDefinition } from '../model.js';
import { signInRoutes } from '../sign-in.js';
import { spendRefreshToken } from '../single-use.js';
import { bearerToken, readCall, redeemCode, tokenRoute, type Call } from '../token-route.js';

const accessSeconds = 43_200;
const team = { id: 'T0ACME', name: 'Acme' };
const userIds: Readonly<Record<string, string>> = { alice: 'U0ALICE', bob: 'U0BOB' };

type Owner = 'bot' | 'user';
const prefixes = { bot: 'xoxb-', user: 'xoxp-' } as const;

/** Whose tokens a grant is for: an installation for both is two grants, and each is revoked by itself. */
const owners = new WeakMap<Grant, Owner>();

const clientOf = ({ model, request, params }: Call): ModelClient =>
  authenticateClient(model.clients.list(), request.headers.authorization, params);

const scopesOf = (text: string | undefined): readonly string[] => (text ?? '').split(',').filter(Boolean);

/** Only an app that has opted in to rotation gets tokens that expire, and refresh tokens with them (R230). */
function tokens({ model, now }: Call, client: ModelClient, grant: Grant): object {
  const owner = owners.get(grant) ?? 'user';
  const common = { scope: grant.scope.join(','), token_type: owner };
  if (!client.tokenRotation) {
    return { ...common, access_token: model.ledger.issue('access', grant, prefixes[owner], Infinity).value };
  }
  const lifetime = client.accessTtl ?? accessSeconds;
  const access = model.ledger.issue('access', grant, `xoxe.${prefixes[owner]}1-`, now + lifetime * 1000);
  const refresh = model.ledger.issue('refresh', grant, 'xoxe-1-', Infinity);
  return { ...common, access_token: access.value, refresh_token: refresh.value, expires_in: lifetime };
}

/** The tokens of the app or the user, if scopes were asked for on that side; none otherwise. */
function tokensFor(call: Call, client: ModelClient, signedIn: Grant, owner: Owner): object | undefined {
  const scope = scopesOf(signedIn.signIn.params.get(owner === 'bot' ? 'scope' : 'user_scope'));
  if (scope.length === 0) return undefined;
  const grant = call.model.ledger.addGrant({ ...signedIn, scope });
  owners.set(grant, owner);
  return tokens(call, client, grant);
}

/** The app's token stands on top, the user's below `authed_user` (R230). */
function exchange(call: Call): object {
  const client = clientOf(call);
  const signedIn = redeemCode(call, client, { pkce: true, redirectUriOptional: true });
  const bot = tokensFor(call, client, signedIn, 'bot');
  return {
    ok: true,
    app_id: 'A0ACME',
    authed_user: { id: userIds[signedIn.account.username], ...tokensFor(call, client, signedIn, 'user') },
    ...(bot && { ...bot, bot_user_id: 'U0BOT' }),
    team,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Whosever token it is, a renewed one stands on top. */
function refresh(call: Call): object {
  const client = clientOf(call);
  const spent = spendRefreshToken(call, client.clientId);
  if ('refused' in spent) throw new OAuthRefusal('invalid_refresh_token', 'unknown, revoked or used');
  return { ok: true, ...tokens(call, client, spent.token.grant), team, enterprise: null };
}

/** @throws OAuthRefusal as the Web API has it: `invalid_auth`, `token_expired`, `token_revoked` */
function tokenOf(call: Call): Token {
  const token = call.model.ledger.find(call.params.get('token') ?? bearerToken(call.request), 'access');
  if (!token) throw new OAuthRefusal('invalid_auth', 'no such token');
  if (isLive(token, call.now)) return token;
  const ended = token.grant.revoked || token.ended !== undefined;
  throw new OAuthRefusal(ended ? 'token_revoked' : 'token_expired', 'a dead token');
}

/** @see https://docs.slack.dev/reference/methods/users.identity */
function identity(call: Call, reply: FastifyReply): FastifyReply {
  const { grant } = tokenOf(call);
  const { username } = grant.account;
  const user = findUser(username);
  if (!grant.scope.includes('identity.basic')) throw new OAuthRefusal('missing_scope', 'needs identity.basic');
  const email = grant.scope.includes('identity.email') ? { email: user?.email } : {};
  return reply.send({ ok: true, user: { name: user?.name, id: userIds[username], ...email }, team: { id: team.id } });
}

/** @see https://docs.slack.dev/reference/methods/auth.revoke */
function revoke(call: Call, reply: FastifyReply): FastifyReply {
  tokenOf(call).grant.revoked = true;
  call.model.count.count('revocations');
  return reply.send({ ok: true, revoked: true });
}

function routes(server: FastifyInstance, model: Model): void {
  signInRoutes(server, model, {
    path: '/oauth/v2/authorize',
    codePrefix: '',
    codeSeconds: 600,
    separator: /,/,
    pkce: true,
    responseTypeOptional: true,
    redirectUriOptional: true,
    cancelled: { error: 'access_denied' },
    check: (params) => (params.get('scope') || params.get('user_scope') ? undefined : 'invalid_scope'),
  });
  tokenRoute(server, model, {
    methods: ['GET', 'POST'],
    path: '/api/oauth.v2.access',
    grants: { authorization_code: exchange, refresh_token: refresh },
  });
  const method = ['GET', 'POST'];
  server.route({
    method,
    url: '/api/users.identity',
    config: { fault: 'slack.userinfo' },
    handler: (request, reply) => identity(readCall(model, request), reply),
  });
  server.route({
    method,
    url: '/api/auth.revoke',
    config: { fault: 'slack.revoke' },
    handler: (request, reply) => revoke(readCall(model, request), reply),
  });
}

/** Slack's names for what RFC 6749 calls otherwise. */
const names: Readonly<Record<string, string>> = {
  invalid_client: 'bad_client_secret',
  invalid_grant: 'invalid_code',
  redirect_uri_mismatch: 'bad_redirect_uri',
  unsupported_grant_type: 'invalid_grant_type',
  invalid_request: 'invalid_arguments',
};

/** Whatever goes wrong, the status is 200 (R230). */
function refuse(reply: FastifyReply, { error }: OAuthRefusal): FastifyReply {
  return reply
    .code(200)
    .header('cache-control', 'no-store')
    .send({ ok: false, error: names[error] ?? error });
}

/**
 * Slack: `ok` instead of the status, scopes with commas, the user's token a level deeper (R230).
 * @see https://docs.slack.dev/authentication/installing-with-oauth
 * @see https://docs.slack.dev/authentication/using-token-rotation
 */
export const slack: ModelDefinition = {
  name: 'slack',
  brand: 'Slack',
  flags: ['accessTtl', 'tokenRotation'],
  routes,
  refuse,
};
