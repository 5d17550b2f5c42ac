import { z } from 'zod';
import type { ApiRoute } from './api-route.js';
import { pageOf, pageQuery } from './cursor-page.js';

const moment = z.iso.datetime().nullable();

export const LIST_EVENT_GRANTS = {
  method: 'GET',
  path: '/tenants/{tenant}/event-grants',
  summary: 'What AcceptGrant brought: the rights to send events to Alexa, the newest first',
  access: { tenant: 'links.read' },
  query: z.object({ skill: z.string().max(80).optional(), ...pageQuery }),
  answer: pageOf(
    z.object({
      id: z.uuid(),
      link: z.uuid(),
      skill: z.string(),
      /** `pending`: its code is being exchanged. `dead`: the household has to allow it again, in the skill's page of the app. */
      state: z.enum(['pending', 'active', 'at_risk', 'dead', 'ended']),
      createdAt: z.iso.datetime(),
      accessExpiresAt: moment,
      /** When it is refreshed next. */
      refreshDueAt: moment,
      lastUsedAt: moment,
      lastAttemptAt: moment,
      lastError: z.string().nullable(),
      failures: z.int().min(0),
    }),
  ),
} as const satisfies ApiRoute;
