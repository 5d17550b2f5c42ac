import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { OAuthRefusal } from '../../upstream/refusal.js';
import type { ModelClient } from '../clients.js';
import type { Call } from '../token-route.js';

/** The longest that Apple lets a client secret live: six months, in seconds (R228). */
const longestSeconds = 15_777_000;

/**
 * The client whose key signed the secret: an ES256 JWT with the key's id, the team as issuer, the client as subject and
 * Apple as audience (R228).
 * @throws OAuthRefusal `invalid_client`
 * @see https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret
 */
export async function verifyClientSecret({ model, params, now }: Call): Promise<ModelClient> {
  const client = model.clients.find(params.get('client_id'));
  const refusal = new OAuthRefusal('invalid_client', 'the client secret does not verify');
  if (!client?.apple) throw refusal;
  const { teamId, keyId, publicKey } = client.apple;
  try {
    const { payload, protectedHeader } = await jwtVerify(
      params.get('client_secret') ?? '',
      createPublicKey(publicKey),
      {
        algorithms: ['ES256'],
        issuer: teamId,
        subject: client.clientId,
        audience: model.origin(),
        currentDate: new Date(now),
        requiredClaims: ['iat', 'exp'],
      },
    );
    if (protectedHeader.kid === keyId && Number(payload.exp) <= now / 1000 + longestSeconds) return client;
  } catch {
    throw refusal;
  }
  throw refusal;
}
