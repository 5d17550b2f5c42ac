import type { Deadline, TenantId } from '@linkbroker/contracts';
import { buildAuthorizationResponse, sha256, supportReference, uuidV7 } from '@linkbroker/protocol';
import type { UpstreamTokens } from '@linkbroker/providers';
import type { ClaimedAttempt } from './claim-callback.js';
import type { Ambient } from './needs.js';

interface TokenSetToStore {
  readonly id: string;
  readonly connectorId: string;
  readonly subject: string;
  readonly version: number;
  readonly scopes: readonly string[];
  readonly hasRefreshToken: boolean;
  readonly accessExpiresAt: Date | null;
  readonly sealed: Buffer;
}

interface KnownTokenSet {
  readonly id: string;
  readonly version: number;
  readonly scopes: readonly string[];
  readonly hasRefreshToken: boolean;
}

export interface IssueCodeNeeds extends Ambient {
  readonly seal: (
    place: { tenantId: TenantId; row: string; field: string; version: number },
    plain: Buffer,
    deadline: Deadline,
  ) => Promise<Buffer>;
  readonly links: {
    findTokenSet(
      tenantId: TenantId,
      connectorId: string,
      subject: string,
      deadline: Deadline,
    ): Promise<KnownTokenSet | undefined>;
    storeTokenSet(tenantId: TenantId, set: TokenSetToStore, now: Date, deadline: Deadline): Promise<boolean>;
    complete(
      tenantId: TenantId,
      link: {
        skillId: string;
        connectorId: string;
        subject: string;
        tokenSetId: string;
        newLinkId: string;
        grantId: string;
        codeHash: Buffer;
        codeExpiresAt: Date;
        redirectUri: string;
        codeChallenge: string | null;
        scopes: readonly string[];
      },
      now: Date,
      deadline: Deadline,
    ): Promise<string>;
  };
  readonly linkRequests: { settle(id: string, status: 'issued'): Promise<boolean> };
}

/** Octets of a code: 32 characters of base64url, 192 random bits. */
const CODE_BYTES = 24;
/** Alexa redeems at once; ten minutes is the most RFC 6749 §4.1.2 recommends. */
const CODE_TTL_MS = 10 * 60_000;
const MAX_ATTEMPTS = 4;

/**
 * Finishes a link: the upstream tokens sealed and stored, the link tied, a pending grant with its code, and the way
 * back to Alexa. Everything Alexa's token request will need is in our database after this (R13).
 * @returns the redirect
 */
export async function issueCode(
  needs: IssueCodeNeeds,
  attempt: ClaimedAttempt,
  identity: { readonly subject: string; readonly tokens: UpstreamTokens },
  deadline: Deadline,
): Promise<{ location: string; linkId: string; grantId: string }> {
  const now = needs.now();
  const newId = (): string => uuidV7(now, needs.randomBytes(10));
  const tokenSetId = await storeTokens(needs, attempt, identity, newId(), now, deadline);
  const code = needs.randomBytes(CODE_BYTES).toString('base64url');
  const grantId = newId();
  const link = {
    skillId: attempt.skillId,
    connectorId: attempt.hop.connectorId,
    subject: identity.subject,
    tokenSetId,
    newLinkId: newId(),
    grantId,
    codeHash: sha256(code),
    codeExpiresAt: new Date(now.getTime() + CODE_TTL_MS),
    redirectUri: attempt.request.redirectUri,
    codeChallenge: attempt.request.codeChallenge,
    scopes: attempt.request.scopes,
  };
  const linkId = await needs.links.complete(attempt.tenantId, link, now, deadline);
  const where = {
    tenantId: attempt.tenantId,
    skillId: attempt.skillId,
    linkId,
    grantId,
    connector: attempt.hop.connectorSlug,
  };
  needs.trace({ name: 'code.issued', reference: supportReference(attempt.id), ...where });
  // The grant is what counts; an attempt that Redis could not mark ends by its expiry, and cannot be claimed again.
  await needs.linkRequests.settle(attempt.id, 'issued').catch(() => false);
  return {
    location: buildAuthorizationResponse(attempt.request.redirectUri, { code }, attempt.request.state),
    linkId,
    grantId,
  };
}

/** Stores what the provider gave unless the stored set is worth more; returns the set's id. */
async function storeTokens(
  needs: IssueCodeNeeds,
  attempt: ClaimedAttempt,
  { subject, tokens }: { readonly subject: string; readonly tokens: UpstreamTokens },
  newId: string,
  now: Date,
  deadline: Deadline,
): Promise<string> {
  const { connectorId } = attempt.hop;
  for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
    const known = await needs.links.findTokenSet(attempt.tenantId, connectorId, subject, deadline);
    if (known && !replaces(tokens, known)) return known.id;
    const id = known?.id ?? newId;
    const version = (known?.version ?? 0) + 1;
    const place = { tenantId: attempt.tenantId, row: id, field: 'upstream_token_sets.sealed', version };
    const plain = { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken };
    const sealed = await needs.seal(place, Buffer.from(JSON.stringify(plain)), deadline);
    const set: TokenSetToStore = {
      id,
      connectorId,
      subject,
      version,
      scopes: tokens.scopes,
      hasRefreshToken: tokens.refreshToken !== null,
      accessExpiresAt: tokens.expiresIn === null ? null : new Date(now.getTime() + tokens.expiresIn * 1000),
      sealed,
    };
    if (await needs.links.storeTokenSet(attempt.tenantId, set, now, deadline)) return id;
  }
  throw new Error('the upstream token set is being written by others');
}

/** A re-link replaces a stored set only with one that has a refresh token and at least the old scopes. */
export function replaces(fresh: UpstreamTokens, known: KnownTokenSet): boolean {
  if (!known.hasRefreshToken) return true;
  return fresh.refreshToken !== null && known.scopes.every((scope) => fresh.scopes.includes(scope));
}
