import { z } from 'zod';
import type { ApiRoute } from './api-route.js';

const count = z.int().min(0);
const refreshes = { good: count, retried: count, lost: count };

export const GET_OVERVIEW = {
  method: 'GET',
  path: '/tenants/{tenant}/overview',
  summary: 'How linking went in the last hours, and what is not well now',
  access: { tenant: 'links.read' },
  query: z.object({ hours: z.coerce.number().int().min(1).max(168).default(24) }),
  answer: z.object({
    since: z.iso.datetime(),
    /** How many attempts came this far. Who came back after his tokens had been forgotten counts where he stands. */
    funnel: z.object({ started: count, redirected: count, identified: count, codes: count, linked: count }),
    /** Attempts that became links, by hour, the oldest first; hours without one are there too. */
    linksByHour: z.array(z.object({ hour: z.iso.datetime(), links: count })),
    /** Answers to Alexa's token requests, in milliseconds; renewals that went well are not among them. */
    tokenAnswers: z.object({
      count,
      p50: z.number().nullable(),
      p95: z.number().nullable(),
      slowest: z.number().nullable(),
      /** How many took longer than the 4.5 s that Alexa waits (R12). */
      late: count,
    }),
    /** The same by hour, the oldest first; hours without any are there too. */
    answersByHour: z.array(
      z.object({ hour: z.iso.datetime(), count, p95: z.number().nullable(), slowest: z.number().nullable() }),
    ),
    /**
     * How refreshes at providers ended: `good` brought fresh tokens, `retried` brought nothing and lost nothing, `lost` may have
     * cost the sign-in.
     */
    refreshes: z.array(z.object({ connector: z.string(), ...refreshes })),
    refreshesByHour: z.array(z.object({ hour: z.iso.datetime(), ...refreshes })),
    /** What went wrong, the most frequent first. */
    troubles: z.array(z.object({ name: z.string(), outcome: z.string().nullable(), count })),
    /** Sign-ins at providers that are not well, by connector. */
    unwell: z.array(z.object({ connector: z.string(), state: z.enum(['failing', 'at_risk', 'dead']), count })),
    /** Deliveries of webhooks that were given up. */
    deadDeliveries: count,
  }),
} as const satisfies ApiRoute;
