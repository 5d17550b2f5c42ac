import type { OutgoingRequest } from '../http/send.js';
import type { Skill } from '../skills.js';
import type { Broker } from './token-endpoint.js';

export type Backend = NonNullable<Skill['backend']>;

/** A form from the skill's own server. Unlike Alexa's, its Basic header follows RFC 6749 §2.3.1: form-encoded first. */
export function backendRequest(
  broker: Broker,
  backend: Backend,
  path: string,
  form: Record<string, string>,
): OutgoingRequest {
  const pair = `${encodeURIComponent(backend.clientId)}:${encodeURIComponent(backend.clientSecret)}`;
  return {
    method: 'POST',
    url: `${broker.url}${path}`,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'application/json',
      Authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
    },
    body: new URLSearchParams(form).toString(),
  };
}
