import { readSigningSecret } from '@linkbroker/contracts';
import { createHmac } from 'node:crypto';

/** An event as it is told. */
export interface ToldEvent {
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * An event as a signed request. The body and `webhook-id` are the same at each attempt; the time and so the signature are
 * the attempt's. Each secret signs, so that a receiver may go from one to the other whenever it likes.
 * @param secrets `whsec_…`, one or two
 * @throws RangeError when one is no signing secret; it does not say which it was
 * @see Standard Webhooks, ADR 0014
 */
export function buildWebhookRequest(event: ToldEvent, secrets: readonly string[], now: Date): WebhookRequest {
  const { eventId, type, occurredAt, data } = event;
  const body = JSON.stringify({ type, timestamp: occurredAt.toISOString(), data });
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const signed = `${eventId}.${timestamp}.${body}`;
  const headers = {
    'content-type': 'application/json',
    'webhook-id': eventId,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${signature(secret, signed)}`).join(' '),
  };
  return { headers, body };
}

function signature(secret: string, text: string): string {
  const key = readSigningSecret(secret);
  if (!key) throw new RangeError('a signing secret cannot be read');
  return createHmac('sha256', key).update(text).digest('base64');
}
