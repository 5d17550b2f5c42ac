import type { Deadline, Skill } from '@linkbroker/contracts';
import { OAuthError, unavailable, type TokenExchangeRequest, type TokenExchangeResponse } from '@linkbroker/protocol';
import { findGrantedTokens, type GrantedTokensNeeds } from './find-granted-tokens.js';
import { freshUpstreamTokens, type FreshTokensNeeds, type Freshness } from './fresh-upstream-tokens.js';
import { repairUrl, type RepairUrlNeeds } from './repair-link.js';
import type { TokenOutcome } from './token-endpoint.js';

export type TokenExchangeNeeds = GrantedTokensNeeds & FreshTokensNeeds & RepairUrlNeeds;

export interface ExchangeResult {
  readonly outcome: TokenOutcome;
  readonly answer: TokenExchangeResponse | OAuthError;
  readonly grantId?: string;
  readonly linkId?: string;
}

/** Enough for the call that the token is asked for; less is about to expire. */
const FRESHNESS: Freshness = { leadMs: 60_000, leastMs: 2_000 };
/** Seconds told for a token whose provider names no end: ask again by then. */
const UNKNOWN_LIFETIME = 3_600;

/**
 * Releases a fresh upstream access token to a skill's own server, for the access token that Alexa sent it. The caller is
 * the backend client of the very skill the token was issued to; nobody else's token is looked at.
 * @throws what makes the endpoint answer 503: stores away, upstream unreachable with nothing left to serve
 * @see RFC 8693 §2, ADR 0011
 */
export async function exchangeToken(
  needs: TokenExchangeNeeds,
  skill: Skill,
  request: TokenExchangeRequest,
  deadline: Deadline,
): Promise<ExchangeResult> {
  const presented = await findGrantedTokens(needs, skill, request.subjectToken, deadline);
  const where = { tenantId: skill.tenantId, skillId: skill.id };
  if (presented.kind === 'refused') {
    const { reason, grantId } = presented;
    const about = grantId === undefined ? {} : { grantId };
    needs.trace({ name: 'exchange.refused', ...where, ...about, detail: reason });
    const answer = new OAuthError('invalid_grant', 'The subject token is not valid.', { cause: reason });
    return { outcome: 'refused', answer, ...about };
  }
  const { grantId, granted } = presented;
  const found = { grantId, linkId: granted.linkId };
  const tokens = await freshUpstreamTokens(needs, skill.tenantId, granted.tokenSet, FRESHNESS, deadline);
  if (tokens.kind === 'unavailable') throw unavailable(new Error('the upstream could not refresh the token'));
  const repair = { tenantId: skill.tenantId, linkId: granted.linkId };
  if (tokens.kind === 'dead') {
    const state = tokens.state === 'at_risk' ? 'at_risk' : 'dead';
    needs.trace({ name: 'exchange.refused', ...where, ...found, detail: `upstream ${state}` });
    if (state === 'dead') return { outcome: 'refused', answer: ended(), ...found };
    return { outcome: 'refused', answer: atRisk(repairUrl(needs, repair, needs.now())), ...found };
  }
  const rest = tokens.accessExpiresAt && (tokens.accessExpiresAt.getTime() - needs.now().getTime()) / 1_000;
  return {
    outcome: 'released',
    answer: {
      access_token: tokens.secrets.accessToken,
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: rest === null ? UNKNOWN_LIFETIME : Math.max(0, Math.floor(rest)),
      ...(tokens.scopes.length > 0 && { scope: tokens.scopes.join(' ') }),
      // The token lives, but nobody can renew it: now is the time to ask the household.
      ...(tokens.atRisk && { link_state: 'at_risk', repair_uri: repairUrl(needs, repair, needs.now()) }),
    },
    ...found,
  };
}

/** `link_state` tells a backend whether it may say so to Alexa: only `dead` is certain (R117). */
const ended = (): OAuthError =>
  new OAuthError('invalid_grant', 'The upstream sign-in has ended.', { members: { link_state: 'dead' } });

/** What is at risk can be saved: the household signs in again at `repair_uri`, and Alexa does not notice. */
const atRisk = (repairUri: string): OAuthError =>
  new OAuthError('invalid_grant', 'The upstream refuses this sign-in at present.', {
    members: { link_state: 'at_risk', repair_uri: repairUri },
  });
