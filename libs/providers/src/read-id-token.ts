import { createLocalJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import { readProfile, requireSubject, type Identity } from './identity.js';
import type { Upstream } from './resolve-upstream.js';
import { UpstreamError } from './upstream-error.js';

export interface IdTokenExpectation {
  readonly upstream: Upstream;
  readonly clientId: string;
  readonly nonce: string;
  readonly now: Date;
}

/** Who signed in, as far as we verified it ourselves. */
export interface VerifiedIdentity extends Identity {
  /** All the token says. Never logged. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The key that signed the token is not in the set: worth one look at a fresh copy. */
export class UnknownSigningKey extends UpstreamError {
  constructor() {
    super('misconfigured', "the id_token's signing key is not among the provider's published keys");
    this.name = 'UnknownSigningKey';
  }
}

const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(200) });
const CLOCK_TOLERANCE_SECONDS = 60;

/**
 * Verifies an id_token: signature, issuer, audience, expiry, nonce, subject. No error carries a claim.
 * @throws UnknownSigningKey, or UpstreamError `misconfigured`
 * @see OpenID Connect Core 1.0 §3.1.3.7
 */
export async function readIdToken(
  idToken: string,
  jwks: unknown,
  expected: IdTokenExpectation,
): Promise<VerifiedIdentity> {
  const keys = keySet.safeParse(jwks);
  if (!keys.success) throw new UpstreamError('misconfigured', 'the provider publishes no usable keys');
  const claims = await verify(idToken, keys.data, expected);
  checkIssuer(claims, expected.upstream);
  checkParty(claims, expected);
  if (typeof claims.sub !== 'string') throw new UpstreamError('misconfigured', 'the id_token has no usable subject');
  const { provider, subjectPaths } = expected.upstream;
  return {
    subject: requireSubject(claims, subjectPaths),
    profile: readProfile(claims, provider.identity.profile),
    claims,
  };
}

async function verify(
  idToken: string,
  keys: z.infer<typeof keySet>,
  { upstream, clientId, now }: IdTokenExpectation,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
      audience: clientId,
      algorithms: [...upstream.idTokenAlgorithms],
      currentDate: now,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['iss', 'sub', 'iat', 'exp'],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) throw new UnknownSigningKey();
    // jose's error holds the claims: only its code, a constant of the library, goes on.
    const reason = error instanceof errors.JOSEError ? `: ${error.code}` : '';
    throw new UpstreamError('misconfigured', `the id_token does not verify${reason}`);
  }
}

/** Where discovery served several customers, the issuer is the one that another claim of the token leads to. */
function checkIssuer(claims: JWTPayload, upstream: Upstream): void {
  const expected = expectedIssuer(claims, upstream);
  if (expected === null || claims.iss !== expected) {
    throw new UpstreamError('misconfigured', 'the id_token is from another issuer');
  }
}

function expectedIssuer(claims: JWTPayload, { issuer, provider }: Upstream): string | null {
  const family = provider.issuerFamily;
  if (!family || issuer !== family.open) return issuer;
  const filled = issuer.replace(/\{\w+\}/, () => String(claims[family.claim]));
  return family.pattern.test(filled) ? filled : null;
}

/** The claims jose does not judge: nonce and authorized party. */
function checkParty(claims: JWTPayload, expected: IdTokenExpectation): void {
  if (claims['nonce'] !== expected.nonce) throw new UpstreamError('misconfigured', 'the id_token has another nonce');
  const severalAudiences = Array.isArray(claims.aud) && claims.aud.length > 1;
  if (severalAudiences && claims['azp'] !== expected.clientId) {
    throw new UpstreamError('misconfigured', 'the id_token is for another client');
  }
}
