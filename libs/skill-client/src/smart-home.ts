import { randomUUID } from 'node:crypto';
import type { Problem } from './results.js';

interface Scope {
  readonly type?: string;
  readonly token?: string;
}

/** What this module reads of a directive to a smart home skill, payload version 3. */
export interface SmartHomeRequest {
  readonly directive: {
    readonly header: {
      readonly namespace: string;
      readonly name: string;
      readonly correlationToken?: string;
    };
    readonly endpoint?: { readonly endpointId?: string; readonly scope?: Scope };
    readonly payload?: { readonly scope?: Scope; readonly grantee?: Scope };
  };
}

export type ErrorType =
  'INVALID_AUTHORIZATION_CREDENTIAL' | 'BRIDGE_UNREACHABLE' | 'INTERNAL_ERROR' | 'ACCEPT_GRANT_FAILED';

export interface SmartHomeEvent {
  readonly event: {
    readonly header: {
      readonly namespace: string;
      readonly name: string;
      readonly messageId: string;
      readonly correlationToken?: string;
      readonly payloadVersion: '3';
    };
    readonly endpoint?: { readonly endpointId: string };
    readonly payload: { readonly type: ErrorType; readonly message: string } | { readonly endpoints: readonly never[] };
  };
}

/** What a smart home skill answers Alexa. */
export interface SmartHomeAnswer {
  readonly event: object;
  readonly context?: object;
}

/** The access token of a directive, wherever this directive has it. @see R144, R150 */
export function bearerTokenOf({ directive: { endpoint, payload } }: SmartHomeRequest): string | undefined {
  const scope = endpoint?.scope ?? payload?.scope ?? payload?.grantee;
  return scope?.type === 'BearerToken' ? scope.token : undefined;
}

/**
 * The type makes Alexa say something, and one makes it delete the link (R117). Only a dead link is that one.
 *
 * An access token that is worth nothing (`not-linked`) is not: it may merely have expired while Alexa could not refresh,
 * as in an outage, and EXPIRED_AUTHORIZATION_CREDENTIAL would then unlink every household that spoke. Where the grant has
 * really ended, Alexa learns it from the token endpoint when it refreshes, which is the one place that has evidence.
 */
const ANSWERS: Readonly<Record<Problem['kind'], readonly [ErrorType, string]>> = {
  'link-dead': ['INVALID_AUTHORIZATION_CREDENTIAL', 'The sign-in at the provider has ended.'],
  'link-at-risk': ['BRIDGE_UNREACHABLE', 'The provider refuses the sign-in at present.'],
  unavailable: ['BRIDGE_UNREACHABLE', 'The sign-in could not be renewed in time.'],
  'not-linked': ['INTERNAL_ERROR', 'The access token is missing or not valid.'],
  misconfigured: ['INTERNAL_ERROR', 'The skill is set up wrongly.'],
};

/**
 * What a smart home skill answers when there is no token.
 *
 * `Discover` has no errors: it gets an empty list, as Amazon asks for an expired token too. `AcceptGrant` has its own.
 * @see R117, R145, R153, R154, https://developer.amazon.com/docs/device-apis/alexa-errorresponse.html
 */
export function errorResponseFor(problem: Problem, request: SmartHomeRequest): SmartHomeEvent {
  const { header, endpoint } = request.directive;
  const correlation = header.correlationToken === undefined ? {} : { correlationToken: header.correlationToken };
  const common = { messageId: randomUUID(), ...correlation, payloadVersion: '3' } as const;
  if (header.namespace === 'Alexa.Discovery') {
    const discovered = { namespace: header.namespace, name: 'Discover.Response', ...common };
    return { event: { header: discovered, payload: { endpoints: [] } } };
  }
  const [type, message] = ANSWERS[problem.kind];
  if (header.namespace === 'Alexa.Authorization') {
    const failed = { namespace: header.namespace, name: 'ErrorResponse', ...common };
    return { event: { header: failed, payload: { type: 'ACCEPT_GRANT_FAILED', message } } };
  }
  return {
    event: {
      header: { namespace: 'Alexa', name: 'ErrorResponse', ...common },
      ...(endpoint?.endpointId !== undefined && { endpoint: { endpointId: endpoint.endpointId } }),
      payload: { type, message },
    },
  };
}
