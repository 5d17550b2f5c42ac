import type { Deadline, Skill, TenantId } from '@linkbroker/contracts';
import {
  agedGeneration,
  OAuthError,
  parseScope,
  readRefreshToken,
  sha256,
  unavailable,
  type Checkpoint,
  type RefreshTokenClaims,
  type TokenRequest,
} from '@linkbroker/protocol';
import { buildTokenResponse } from './build-token-response.js';
import { claimForeignGrant, findForeignToken, type ForeignTokensNeeds } from './find-foreign-token.js';
import { handOutUpstreamToken, type HandOutNeeds } from './hand-out-upstream-token.js';
import type { Ambient, MacKeys } from './needs.js';
import type { GrantResult } from './token-endpoint.js';

interface Attempt {
  readonly skillId: string;
  readonly grantId: string;
  readonly secretHash: Buffer;
  readonly presented: number;
  readonly keep: number | null;
  readonly signingKeyId: number;
  readonly now: Date;
}

interface Settled {
  readonly generation: number;
  readonly generationBefore: number;
  readonly macKeyId: number;
  readonly linkId: string;
  readonly scopes: readonly string[];
}

interface StoredGrant {
  readonly linkId: string;
  readonly generation: number;
  readonly generationAt: number;
  readonly checkpoints: readonly Checkpoint[];
  readonly secretHash: Buffer | null;
  readonly revokedAt: Date | null;
}

export interface RefreshGrantNeeds extends Ambient, HandOutNeeds, ForeignTokensNeeds {
  readonly keys: MacKeys;
  readonly grants: {
    refresh(tenantId: TenantId, attempt: Attempt, deadline: Deadline): Promise<Settled | undefined>;
    find(tenantId: TenantId, skillId: string, grantId: string, deadline: Deadline): Promise<StoredGrant | undefined>;
  };
}

type RefreshRequest = Extract<TokenRequest, { grantType: 'refresh_token' }>;

const NOT_VALID = 'The refresh token is not valid.';

/**
 * Refreshes a grant. The MAC is checked before any I/O; one statement settles the rest; whatever cannot be settled is
 * thrown, never answered with a verdict. What is not ours is looked up only where the skill has imported links.
 * @see ADR 0001, ADR 0023, R95–R108
 */
export async function refreshGrant(
  needs: RefreshGrantNeeds,
  skill: Skill,
  request: RefreshRequest,
  deadline: Deadline,
): Promise<GrantResult> {
  const reading = readRefreshToken(request.refreshToken, skill.id, needs.keys.lookup);
  const claims =
    reading.kind === 'valid' ? reading.claims : await readForeign(needs, skill, request.refreshToken, deadline);
  if (!claims && reading.kind === 'unknown-key') {
    const figures = { macKeyId: reading.macKeyId };
    needs.trace({ name: 'incident.unknown_mac_key', tenantId: skill.tenantId, skillId: skill.id, figures });
    throw unavailable(new Error(`MAC key ${String(reading.macKeyId)} is not in the ring`));
  }
  if (!claims) return refused('refused', NOT_VALID);
  const attempt = attemptOf(needs, skill, claims);
  for (let tries = 0; tries < 2; tries += 1) {
    const settled = await needs.grants.refresh(skill.tenantId, attempt, deadline);
    if (settled) return handOut(needs, skill, answer(needs, skill, request, claims, attempt, settled), deadline);
    const verdict = await classify(needs, skill, attempt, deadline);
    if (verdict) return verdict;
  }
  throw unavailable(new Error('the grant matches but does not settle'));
}

type GrantClaims = Pick<RefreshTokenClaims, 'grantId' | 'grantSecret' | 'generation'>;

/** The refresh token of the server before is generation 0 of the grant that was made for it. */
async function readForeign(
  needs: RefreshGrantNeeds,
  skill: Skill,
  token: string,
  deadline: Deadline,
): Promise<GrantClaims | undefined> {
  const found = await findForeignToken(needs, skill, token, ['refresh'], deadline);
  if (!found) return undefined;
  const grantSecret = await claimForeignGrant(needs, skill, token, found, deadline);
  return { grantId: found.grantId, grantSecret, generation: 0 };
}

