import type { AcceptGrantError, AcceptGrantResponse } from './accept-grant.js';

/** What of an answer is not its own. The correlation token is echoed where there was one. @see R154 */
export interface AnswerParts {
  readonly messageId: string;
  readonly correlationToken: string | undefined;
}

const PAYLOAD_VERSION = '3';

const echo = ({ messageId, correlationToken }: AnswerParts) => ({
  payloadVersion: PAYLOAD_VERSION as typeof PAYLOAD_VERSION,
  messageId,
  ...(correlationToken !== undefined && { correlationToken }),
});

/** The answer that accepts. @see R152 */
export const buildAcceptGrantResponse = (parts: AnswerParts): AcceptGrantResponse => ({
  event: { header: { namespace: 'Alexa.Authorization', name: 'AcceptGrant.Response', ...echo(parts) }, payload: {} },
});

/** The answer that refuses. @param message for the developer, at most 1,000 characters @see R153 */
export const buildAcceptGrantError = (parts: AnswerParts, message: string): AcceptGrantError => ({
  event: {
    header: { namespace: 'Alexa.Authorization', name: 'ErrorResponse', ...echo(parts) },
    payload: { type: 'ACCEPT_GRANT_FAILED', message },
  },
});

/** An answer to a directive that has come to the wrong place. */
export interface InvalidDirective {
  readonly event: {
    readonly header: Readonly<Record<string, string>>;
    readonly payload: { readonly type: 'INVALID_DIRECTIVE'; readonly message: string };
  };
}

/** The answer to any other directive: the skill's own server handles those. */
export const buildInvalidDirective = (parts: AnswerParts, message: string): InvalidDirective => ({
  event: {
    header: { namespace: 'Alexa', name: 'ErrorResponse', ...echo(parts) },
    payload: { type: 'INVALID_DIRECTIVE', message },
  },
});
