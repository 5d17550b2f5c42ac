import { createLocalJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import { UpstreamError } from './upstream-error.js';

export interface IdTokenExpectation {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  readonly algorithms: readonly string[];
  readonly now: Date;
}

/** Who signed in, as far as we verified it ourselves. */
export interface VerifiedSubject {
  readonly subject: string;
}

/** The key that signed the token is not in the set: worth one look at a fresh copy. */
export class UnknownSigningKey extends UpstreamError {
  constructor(cause: unknown) {
    super('misconfigured', "the id_token's signing key is not among the provider's published keys", { cause });
    this.name = 'UnknownSigningKey';
  }
}

const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(200) });
const CLOCK_TOLERANCE_SECONDS = 60;

/**
 * Verifies an id_token: signature, issuer, audience, expiry, nonce, subject.
 * @throws UnknownSigningKey, or UpstreamError `misconfigured`
 * @see OpenID Connect Core 1.0 §3.1.3.7
 */
export async function readIdToken(
  idToken: string,
  jwks: unknown,
  expected: IdTokenExpectation,
): Promise<VerifiedSubject> {
  const keys = keySet.safeParse(jwks);
  if (!keys.success) throw new UpstreamError('misconfigured', 'the provider publishes no usable keys');
  try {
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys.data), {
      issuer: expected.issuer,
      audience: expected.clientId,
      algorithms: [...expected.algorithms],
      currentDate: expected.now,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['sub', 'iat', 'exp'],
    });
    return readSubject(payload, expected);
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    if (error instanceof errors.JWKSNoMatchingKey) throw new UnknownSigningKey(error);
    throw new UpstreamError('misconfigured', 'the id_token does not verify', { cause: error });
  }
}

/** The claims jose does not judge: nonce, authorized party, a subject that is text (it may be anything) and fits. */
function readSubject(payload: JWTPayload, expected: IdTokenExpectation): VerifiedSubject {
  if (payload['nonce'] !== expected.nonce) throw new UpstreamError('misconfigured', 'the id_token has another nonce');
  const severalAudiences = Array.isArray(payload.aud) && payload.aud.length > 1;
  if (severalAudiences && payload['azp'] !== expected.clientId) {
    throw new UpstreamError('misconfigured', 'the id_token is for another client');
  }
  const subject: unknown = payload.sub;
  if (typeof subject !== 'string' || subject === '' || subject.length > 255) {
    throw new UpstreamError('misconfigured', 'the id_token has no usable subject');
  }
  return { subject };
}
