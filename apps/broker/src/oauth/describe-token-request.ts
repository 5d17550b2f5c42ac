import { describeBody, describeFields } from '@linkbroker/linking';
import { OAuthError } from '@linkbroker/protocol';
import type { MachineRequest } from '../http/machine-request.js';

/** A token request and our answer for the timeline: names of fields, and values only where they explain something. */
export function describeTokenRequest(presented: MachineRequest, answer: object): Readonly<Record<string, unknown>> {
  const refusal = answer instanceof OAuthError;
  const body = refusal ? { error: answer.code, error_description: answer.description } : { ...answer };
  return {
    sent: {
      ...describeBody(presented.body, 'application/x-www-form-urlencoded'),
      credentials: presented.authorization === undefined ? 'in the body' : 'HTTP Basic',
    },
    received: describeFields(body),
  };
}
