import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readParams, RepeatedParameter } from '../http/params.js';
import { authenticateClient, type UpstreamClient } from './clients.js';
import { OAuthRefusal } from './refusal.js';
import { accessTokenSeconds, type Family, type IssuedCode } from './store.js';
import type { Upstream } from './upstream.js';
import { claimsFor, findUser } from './users.js';

type Params = ReadonlyMap<string, string>;

/**
 * The body of a machine request, as long as no parameter comes twice.
 * @throws OAuthRefusal
 */
export function readForm(request: FastifyRequest): Params {
  try {
    return readParams(request.body instanceof URLSearchParams ? request.body.toString() : '');
  } catch (error) {
    if (error instanceof RepeatedParameter) throw new OAuthRefusal('invalid_request', error.message);
    throw error;
  }
}

/**
 * PKCE: a verifier is there exactly when a challenge was, and fits it.
 * @throws OAuthRefusal
 * @see RFC 7636 §4.6
 */
export function checkVerifier(challenge: string | undefined, verifier: string | undefined): void {
  if (challenge === undefined && verifier === undefined) return;
  const made = createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url');
  if (challenge === undefined || verifier === undefined || made !== challenge) {
    throw new OAuthRefusal('invalid_grant', 'code_verifier does not match the authorization request');
  }
}

function checkCode(upstream: Upstream, client: UpstreamClient, params: Params): IssuedCode {
  const issued = upstream.store.takeCode(params.get('code') ?? '');
  if (!issued || issued.request.clientId !== client.clientId) {
    throw new OAuthRefusal('invalid_grant', 'the code is unknown, expired or used');
  }
  if (issued.request.redirectUri !== params.get('redirect_uri')) {
    throw new OAuthRefusal('invalid_grant', 'redirect_uri differs from the authorization request');
  }
  checkVerifier(issued.request.codeChallenge, params.get('code_verifier'));
  return issued;
}

async function createIdToken(upstream: Upstream, family: Family, nonce: string | undefined): Promise<string> {
  const user = findUser(family.username);
  if (!user) throw new OAuthRefusal('invalid_grant', 'the user is gone');
  const iat = upstream.nowSeconds();
  const key = await upstream.signingKey;
  return key.sign({
    iss: upstream.issuer(),
    sub: user.sub,
    aud: family.clientId,
    iat,
    exp: iat + accessTokenSeconds,
    auth_time: family.authTime,
    ...(nonce === undefined ? {} : { nonce }),
    ...claimsFor(user, family.scope),
  });
}

async function grantTokens(upstream: Upstream, family: Family, nonce?: string): Promise<Record<string, unknown>> {
  const offline = family.scope.includes('offline_access');
  return {
    access_token: upstream.store.issueAccessToken(family),
    token_type: 'Bearer',
    expires_in: accessTokenSeconds,
    ...(offline ? { refresh_token: upstream.store.issueRefreshToken(family) } : {}),
    scope: family.scope.join(' '),
    id_token: await createIdToken(upstream, family, nonce),
  };
}

function spend(upstream: Upstream, client: UpstreamClient, params: Params): Family {
  const token = params.get('refresh_token') ?? '';
  const wanted = (params.get('scope') ?? '').split(' ').filter(Boolean);
  const granted = upstream.store.refreshTokenFamily(token)?.scope ?? wanted;
  // Looked at before the token is spent, so that a typing mistake in a scope costs nobody the link.
  if (wanted.some((scope) => !granted.includes(scope)))
    throw new OAuthRefusal('invalid_scope', 'scope was not granted');
  const family = upstream.store.spendRefreshToken(token, client.clientId);
  if (!family) throw new OAuthRefusal('invalid_grant', 'the refresh token is unknown, expired, revoked or spent');
  return family;
}

/** `POST /oidc/token`: code and refresh_token, with one-time refresh tokens. */
export async function token(upstream: Upstream, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const params = readForm(request);
  const client = authenticateClient(upstream.context.clients, request.headers.authorization, params);
  reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
  switch (params.get('grant_type')) {
    case 'authorization_code': {
      const { family, request: signIn } = checkCode(upstream, client, params);
      return reply.send(await grantTokens(upstream, family, signIn.nonce));
    }
    case 'refresh_token':
      return reply.send(await grantTokens(upstream, spend(upstream, client, params)));
    default:
      throw new OAuthRefusal('unsupported_grant_type', 'use authorization_code or refresh_token');
  }
}

/** `POST /oidc/revoke` (RFC 7009): always 200 for an authenticated client. */
export function revoke(upstream: Upstream, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const params = readForm(request);
  const client = authenticateClient(upstream.context.clients, request.headers.authorization, params);
  upstream.store.revoke(params.get('token') ?? '', client.clientId);
  return reply.header('cache-control', 'no-store').send('');
}

/** `GET /oidc/userinfo` with a Bearer token. */
export function userinfo(upstream: Upstream, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const bearer = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const family = upstream.store.accessTokenFamily(bearer);
  const user = family && findUser(family.username);
  if (!family || !user) {
    const challenge = 'Bearer error="invalid_token"';
    return reply.code(401).header('www-authenticate', challenge).send({ error: 'invalid_token' });
  }
  return reply.header('cache-control', 'no-store').send({ sub: user.sub, ...claimsFor(user, family.scope) });
}
