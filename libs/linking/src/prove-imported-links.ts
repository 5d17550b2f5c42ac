import type { Connector, Deadline, TenantId } from '@linkbroker/contracts';
import { uuidV7 } from '@linkbroker/protocol';
import {
  buildIdentityRequest,
  readUserinfo,
  scheduleRefresh,
  UpstreamError,
  type Identity,
  type Upstream,
} from '@linkbroker/providers';
import type { Ambient } from './needs.js';
import { Places } from './places.js';
import { HTTP_MS, STATEMENT_MS, type ConnectorLookup, type UpstreamTokenSet } from './refresh-attempt.js';
import { findUpstream, sendUpstream, type UpstreamNeeds } from './upstream-needs.js';
import {
  openTokens,
  randomShare,
  revocationDomain,
  sealTokens,
  type Fingerprint,
  type VaultNeeds,
} from './upstream-secrets.js';

interface ClaimedLine {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly skillId: string;
  readonly subject: string;
  readonly attempts: number;
  readonly tokens: number;
  readonly tokenSet: UpstreamTokenSet;
  readonly staged: boolean;
  readonly provedSubject: string;
  readonly lastError: string | null;
}

interface AdoptedLine {
  readonly id: string;
  readonly subject: string;
  readonly domain: Buffer;
  readonly version: number;
  readonly sealed: Buffer;
  readonly activeDueAt: Date | null;
  readonly dormantDueAt: Date | null;
  readonly newLinkId: string;
  readonly grantIds: readonly string[];
}

export interface ProveImportedLinksNeeds extends Ambient, VaultNeeds, UpstreamNeeds {
  readonly connectors: ConnectorLookup;
  readonly fingerprint: Fingerprint;
  readonly importedLinks: {
    claim(
      now: Date,
      claim: { limit: number; perConnector: number; leaseMs: number },
      deadline: Deadline,
    ): Promise<readonly ClaimedLine[]>;
    adopt(tenantId: TenantId, line: AdoptedLine, now: Date, deadline: Deadline): Promise<string | undefined>;
    refuse(tenantId: TenantId, id: string, reason: string, now: Date, deadline: Deadline): Promise<boolean>;
    postpone(tenantId: TenantId, id: string, reason: string, next: Date, deadline: Deadline): Promise<void>;
    renew(
      tenantId: TenantId,
      line: { id: string; setId: string; version: number },
      now: Date,
      deadline: Deadline,
    ): Promise<void>;
  };
}

/** As many as early refresh has under way at once, and of one connector at most half of them. */
const AT_ONCE = 64;
const PER_CONNECTOR = AT_ONCE / 2;
const LEAST_CLAIM = 16;
/** A line whose prover died is due again after this; longer than proving one takes at the most. */
const LEASE_MS = 60_000;
const RUN_MS = 19_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
const LONGEST_REASON = 300;

/**
 * Proves imported lines whose set has a living access token: asks the provider whose it is, and adopts the line where it is
 * the subject that the line names. Nothing of a line gives access to anybody before that. Claims are from the database, so
 * it does not matter who runs this, or how many do.
 * @returns how many lines were adopted or refused
 * @throws DatabaseUnavailable when it could not claim
 * @see ADR 0023
 */
export async function proveImportedLinks(needs: ProveImportedLinksNeeds): Promise<number> {
  const end = performance.now() + RUN_MS;
  const places = new Places(AT_ONCE);
  let settled = 0;
  const prove = async (line: ClaimedLine): Promise<void> => {
    if (await proveLine(needs, line)) settled += 1;
  };
  try {
    while (performance.now() < end) {
      const claim = { limit: places.free, perConnector: Math.min(places.free, PER_CONNECTOR), leaseMs: LEASE_MS };
      const claimed = await needs.importedLinks.claim(needs.now(), claim, performance.now() + STATEMENT_MS);
      if (claimed.length === 0) break;
      for (const line of claimed) places.take(prove(line));
      await places.until(LEAST_CLAIM);
    }
  } finally {
    await places.until(AT_ONCE);
  }
  return settled;
}

/** Whether the line has been settled. What goes wrong on the way puts it off. */
async function proveLine(needs: ProveImportedLinksNeeds, line: ClaimedLine): Promise<boolean> {
  const hopeless = hopelessness(line, needs.now());
  if (hopeless !== undefined) return refuse(needs, line, hopeless);
  try {
    return await askAndAdopt(needs, line);
  } catch (error) {
    if (error instanceof UpstreamError && error.failure === 'rejected') return rejected(needs, line);
    await postpone(needs, line, error);
    return false;
  }
}

/** Why a line can never be proved; undefined where it can. */
function hopelessness(
  { tokenSet, staged, subject, provedSubject, lastError }: ClaimedLine,
  now: Date,
): string | undefined {
  if (tokenSet.state === 'revoked') return 'the sign-in at the provider has been revoked';
  if (tokenSet.state === 'dead')
    return `the provider refuses the refresh token${lastError === null ? '' : ` (${lastError})`}`;
  if (!staged) return provedSubject === subject ? undefined : aboutAnother;
  const over = tokenSet.accessExpiresAt !== null && tokenSet.accessExpiresAt <= now;
  return over && !tokenSet.hasRefreshToken
    ? 'the access token has expired, and there is nothing to renew it with'
    : undefined;
}

