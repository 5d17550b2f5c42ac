import type { FastifyInstance, FastifyReply } from 'fastify';
import { OAuthRefusal, sendRefusal } from '../../upstream/refusal.js';
import { findUser } from '../../upstream/users.js';
import type { ModelClient } from '../clients.js';
import type { Account, Grant, ModelSignIn } from '../ledger.js';
import type { Model, ModelDefinition } from '../model.js';
import { openIdRoutes, signIdToken } from '../open-id.js';
import { signInRoutes, type Consent, type SignInRules, type Stop } from '../sign-in.js';
import { readCall, redeemCode, tokenRoute, type Call, type Params } from '../token-route.js';
import { verifyClientSecret } from './client-secret.js';
import { sendFormPost } from './form-post.js';

const paths = {
  provider: 'apple',
  authorize: '/auth/authorize',
  token: '/auth/token',
  jwks: '/auth/keys',
  revoke: '/auth/revoke',
} as const;
const accessSeconds = 3_600;
const idTokenSeconds = 86_400;

/** Apple's subjects are alike for all clients of a team. */
const subjects: Readonly<Record<string, string>> = {
  alice: '001234.5f0f4e1c2d3b4a5968778695a4b3c2d1.0815',
  bob: '001234.a1b2c3d4e5f60718293a4b5c6d7e8f90.0815',
};

const personal = (scope: readonly string[]): boolean => scope.includes('name') || scope.includes('email');

/** Who asks for name or e-mail address must take the answer as a form (R228). */
function screen(_request: unknown, params: Params): Stop | undefined {
  const mode = params.get('response_mode') ?? 'query';
  const scope = (params.get('scope') ?? '').split(' ');
  if (mode === 'form_post' || (mode === 'query' && !personal(scope))) return undefined;
  return { status: 400, says: 'invalid_request: response_mode must be form_post when name or email is requested.' };
}

/** The name is told once, beside the code, at the first authorization; it is never in an id_token (R228). */
function userOnce({ consented, username }: Account, { scope }: ModelSignIn): Record<string, string> {
  const user = findUser(username);
  if (consented || !user || !personal(scope)) return {};
  const [firstName = '', lastName = ''] = user.name.split(' ');
  const name = scope.includes('name') ? { name: { firstName, lastName } } : {};
  const email = scope.includes('email') ? { email: user.email } : {};
  return { user: JSON.stringify({ ...name, ...email }) };
}

const consent = (account: Account, signIn: ModelSignIn): Consent => {
  return { scope: signIn.scope, refreshable: true, extra: userOnce(account, signIn) };
};

const sendBack: Required<SignInRules>['sendBack'] = (reply, { params, redirectUri }, result) =>
  params.get('response_mode') === 'form_post' ? sendFormPost(reply, redirectUri, result) : undefined;

function accessAnswer({ model, now }: Call, client: ModelClient, grant: Grant): object {
  const lifetime = client.accessTtl ?? accessSeconds;
  const access = model.ledger.issue('access', grant, 'a', now + lifetime * 1000);
  return { access_token: access.value, token_type: 'Bearer', expires_in: lifetime };
}

async function idToken(call: Call, grant: Grant): Promise<string> {
  const user = findUser(grant.account.username);
  const { nonce } = grant.signIn;
  return signIdToken(call, grant, idTokenSeconds, {
    sub: subjects[grant.account.username],
    ...(grant.scope.includes('email') ? { email: user?.email, email_verified: true, is_private_email: false } : {}),
    ...(nonce === undefined ? {} : { nonce }),
    nonce_supported: true,
    auth_time: grant.authTime,
  });
}

async function exchange(call: Call): Promise<object> {
  const client = await verifyClientSecret(call);
  const grant = redeemCode(call, client, { pkce: false });
  const refresh = call.model.ledger.issue('refresh', grant, 'r', Infinity);
  const answer = accessAnswer(call, client, grant);
  return { ...answer, refresh_token: refresh.value, id_token: await idToken(call, grant) };
}

/** Says that the refresh token is still good; there is no new one (R228). */
async function refresh(call: Call): Promise<object> {
  const client = await verifyClientSecret(call);
  const token = call.model.ledger.findLive(call.params.get('refresh_token') ?? '', 'refresh', call.now);
  if (token?.grant.account.clientId !== client.clientId) {
    throw new OAuthRefusal('invalid_grant', 'the refresh token is unknown or was revoked');
  }
  return accessAnswer(call, client, token.grant);
}

/**
 * RFC 7009, for access and refresh tokens; the user has then let the client go, and is asked for the name again.
 * @see https://developer.apple.com/documentation/signinwithapplerestapi/revoke-tokens
 */
async function revoke(call: Call, reply: FastifyReply): Promise<FastifyReply> {
  const client = await verifyClientSecret(call);
  const token = call.model.ledger.find(call.params.get('token') ?? '');
  if (token?.grant.account.clientId === client.clientId && !token.grant.revoked) {
    call.model.ledger.endAccount(token.grant.account);
    call.model.count.count('revocations');
  }
  return reply.code(200).send('');
}

function routes(server: FastifyInstance, model: Model): void {
  openIdRoutes(server, model, paths, {
    response_modes_supported: ['query', 'form_post'],
    subject_types_supported: ['pairwise'],
    scopes_supported: ['openid', 'email', 'name'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
  });
  signInRoutes(server, model, {
    path: paths.authorize,
    codePrefix: 'c',
    codeSeconds: 300,
    separator: / +/,
    pkce: false,
    cancelled: { error: 'user_cancelled_authorize' },
    screen,
    consent,
    sendBack,
  });
  tokenRoute(server, model, { path: paths.token, grants: { authorization_code: exchange, refresh_token: refresh } });
  server.post(paths.revoke, { config: { fault: 'apple.revoke' } }, (request, reply) =>
    revoke(readCall(model, request), reply),
  );
}

/** Every error comes with 400, a wrong client as well. */
function refuse(reply: FastifyReply, { error, message }: OAuthRefusal): FastifyReply {
  const name = error === 'redirect_uri_mismatch' ? 'invalid_grant' : error;
  return sendRefusal(reply, new OAuthRefusal(name, message));
}

/**
 * Apple: the answer of the browser is a POST, the client secret a JWT, the name is told once (R228).
 * @see https://developer.apple.com/documentation/signinwithapplerestapi
 */
export const apple: ModelDefinition = { name: 'apple', brand: 'Apple', flags: ['accessTtl', 'apple'], routes, refuse };
