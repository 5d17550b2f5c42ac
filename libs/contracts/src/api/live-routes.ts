import { z } from 'zod';
import type { ApiRoute } from './api-route.js';

/** What there may be news of. */
export const LIVE_TOPICS = ['timeline', 'deliveries', 'changes'] as const;
export type LiveTopic = (typeof LIVE_TOPICS)[number];

/** Seconds after which a stream ends; whoever still looks on asks again, and is asked again who he is. */
export const LIVE_SECONDS = 120;

/**
 * Server-sent events, each of the type `news` with a JSON array of topics as its data. They say that something is new, not what:
 * that is read by the routes that have it.
 */
export const WATCH_TENANT = {
  method: 'GET',
  path: '/tenants/{tenant}/live',
  summary: 'A stream that says when there is something new',
  access: { tenant: 'tenant.read' },
  query: z.object({ seconds: z.coerce.number().int().min(0).max(LIVE_SECONDS).default(LIVE_SECONDS) }),
  contentType: 'text/event-stream',
} as const satisfies ApiRoute;
