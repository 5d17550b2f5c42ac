import type { Connector, Deadline, TenantId } from '@linkbroker/contracts';
import type { Profile, Upstream } from '@linkbroker/providers';

/** What a token set seals: the tokens, and what the provider said of the person. */
export interface TokenSecrets {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly profile: Profile;
}

export interface SealedPlace {
  readonly tenantId: TenantId;
  readonly row: string;
  readonly field: string;
  readonly version: number;
}

export interface VaultNeeds {
  readonly seal: (place: SealedPlace, plain: Buffer, deadline: Deadline) => Promise<Buffer>;
  readonly open: (place: SealedPlace, sealed: Buffer, deadline: Deadline) => Promise<Buffer>;
}

const placeOf = (tenantId: TenantId, setId: string, version: number): SealedPlace => ({
  tenantId,
  row: setId,
  field: 'upstream_token_sets.sealed',
  version,
});

export function sealTokens(
  needs: Pick<VaultNeeds, 'seal'>,
  tenantId: TenantId,
  set: { readonly id: string; readonly version: number },
  secrets: TokenSecrets,
  deadline: Deadline,
): Promise<Buffer> {
  return needs.seal(placeOf(tenantId, set.id, set.version), Buffer.from(JSON.stringify(secrets)), deadline);
}

/** @throws DecryptionFailed: an incident, never "token missing" */
export async function openTokens(
  needs: Pick<VaultNeeds, 'open'>,
  tenantId: TenantId,
  set: { readonly id: string; readonly version: number; readonly sealed: Buffer },
  deadline: Deadline,
): Promise<TokenSecrets> {
  const plain = await needs.open(placeOf(tenantId, set.id, set.version), set.sealed, deadline);
  const secrets = JSON.parse(plain.toString('utf8')) as Omit<TokenSecrets, 'profile'> & { profile?: Profile };
  // Sets that were stored before profiles were kept have none.
  return { ...secrets, profile: secrets.profile ?? {} };
}

/** Keyed fingerprints; equal lists have equal ones. */
export type Fingerprint = (purpose: string, parts: readonly string[]) => Buffer;

/**
 * The revocation domain of a subject: links whose upstream tokens die together. With the catalogue's own endpoints it is
 * everybody with the same client; with an endpoint or issuer of the connector's own it ends at the connector, so that a
 * tenant who names another's client id cannot reach, hold or learn anything.
 * @see ADR 0012
 */
export function revocationDomain(
  fingerprint: Fingerprint,
  connector: Connector,
  upstream: Upstream,
  subject: string,
): Buffer {
  if (upstream.overridden) return fingerprint('connector-domain', [connector.id, subject]);
  const { clientId, clientSecret } = connector;
  return fingerprint('catalogue-domain', [
    upstream.provider.id,
    upstream.tokenEndpoint,
    clientId,
    clientSecret,
    subject,
  ]);
}

/** A random share in [0, 1), for spreading things out. */
export const randomShare = (randomBytes: (size: number) => Buffer): number => randomBytes(2).readUInt16BE(0) / 65_536;

/** When a lifetime that begins now ends; null for one without an end. */
export const expiryOf = (now: Date, seconds: number | null): Date | null =>
  seconds === null ? null : new Date(now.getTime() + seconds * 1_000);
