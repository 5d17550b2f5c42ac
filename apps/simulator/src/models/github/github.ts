import type { FastifyInstance } from 'fastify';
import { authenticateClient } from '../../upstream/clients.js';
import { OAuthRefusal } from '../../upstream/refusal.js';
import type { ModelClient } from '../clients.js';
import type { Grant, Token } from '../ledger.js';
import type { Model, ModelDefinition } from '../model.js';
import { signInRoutes } from '../sign-in.js';
import { spendRefreshToken } from '../single-use.js';
import { redeemCode, tokenRoute, type Call } from '../token-route.js';
import { refuse, sendTokens } from './answers.js';
import { restRoutes } from './rest.js';

const appAccessSeconds = 28_800;
const appRefreshSeconds = 15_897_600;

/** The credentials are parameters; GitHub does not document a Basic header here. */
const clientOf = ({ model, params }: Call): ModelClient => authenticateClient(model.clients.list(), undefined, params);

/** Which access token came with a refresh token: refreshing ends it (R220). */
const companions = new WeakMap<Token, Token>();

/** A token of an OAuth app does not expire, so the answer says nothing about it (R220). */
function oauthApp({ model }: Call, grant: Grant): object {
  const access = model.ledger.issue('access', grant, 'gho_', Infinity);
  return { access_token: access.value, scope: grant.scope.join(','), token_type: 'bearer' };
}

/** A GitHub App has permissions instead of scopes, and tokens that expire. */
function githubApp({ model, now }: Call, client: ModelClient, grant: Grant): object {
  const lifetime = client.accessTtl ?? appAccessSeconds;
  const access = model.ledger.issue('access', grant, 'ghu_', now + lifetime * 1000);
  const refresh = model.ledger.issue('refresh', grant, 'ghr_', now + appRefreshSeconds * 1000);
  companions.set(refresh, access);
  return {
    access_token: access.value,
    expires_in: lifetime,
    refresh_token: refresh.value,
    refresh_token_expires_in: appRefreshSeconds,
    scope: '',
    token_type: 'bearer',
  };
}

function exchange(call: Call): object {
  const client = clientOf(call);
  const grant = redeemCode(call, client, { pkce: true, redirectUriOptional: true });
  return client.githubApp ? githubApp(call, client, grant) : oauthApp(call, grant);
}

function refresh(call: Call): object {
  const client = clientOf(call);
  const spent = spendRefreshToken(call, client.clientId);
  if ('refused' in spent) throw new OAuthRefusal('bad_refresh_token', 'the refresh token is unknown, expired or used');
  const companion = companions.get(spent.token);
  if (companion) companion.ended ??= 'revoked';
  return githubApp(call, client, spent.token.grant);
}

function routes(server: FastifyInstance, model: Model): void {
  signInRoutes(server, model, {
    path: '/login/oauth/authorize',
    codePrefix: '',
    codeSeconds: 600,
    separator: /[\s,]+/,
    pkce: true,
    responseTypeOptional: true,
    redirectUriOptional: true,
    cancelled: { error: 'access_denied', error_description: 'the user does not let the application in' },
  });
  tokenRoute(server, model, {
    path: '/login/oauth/access_token',
    grants: { authorization_code: exchange, refresh_token: refresh },
    send: sendTokens,
  });
  restRoutes(server, model);
}

/**
 * GitHub: form-encoded answers, errors with HTTP 200, tokens that never expire, unless it is a GitHub App (R216 to R221).
 * @see https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens
 */
export const github: ModelDefinition = {
  name: 'github',
  brand: 'GitHub',
  flags: ['accessTtl', 'githubApp'],
  routes,
  refuse,
};
