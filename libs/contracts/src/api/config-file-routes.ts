import { z } from 'zod';
import type { ApiRoute } from './api-route.js';

const LARGEST = 500_000;

const file = {
  yaml: z.string().min(1).max(LARGEST),
  /** Removes skills and connectors that the file does not name. */
  prune: z.boolean().default(false),
};
const plan = z.object({
  /** One line per change, as `npm run apply` prints them; none where there is nothing to do. */
  lines: z.array(z.string()),
  /** Grants that Alexa holds and that would end. */
  liveGrants: z.int(),
  /** Names this plan: it is applied only while it is still the same. */
  expected: z.string(),
});

export const PLAN_CONFIG_FILE = {
  method: 'POST',
  path: '/tenants/{tenant}/config/plan',
  summary: 'What a config file of this tenant would change. Nothing is changed',
  access: { tenant: 'tenant.write' },
  body: z.strictObject(file),
  answer: plan,
} as const satisfies ApiRoute;

export const APPLY_CONFIG_FILE = {
  method: 'POST',
  path: '/tenants/{tenant}/config/apply',
  summary: 'Makes the tenant what a config file says, as it was planned. Secrets that are made are told once',
  access: { tenant: 'tenant.write' },
  body: z.strictObject({
    ...file,
    /** How many live grants may end by it. */
    liveGrants: z.int().min(0).default(0),
    /** Of the plan. */
    expected: z.string().max(100),
  }),
  answer: z.object({
    lines: z.array(z.string()),
    once: z.array(z.object({ what: z.string(), secret: z.string() })),
  }),
} as const satisfies ApiRoute;
