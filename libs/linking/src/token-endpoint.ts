import type { Deadline, RegisteredClient, Skill } from '@linkbroker/contracts';
import {
  MAX_RELAYED_TOKEN,
  OAuthError,
  TOKEN_EXCHANGE,
  parseParameters,
  parseTokenRequest,
  readRefreshToken,
  unavailable,
  type RelayedTokens,
  type TokenExchangeResponse,
  type TokenRequest,
  type TokenResponse,
} from '@linkbroker/protocol';
import {
  authenticatePresented,
  type AuthenticatedClient,
  type ClientAuthenticationNeeds,
} from './authenticate-client.js';
import { redeemCode, type CodeGrantNeeds } from './authorization-code.grant.js';
import type { HandOutNeeds } from './hand-out-upstream-token.js';
import type { RequestFacts } from './needs.js';
import { refreshGrant, type RefreshGrantNeeds } from './refresh-token.grant.js';
import type { RelayNeeds } from './relay-needs.js';
import { relayToken } from './relay-token.grant.js';
import type { TenantTurns } from './tenant-turns.js';
import { exchangeToken, type TokenExchangeNeeds } from './token-exchange.grant.js';

export type TokenEndpointNeeds = ClientAuthenticationNeeds &
  CodeGrantNeeds &
  RefreshGrantNeeds &
  TokenExchangeNeeds &
  RelayNeeds &
  HandOutNeeds & { readonly turns: Pick<TenantTurns, 'enter'> };

/** How a request ended, for logs and metrics. */
export type TokenOutcome =
  | 'issued'
  | 'rotated'
  | 'replayed'
  | 'recovered'
  | 'too_old'
  | 'revoked'
  | 'code_replayed'
  | 'released'
  | 'relayed'
  | 'refused'
  | 'unavailable';

/** What a grant proves: tokens, or a verdict. Failures to look are thrown. */
export interface GrantResult {
  readonly outcome: TokenOutcome;
  readonly answer: TokenResponse | TokenExchangeResponse | RelayedTokens | OAuthError;
  readonly grantId?: string;
  readonly linkId?: string;
}

export interface TokenAnswer {
  readonly grantType: TokenRequest['grantType'] | 'none';
  readonly outcome: TokenOutcome;
  readonly answer: TokenResponse | TokenExchangeResponse | RelayedTokens | OAuthError;
  readonly facts: RequestFacts;
  /** Absent when no client was found. */
  readonly skill: Skill | undefined;
}

/**
 * The token endpoint: authenticate the client, read the request, check that this kind of client may use the grant,
 * let the grant prove itself. Every failure to look becomes 503; only a grant says `invalid_grant`.
 * @see R90–R94, RFC 6749 §3.2
 */
export async function answerTokenRequest(
  needs: TokenEndpointNeeds,
  presented: { readonly authorization: string | undefined; readonly body: string },
  deadline: Deadline,
): Promise<TokenAnswer> {
  let grantType: TokenAnswer['grantType'] = 'none';
  let facts: RequestFacts = {};
  let skill: Skill | undefined;
  try {
    const body = parseParameters(presented.body);
    const authenticated = await authenticatePresented(
      needs,
      { authorization: presented.authorization, body },
      deadline,
    );
    const { client } = authenticated;
    skill = client.skill;
    facts = { tenantId: client.skill.tenantId, skillId: client.skill.id, clientKind: client.kind };
    const request = parseTokenRequest(body, skill.relay && MAX_RELAYED_TOKEN);
    grantType = request.grantType;
    checkGrantAllowed(client, request);
    const result = await inTurn(needs, client.skill, () => proveGrant(needs, authenticated, request, deadline));
    const found = {
      ...(result.grantId && { grantId: result.grantId }),
      ...(result.linkId && { linkId: result.linkId }),
    };
    return { grantType, outcome: result.outcome, answer: result.answer, facts: { ...facts, ...found }, skill };
  } catch (error) {
    if (error instanceof OAuthError) return { grantType, outcome: outcomeOf(error), answer: error, facts, skill };
    return { grantType, outcome: 'unavailable', answer: unavailable(error), facts, skill };
  }
}

const outcomeOf = (error: OAuthError): TokenOutcome =>
  error.code === 'temporarily_unavailable' ? 'unavailable' : 'refused';

/** @throws OAuthError `temporarily_unavailable` where the tenant has enough under way: never a verdict about a token */
async function inTurn<T>(
  { turns }: Pick<TokenEndpointNeeds, 'turns'>,
  { tenantId }: Skill,
  work: () => Promise<T>,
): Promise<T> {
  const leave = turns.enter(tenantId);
  if (!leave) throw unavailable(new Error('the tenant has as many token requests under way as one may'));
  try {
    return await work();
  } finally {
    leave();
  }
}

/**
 * Alexa's credential redeems and refreshes; the backend's exchanges. Neither can do the other's. A refresh token is good
 * whatever grants the skill has by now: its household has linked.
 */
function checkGrantAllowed({ kind, skill }: RegisteredClient, request: TokenRequest): void {
  const redeems = request.grantType !== 'authorization_code' || skill.grantTypes.includes('authorization_code');
  const allowed = request.grantType === TOKEN_EXCHANGE ? kind === 'backend' : kind === 'alexa' && redeems;
  if (!allowed) throw new OAuthError('unauthorized_client', `This client may not use ${request.grantType}.`);
}

function proveGrant(
  needs: TokenEndpointNeeds,
  { client, clientSecret }: AuthenticatedClient,
  request: TokenRequest,
  deadline: Deadline,
): Promise<GrantResult> {
  const { relay } = client.skill;
  if (relay && request.grantType !== TOKEN_EXCHANGE && !isOurs(needs, client.skill, request)) {
    return relayToken(needs, { skill: client.skill, relay, clientSecret, request }, deadline);
  }
  if (request.grantType === 'authorization_code') return redeemCode(needs, client.skill, request, deadline);
  if (request.grantType === 'refresh_token') return refreshGrant(needs, client.skill, request, deadline);
  return exchangeToken(needs, client.skill, request, deadline);
}

/** A household that linked before its skill had a relay holds a refresh token of ours, and keeps it. */
const isOurs = (needs: TokenEndpointNeeds, skill: Skill, request: TokenRequest): boolean =>
  request.grantType === 'refresh_token' &&
  readRefreshToken(request.refreshToken, skill.id, needs.keys.lookup).kind === 'valid';