function attemptOf(needs: RefreshGrantNeeds, skill: Skill, claims: GrantClaims): Attempt {
  const now = needs.now();
  return {
    skillId: skill.id,
    grantId: claims.grantId,
    secretHash: sha256(claims.grantSecret),
    presented: claims.generation,
    keep: skill.refreshKeep,
    signingKeyId: needs.keys.signingKeyId(now),
    now,
  };
}

function refused(
  outcome: 'refused' | 'revoked' | 'too_old',
  description: string,
  found: Partial<GrantResult> = {},
): GrantResult {
  return { ...found, outcome, answer: new OAuthError('invalid_grant', description, { cause: outcome }) };
}

function answer(
  needs: RefreshGrantNeeds,
  skill: Skill,
  request: RefreshRequest,
  claims: GrantClaims,
  attempt: Attempt,
  settled: Settled,
): GrantResult {
  const found = { grantId: attempt.grantId, linkId: settled.linkId };
  const asked = request.scope === null ? null : parseScope(request.scope);
  if (asked === undefined || asked?.some((scope) => !settled.scopes.includes(scope))) {
    const error = new OAuthError('invalid_scope', 'scope asks for more than was granted.');
    return { ...found, outcome: 'refused', answer: error };
  }
  const outcome = outcomeOf(attempt.presented, settled);
  traceOddity(needs, skill, outcome, attempt, settled);
  const { generation, macKeyId, scopes } = settled;
  const issued = { ...found, grantSecret: claims.grantSecret, generation, macKeyId, scopes, asked, now: attempt.now };
  return { ...found, outcome, answer: buildTokenResponse(needs.keys, skill, issued) };
}

/** A skill that passes the upstream's tokens through is answered with one of them. */
async function handOut(
  needs: RefreshGrantNeeds,
  skill: Skill,
  result: GrantResult,
  deadline: Deadline,
): Promise<GrantResult> {
  if (skill.tokenMode === 'own' || result.answer instanceof OAuthError || !result.grantId) return result;
  const token = await handOutUpstreamToken(needs, skill, result.grantId, deadline);
  return { ...result, answer: { ...result.answer, ...token } };
}

function outcomeOf(presented: number, { generationBefore }: Settled): 'rotated' | 'replayed' | 'recovered' {
  if (presented === generationBefore) return 'rotated';
  return presented < generationBefore ? 'replayed' : 'recovered';
}

/** An older token is an event for the tenant, a token ahead of its row an incident; neither changes the answer. */
function traceOddity(
  needs: RefreshGrantNeeds,
  skill: Skill,
  outcome: string,
  attempt: Attempt,
  settled: Settled,
): void {
  if (outcome === 'rotated') return;
  needs.trace({
    name: outcome === 'recovered' ? 'incident.grant_behind' : 'grant.replayed',
    tenantId: skill.tenantId,
    skillId: skill.id,
    grantId: attempt.grantId,
    linkId: settled.linkId,
    figures: { presented: attempt.presented, row: settled.generationBefore },
  });
}

/**
 * Reads the row with a fresh snapshot after the statement matched none: a verdict, or undefined to try once more.
 * @throws OAuthError `temporarily_unavailable` when a valid MAC has no row
 */
async function classify(
  needs: RefreshGrantNeeds,
  skill: Skill,
  attempt: Attempt,
  deadline: Deadline,
): Promise<GrantResult | undefined> {
  const stored = await needs.grants.find(skill.tenantId, skill.id, attempt.grantId, deadline);
  const where = { tenantId: skill.tenantId, skillId: skill.id, grantId: attempt.grantId };
  if (!stored?.secretHash?.equals(attempt.secretHash)) {
    needs.trace({ name: 'incident.grant_missing', ...where, detail: stored ? 'another secret in the row' : 'no row' });
    throw unavailable(new Error('a refresh token with a valid MAC has no row'));
  }
  const found = { grantId: attempt.grantId, linkId: stored.linkId };
  if (stored.revokedAt) {
    needs.trace({ name: 'grant.refused', ...where, linkId: stored.linkId, detail: 'revoked' });
    return refused('revoked', NOT_VALID, found);
  }
  const behind = stored.generation - attempt.presented;
  const aged = agedGeneration(stored, attempt.now.getTime() / 1000);
  if (attempt.keep !== null && behind > attempt.keep && aged > attempt.presented) {
    needs.trace({ name: 'grant.too_old', ...where, linkId: stored.linkId, figures: { behind, keep: attempt.keep } });
    return refused('too_old', NOT_VALID, found);
  }
  return undefined;
}
