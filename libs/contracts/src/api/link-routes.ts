import { z } from 'zod';
import type { ApiRoute } from './api-route.js';
import { pageOf, pageQuery } from './cursor-page.js';

const moment = z.iso.datetime();

/** A link as its tenant sees it: nothing of the household, no token. */
const listedLink = z.object({
  id: z.uuid(),
  skill: z.string(),
  connector: z.string(),
  /** Of the sign-in at the provider. */
  state: z.enum(['active', 'at_risk', 'dead', 'revoked']),
  /** Grants that Alexa can use; none where the link has ended. */
  liveGrants: z.int(),
  /** The provider's last error code, where the last attempt brought nothing. */
  lastError: z.string().nullable(),
  failures: z.int(),
  createdAt: moment,
});
export type ListedLinkAnswer = z.input<typeof listedLink>;

const grant = z.object({
  id: z.uuid(),
  createdAt: moment,
  /** When Alexa redeemed its code; null where it never did. */
  redeemedAt: moment.nullable(),
  lastRefreshedAt: moment.nullable(),
  /** How often Alexa has renewed its tokens. */
  refreshes: z.int(),
  revokedAt: moment.nullable(),
  revokeReason: z.string().nullable(),
  scopes: z.array(z.string()),
});

export const LIST_LINKS = {
  method: 'GET',
  path: '/tenants/{tenant}/links',
  summary: 'Links, the newest first',
  access: { tenant: 'links.read' },
  query: z.object({
    ...pageQuery,
    /** A skill's slug. */
    skill: z.string().min(1).max(63).optional(),
    /** Only sign-ins that are not well. */
    state: z.enum(['failing', 'at_risk', 'dead']).optional(),
  }),
  answer: pageOf(listedLink),
} as const satisfies ApiRoute;

export const GET_LINK = {
  method: 'GET',
  path: '/tenants/{tenant}/links/{link}',
  summary: 'A link with its grants, the newest first',
  access: { tenant: 'links.read' },
  answer: listedLink.extend({
    provider: z.string(),
    accessExpiresAt: moment.nullable(),
    /** When the worker renews the sign-in next; null where there is nothing to renew. */
    refreshDueAt: moment.nullable(),
    grants: z.array(grant),
  }),
} as const satisfies ApiRoute;

export const REFRESH_LINK = {
  method: 'POST',
  path: '/tenants/{tenant}/links/{link}/refresh',
  summary: 'Has the worker renew the sign-in at the provider at its next turn',
  access: { tenant: 'links.repair' },
  answer: z.object({ refreshDueAt: moment }),
  status: 202,
} as const satisfies ApiRoute;

export const MAKE_REPAIR_LINK = {
  method: 'POST',
  path: '/tenants/{tenant}/links/{link}/repair-links',
  summary: 'An address at which the household signs in again, without linking anew; good for three days',
  access: { tenant: 'links.repair' },
  answer: z.object({ url: z.url(), expiresAt: moment }),
  status: 201,
} as const satisfies ApiRoute;

export const REVOKE_LINK = {
  method: 'POST',
  path: '/tenants/{tenant}/links/{link}/revoke',
  summary: 'Ends every grant of the link: the household has to link again',
  access: { tenant: 'links.revoke' },
  body: z.strictObject({
    /** For the timeline and the webhooks. */
    reason: z.string().min(1).max(200),
  }),
  answer: z.object({ revokedGrants: z.int() }),
} as const satisfies ApiRoute;
