import type { Relay, Skill } from '@linkbroker/contracts';
import { buildRelayedAuthorization, parameter, type AuthorizationRequest, type Parameters } from '@linkbroker/protocol';

/**
 * Where a checked request for a skill with a relay goes on: the existing server's authorization endpoint. Nothing is
 * kept and nothing bound, because the code that comes of it is that server's own.
 * @see ADR 0018, R29
 */
export function relayAuthorization(
  skill: Skill,
  relay: Relay,
  parameters: Parameters,
  request: AuthorizationRequest,
): string {
  return buildRelayedAuthorization({
    authorizationUrl: relay.authorizationUrl,
    clientId: relay.clientId ?? skill.clientId,
    redirectUri: request.redirectUri,
    // As it was sent: the existing server has defaults of its own.
    scope: parameter(parameters, 'scope') ?? null,
    codeChallenge: request.codeChallenge,
    state: request.state,
  });
}
