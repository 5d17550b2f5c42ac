import type { FastifyInstance } from 'fastify';
import type { Call } from './token-route.js';
import type { Grant } from './ledger.js';
import type { Model } from './model.js';

export interface OpenIdPaths {
  /** Whose faults strike. */
  readonly provider: 'google' | 'apple';
  readonly authorize: string;
  readonly token: string;
  readonly jwks: string;
  readonly revoke: string;
  readonly userinfo?: string;
}

/** Discovery document and keys of a model that is an OpenID provider; `extra` is laid over the common members. */
export function openIdRoutes(
  server: FastifyInstance,
  model: Model,
  paths: OpenIdPaths,
  extra: Readonly<Record<string, unknown>>,
): void {
  server.get('/.well-known/openid-configuration', { config: { fault: `${paths.provider}.discovery` } }, () => {
    const issuer = model.origin();
    return {
      issuer,
      authorization_endpoint: issuer + paths.authorize,
      token_endpoint: issuer + paths.token,
      revocation_endpoint: issuer + paths.revoke,
      ...(paths.userinfo === undefined ? {} : { userinfo_endpoint: issuer + paths.userinfo }),
      jwks_uri: issuer + paths.jwks,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      ...extra,
    };
  });
  server.get(paths.jwks, { config: { fault: `${paths.provider}.jwks` } }, async () => ({
    keys: [(await model.signingKey()).publicJwk],
  }));
}

/** Signs an id_token for a grant; the nonce goes only into the first one. */
export async function signIdToken(
  { model, now }: Call,
  grant: Grant,
  lifetimeSeconds: number,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const iat = Math.floor(now / 1000);
  const audience = grant.account.clientId;
  const key = await model.signingKey();
  return key.sign({ iss: model.origin(), aud: audience, iat, exp: iat + lifetimeSeconds, ...claims });
}