const aboutAnother = 'by the word of the provider the tokens are another subject’s';

async function askAndAdopt(needs: ProveImportedLinksNeeds, line: ClaimedLine): Promise<boolean> {
  const { tenantId, tokenSet, subject } = line;
  const deadline = performance.now() + HTTP_MS;
  const connector = await needs.connectors.find(tenantId, tokenSet.connectorId, deadline);
  if (!connector) return refuse(needs, line, 'the connector has been removed');
  const upstream = await findUpstream(needs, connector, deadline);
  const secrets = await openTokens(needs, tenantId, tokenSet, deadline);
  // What has been proved with the same token need not be asked for again.
  if (!line.staged) return adopt(needs, line, connector, upstream, secrets);
  const identity = await identify(needs, connector, upstream, secrets.accessToken, deadline);
  if (!identity) return refuse(needs, line, 'the provider does not say by an access token whose it is');
  if (identity.subject !== subject) return refuse(needs, line, aboutAnother);
  return adopt(needs, line, connector, upstream, { ...secrets, profile: identity.profile });
}

/** Whose an access token is; undefined where the provider has no way to say so. @throws UpstreamError */
async function identify(
  needs: UpstreamNeeds,
  connector: Connector,
  upstream: Upstream,
  accessToken: string,
  deadline: Deadline,
): Promise<Identity | undefined> {
  const request = buildIdentityRequest(upstream, accessToken);
  return request && readUserinfo(upstream, await sendUpstream(needs, connector, request, deadline));
}

async function adopt(
  needs: ProveImportedLinksNeeds,
  { id, tenantId, skillId, subject, tokens, tokenSet }: ClaimedLine,
  connector: Connector,
  upstream: Upstream,
  secrets: Parameters<typeof sealTokens>[3],
): Promise<boolean> {
  const now = needs.now();
  const deadline = performance.now() + HTTP_MS;
  const version = tokenSet.version + 1;
  const newId = (): string => uuidV7(now, needs.randomBytes(10));
  const adopted: AdoptedLine = {
    ...{ id, subject, version },
    domain: revocationDomain(needs.fingerprint, connector, upstream, subject),
    sealed: await sealTokens(needs, tenantId, { id: tokenSet.id, version }, secrets, deadline),
    ...scheduleRefresh(upstream.provider, tokenSet, now, randomShare(needs.randomBytes)),
    newLinkId: newId(),
    grantIds: Array.from({ length: tokens }, newId),
  };
  const linkId = await needs.importedLinks.adopt(tenantId, adopted, now, deadline);
  // Settled by somebody else, or the set was renewed meanwhile: its claim runs out, and it is looked at again.
  if (linkId === undefined) return false;
  needs.trace({
    name: 'link.imported',
    tenantId,
    skillId,
    linkId,
    connector: connector.slug,
    figures: { grants: tokens },
  });
  return true;
}

/** The provider does not take the access token: where there is another way, it is renewed first. */
async function rejected(needs: ProveImportedLinksNeeds, line: ClaimedLine): Promise<boolean> {
  const { id, tenantId, tokenSet } = line;
  if (!tokenSet.hasRefreshToken) return refuse(needs, line, 'the provider does not take the access token');
  if (tokenSet.version > MOST_RENEWALS)
    return refuse(needs, line, 'the provider takes no access token of it for its userinfo');
  const renewed = { id, setId: tokenSet.id, version: tokenSet.version };
  await needs.importedLinks.renew(tenantId, renewed, needs.now(), performance.now() + STATEMENT_MS);
  return false;
}

/** A set begins with version 1, and each renewal brings the next. */
const MOST_RENEWALS = 3;

const refuse = (needs: ProveImportedLinksNeeds, { id, tenantId }: ClaimedLine, reason: string): Promise<boolean> =>
  needs.importedLinks.refuse(tenantId, id, reason, needs.now(), performance.now() + STATEMENT_MS);

/** Later each time, and not everything at once after an outage. */
async function postpone(
  needs: ProveImportedLinksNeeds,
  { id, tenantId, attempts }: ClaimedLine,
  error: unknown,
): Promise<void> {
  const asked = error instanceof UpstreamError ? error.retryAfterSeconds : null;
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 10));
  const wait = Math.max(pause * (1 + randomShare(needs.randomBytes)), Math.min((asked ?? 0) * 1_000, LONGEST_PAUSE_MS));
  const next = new Date(needs.now().getTime() + wait);
  const reason = error instanceof UpstreamError ? error.message : 'something here does not answer; it is tried again';
  await needs.importedLinks.postpone(
    tenantId,
    id,
    reason.slice(0, LONGEST_REASON),
    next,
    performance.now() + STATEMENT_MS,
  );
}
