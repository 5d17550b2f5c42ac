import { z } from 'zod';
import type { ApiRoute } from './api-route.js';
import { pageOf, pageQuery } from './cursor-page.js';

const moment = z.iso.datetime();

const delivery = z.object({
  eventId: z.uuid(),
  type: z.string(),
  occurredAt: moment,
  linkId: z.uuid().nullable(),
  skill: z.string(),
  /** Without its query, in which a secret may stand. */
  url: z.string(),
  state: z.enum(['pending', 'delivered', 'dead']),
  attempts: z.int(),
  nextAttemptAt: moment.nullable(),
  lastStatus: z.int().nullable(),
  lastError: z.string().nullable(),
  endedAt: moment.nullable(),
});

export const LIST_DELIVERIES = {
  method: 'GET',
  path: '/tenants/{tenant}/deliveries',
  summary: 'Deliveries of webhooks, the newest first',
  access: { tenant: 'webhooks.read' },
  query: z.object({ ...pageQuery, state: z.enum(['pending', 'delivered', 'dead']).optional() }),
  answer: pageOf(delivery),
} as const satisfies ApiRoute;

export const REPLAY_EVENT = {
  method: 'POST',
  path: '/tenants/{tenant}/events/{event}/replay',
  summary: 'Delivers an event once more to every webhook that is still there',
  access: { tenant: 'webhooks.write' },
  answer: z.object({ deliveries: z.int() }),
} as const satisfies ApiRoute;

export const REPLAY_DEAD = {
  method: 'POST',
  path: '/tenants/{tenant}/deliveries/replay',
  summary: 'Delivers what was given up once more',
  access: { tenant: 'webhooks.write' },
  answer: z.object({ deliveries: z.int() }),
} as const satisfies ApiRoute;
