import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import Provider from 'oidc-provider';

const year = 365 * 24 * 3_600;

/**
 * oidc-provider as lean as its options allow for this job: one resident client, opaque tokens, no id_token (the
 * broker issues none), no sessions, every feature off that the token endpoint does not need.
 * @param {{ adapter: Function, client: { id: string, secret: string, redirectUri: string }, rotate: boolean }} options
 */
export async function createProvider({ adapter, client, rotate }) {
  const off = { enabled: false };
  return new Provider('http://127.0.0.1', {
    adapter,
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    scopes: ['lights'],
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    rotateRefreshToken: rotate,
    issueRefreshToken: () => true,
    expiresWithSession: () => false,
    pkce: { required: () => false },
    ttl: { AccessToken: 3_600, AuthorizationCode: 600, Grant: year, RefreshToken: year },
    features: { devInteractions: off, userinfo: off, rpInitiatedLogout: off, resourceIndicators: off },
    cookies: { keys: [client.secret] },
    jwks: { keys: [await signingKey()] },
  });
}

/** Never used, because no id_token is issued; without one oidc-provider warns. */
async function signingKey() {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' };
}
