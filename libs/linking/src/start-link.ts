import { ALEXA_LIMITS } from '@linkbroker/alexa';
import type { Deadline, RegisteredClient, Skill } from '@linkbroker/contracts';
import {
  buildAuthorizationResponse,
  checkAuthorizationRequest,
  OAuthError,
  parameter,
  parseParameters,
  readAnswerAddress,
  supportReference,
  type AuthorizationRequest,
  type Parameters,
} from '@linkbroker/protocol';
import { CLIENT_MAX_AGE_MS, type Clients } from './needs.js';
import { relayAuthorization } from './relay-authorization.js';
import { traceRefused, traceStarted, type TraceAuthorizationNeeds } from './trace-authorization.js';

export interface StartLinkNeeds extends TraceAuthorizationNeeds {
  readonly clients: Clients;
  readonly linkRequests: {
    create(
      id: string,
      origin: { tenantId: Skill['tenantId']; skillId: string; request: AuthorizationRequest },
      ttlSeconds: number,
    ): Promise<void>;
  };
}

/**
 * Where an authorization request leads: the link page, a relay's own server, back to Alexa with an error, or a page without
 * a way back.
 */
export type StartLinkResult =
  | { readonly kind: 'page'; readonly linkRequestId: string; readonly skill: Skill }
  | { readonly kind: 'redirect'; readonly location: string; readonly error: OAuthError }
  | { readonly kind: 'relay'; readonly location: string; readonly skill: Skill; readonly reference: string }
  | { readonly kind: 'refused'; readonly error: OAuthError; readonly reference: string };

const ID_BYTES = 16;

/**
 * Validates an authorization request and puts it in flight. Nothing is bound to the caller yet: the first hit may come
 * from Amazon's cloud or a link preview (R34a).
 * @param rawQuery the query exactly as it arrived, because `state` must survive byte for byte (R29)
 * @see RFC 6749 §4.1.1, §4.2.1, R29, docs/linking.md
 */
export async function startLink(needs: StartLinkNeeds, rawQuery: string, deadline: Deadline): Promise<StartLinkResult> {
  const parameters = parseParameters(rawQuery);
  const linkRequestId = needs.randomBytes(ID_BYTES).toString('base64url');
  const reference = supportReference(linkRequestId);
  const checked = await checkFresh(needs, parameters, deadline);
  if (checked.error) {
    const { error, skill } = checked;
    traceRefused(needs, skill, { parameters, error, reference });
    if (!error.mayRedirect) return { kind: 'refused', error, reference };
    const values = { error: error.code, error_description: error.description };
    const location = buildAuthorizationResponse(readAnswerAddress(parameters), values);
    return { kind: 'redirect', location, error };
  }
  const { skill, request } = checked;
  if (skill.relay) {
    traceStarted(needs, 'relay.redirected', skill, { request, reference });
    const location = relayAuthorization(skill, skill.relay, parameters, request);
    return { kind: 'relay', location, skill, reference };
  }
  const origin = { tenantId: skill.tenantId, skillId: skill.id, request };
  await needs.linkRequests.create(linkRequestId, origin, ALEXA_LIMITS.linkAttemptTtl);
  traceStarted(needs, 'authorize.started', skill, { request, reference });
  return { kind: 'page', linkRequestId, skill };
}

type Checked =
  | { readonly error: OAuthError; readonly skill: Skill | undefined }
  | { readonly error?: never; readonly skill: Skill; readonly request: AuthorizationRequest };

/** Checks against the cached skill; a refusal is checked once more against a fresh one. */
async function checkFresh(needs: StartLinkNeeds, parameters: Parameters, deadline: Deadline): Promise<Checked> {
  const cached = check(parameters, await findClient(needs, parameters, CLIENT_MAX_AGE_MS, deadline));
  if (!cached.error) return cached;
  return check(parameters, await findClient(needs, parameters, 0, deadline));
}

async function findClient(
  needs: StartLinkNeeds,
  parameters: Parameters,
  maxAgeMs: number,
  deadline: Deadline,
): Promise<RegisteredClient | undefined> {
  const clientId = parameter(parameters, 'client_id');
  if (clientId === undefined || clientId.includes('\0')) return undefined;
  return needs.clients.find(clientId, maxAgeMs, deadline);
}

function check(parameters: Parameters, client: RegisteredClient | undefined): Checked {
  const skill = client?.kind === 'alexa' ? client.skill : undefined;
  try {
    const request = checkAuthorizationRequest(parameters, skill);
    if (!skill) throw new OAuthError('invalid_request', 'client_id is missing or not registered here.');
    return { skill, request };
  } catch (error) {
    if (error instanceof OAuthError) return { error, skill };
    throw error;
  }
}
