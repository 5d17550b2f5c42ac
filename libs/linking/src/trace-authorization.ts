import type { Skill } from '@linkbroker/contracts';
import {
  parameter,
  readState,
  type AuthorizationRequest,
  type OAuthError,
  type Parameters,
} from '@linkbroker/protocol';
import type { Fingerprint } from './upstream-secrets.js';
import type { Ambient } from './needs.js';

const LONGEST_URI = 300;

export interface TraceAuthorizationNeeds extends Ambient {
  readonly fingerprint: Fingerprint;
}

/**
 * The fingerprint of a `state` for its tenant: the same state in Alexa's request and in a report of it are found to be the
 * same, and nobody can read one from it.
 * @param state a byte string, as the request brought it (R29)
 */
export const stateFingerprint = (fingerprint: Fingerprint, tenantId: string, state: string): string =>
  fingerprint('state', [tenantId, Buffer.from(state, 'latin1').toString('base64')])
    .toString('base64url')
    .slice(0, 22);

/** Leaves on the timeline what Alexa asked for, `state` only by its length and fingerprint. */
export function traceStarted(
  needs: TraceAuthorizationNeeds,
  name: 'authorize.started' | 'relay.redirected',
  skill: Skill,
  { request, reference }: { readonly request: AuthorizationRequest; readonly reference: string },
): void {
  const { state, redirectUri, scopes, codeChallenge, responseType, fromApp } = request;
  needs.trace({
    name,
    reference,
    tenantId: skill.tenantId,
    skillId: skill.id,
    data: {
      redirectUri,
      scopes,
      ...(responseType === 'token' ? { implicit: true } : { pkce: codeChallenge !== null }),
      ...(fromApp && { fromApp }),
    },
    figures: { stateLength: state?.length ?? 0 },
    ...(state !== null && { stateFingerprint: stateFingerprint(needs.fingerprint, skill.tenantId, state) }),
  });
}

/** Leaves on the timeline why an authorization request was refused, and the address it wanted the household back at. */
export function traceRefused(
  needs: TraceAuthorizationNeeds,
  skill: Skill | undefined,
  refused: { readonly parameters: Parameters; readonly error: OAuthError; readonly reference: string },
): void {
  const { parameters, error, reference } = refused;
  const redirectUri = parameter(parameters, 'redirect_uri')?.slice(0, LONGEST_URI);
  const state = readState(parameters);
  needs.trace({
    name: 'authorize.refused',
    reference,
    ...(skill && { tenantId: skill.tenantId, skillId: skill.id }),
    ...(skill && state && { stateFingerprint: stateFingerprint(needs.fingerprint, skill.tenantId, state) }),
    outcome: error.code,
    detail: error.message,
    data: { redirectUri: redirectUri ?? null, registered: skill?.redirectUris.includes(redirectUri ?? '') ?? false },
  });
}
