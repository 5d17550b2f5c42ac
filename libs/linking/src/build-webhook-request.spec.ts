import { randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { buildWebhookRequest } from './build-webhook-request.js';

const secret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const event = {
  eventId: randomUUID(),
  type: 'link.dead',
  occurredAt: new Date('2026-11-22T12:00:00.123Z'),
  data: { tenant: 'acme', skill: 'lights', link: randomUUID(), note: 'Küche – "licht"' },
};
const payload = { type: 'link.dead', timestamp: '2026-11-22T12:00:00.123Z', data: event.data };

test('is what the published library verifies, with either secret while two are live', () => {
  const [old, new_, other] = [secret(), secret(), secret()];
  const { headers, body } = buildWebhookRequest(event, [new_, old], new Date());
  for (const known of [old, new_]) expect(new Webhook(known).verify(body, headers)).toEqual(payload);
  expect(() => new Webhook(other).verify(body, headers)).toThrow('No matching signature found');
  expect(() => new Webhook(old).verify(body.replace('acme', 'rival'), headers)).toThrow('No matching signature found');
  const later = { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) };
  expect(() => new Webhook(old).verify(body, later)).toThrow('No matching signature found');
});

test('says the same at each attempt, signed for its own moment', () => {
  const only = secret();
  const now = new Date();
  const [first, second] = [now, new Date(now.getTime() - 60_000)].map((at) => buildWebhookRequest(event, [only], at));
  expect(second!.body).toBe(first!.body);
  expect(second!.headers['webhook-id']).toBe(event.eventId);
  expect(second!.headers['webhook-signature']).not.toBe(first!.headers['webhook-signature']);
  expect(new Webhook(only).verify(second!.body, second!.headers)).toEqual(payload);
});

test('does not say which secret cannot be read', () => {
  const build = () => buildWebhookRequest(event, ['whsec_nothing-of-the-kind'], new Date());
  expect(build).toThrow(RangeError);
  expect(build).toThrow('a signing secret cannot be read');
});
