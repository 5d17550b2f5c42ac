import { z } from 'zod';

/** Characters of a code or token; Login with Amazon's own have at most 2,048. @see R86 */
const credential = z.string().min(1).max(4_096);
const id = z.string().min(1).max(200);

/** Unknown members of a request are let through: Amazon may add some. */
const requestHeader = z.object({
  namespace: z.literal('Alexa.Authorization'),
  name: z.literal('AcceptGrant'),
  payloadVersion: z.literal('3'),
  messageId: id,
  correlationToken: z.string().max(4_096).optional(),
});

/**
 * The directive by which Alexa hands a skill a code of Login with Amazon, and says whose it is: the household's access
 * token of the skill's own authorization server. The correlation token may be missing.
 * @see R150 R154
 */
export const acceptGrantDirective = z.object({
  directive: z.object({
    header: requestHeader,
    payload: z.object({
      grant: z.object({ type: z.literal('OAuth2.AuthorizationCode'), code: credential }),
      grantee: z.object({ type: z.literal('BearerToken'), token: credential }),
    }),
  }),
});
export type AcceptGrantDirective = z.infer<typeof acceptGrantDirective>;

const responseHeader = {
  namespace: z.literal('Alexa.Authorization'),
  payloadVersion: z.literal('3'),
  messageId: id,
  correlationToken: z.string().max(4_096).optional(),
} as const;

/** The one answer that accepts: its payload is an object without members. @see R152 */
export const acceptGrantResponse = z.object({
  event: z.object({
    header: z.object({ ...responseHeader, name: z.literal('AcceptGrant.Response') }),
    payload: z.strictObject({}),
  }),
});
export type AcceptGrantResponse = z.infer<typeof acceptGrantResponse>;

/** The one answer that refuses, in the namespace of the directive and not in `Alexa`. @see R153 */
export const acceptGrantError = z.object({
  event: z.object({
    header: z.object({ ...responseHeader, name: z.literal('ErrorResponse') }),
    payload: z.strictObject({ type: z.literal('ACCEPT_GRANT_FAILED'), message: z.string().min(1).max(1_000) }),
  }),
});
export type AcceptGrantError = z.infer<typeof acceptGrantError>;

/** What is not the directive's own: who it is for, and how this one is called. */
export interface AcceptGrantParts {
  /** A code of Login with Amazon. */
  readonly code: string;
  /** The household's access token, given by the skill's authorization server. */
  readonly token: string;
  readonly messageId: string;
}

/** The directive as Alexa was seen to send it, without a correlation token. @see R150 R154 */
export function buildAcceptGrant({ code, token, messageId }: AcceptGrantParts): AcceptGrantDirective {
  return {
    directive: {
      header: { namespace: 'Alexa.Authorization', name: 'AcceptGrant', payloadVersion: '3', messageId },
      payload: { grant: { type: 'OAuth2.AuthorizationCode', code }, grantee: { type: 'BearerToken', token } },
    },
  };
}
