import { z } from 'zod';
import { skillBody } from '../config-file.js';
import type { ApiRoute } from './api-route.js';
import { foundCause } from './timeline-routes.js';

const parameter = z.object({
  name: z.string(),
  description: z.string(),
  example: z.string(),
  /** A regular expression that the whole value has to match. */
  pattern: z.string(),
  optional: z.boolean(),
});

const provider = z.object({
  id: z.string(),
  /** As households know it. */
  name: z.string(),
  /** Whether a connector has to name its issuer, may point elsewhere with one, or cannot have one. */
  issuer: z.enum(['needed', 'optional', 'none']),
  parameters: z.array(parameter),
  /** Addresses that a connector has to name. */
  endpoints: z.array(z.enum(['authorization', 'token', 'userinfo'])),
  /** Asked for where a connector names none. */
  scopes: z.array(z.string()),
  /** Without these nobody can be identified. */
  requiredScopes: z.array(z.string()),
  secret: z.enum(['text', 'private-key']),
  /** What to know beforehand, in English. */
  quirks: z.array(z.string()),
  /** The provider's own pages: where a client is registered, and how its sign-in works. */
  docs: z.array(z.string()),
});
export type CatalogueEntry = z.output<typeof provider>;

export const PROVIDER_CATALOGUE = {
  method: 'GET',
  path: '/providers',
  summary: 'Providers that a connector can name, what each needs, and what to know of it',
  access: 'signed-in',
  answer: z.object({ items: z.array(provider) }),
} as const satisfies ApiRoute;

export const READ_INSTALLATION = {
  method: 'GET',
  path: '/installation',
  summary: 'The addresses of this installation',
  access: 'signed-in',
  answer: z.object({
    brokerUrl: z.string(),
    /** Where an Alexa simulator runs beside; null where there is none. */
    simulatorUrl: z.string().nullable(),
  }),
} as const satisfies ApiRoute;

/** How far a link comes, in this order. An implicit grant has no code, and nothing to renew. */
export const FIRST_LINK_STEPS = ['started', 'redirected', 'identified', 'code', 'token', 'refreshed'] as const;
export type FirstLinkStep = (typeof FIRST_LINK_STEPS)[number];

export const FIRST_LINK = {
  method: 'GET',
  path: '/tenants/{tenant}/skills/{skill}/first-link',
  summary: 'How far the newest attempt to link a skill has come, and what stopped it',
  access: { tenant: 'timelines.read' },
  /** Attempts that began then or later; those of the last seven days where nothing is said. */
  query: z.object({ since: z.iso.datetime({ offset: true }).optional() }),
  answer: z.object({
    /** Null while nobody has tried. */
    reference: z.string().nullable(),
    linkId: z.string().nullable(),
    /** Those that this skill's links take, with the moment at which each was reached. */
    steps: z.array(z.object({ step: z.enum(FIRST_LINK_STEPS), at: z.iso.datetime().nullable() })),
    causes: z.array(foundCause),
  }),
} as const satisfies ApiRoute;

export const TRY_SKILL = {
  method: 'POST',
  path: '/tenants/{tenant}/skills/{skill}/try',
  summary: 'Lets the Alexa simulator that runs beside know a skill for an hour',
  access: { tenant: 'skills.write' },
  /** One of the skill's alexa client: what is kept of it cannot be told to anybody. */
  body: z.strictObject({ clientSecret: z.string().min(1).max(512) }),
  answer: z.object({
    /** The skill's page in the simulator. */
    address: z.url(),
  }),
} as const satisfies ApiRoute;

export const PREVIEW_LINK_PAGE = {
  method: 'POST',
  path: '/tenants/{tenant}/link-page-preview',
  summary: 'The link page as a household would see it, with values that are not saved',
  access: { tenant: 'skills.read' },
  body: z.strictObject({
    name: skillBody.shape.name,
    branding: skillBody.shape.branding,
    /** Slugs of the tenant's connectors, in the order of the buttons. */
    connectors: z.array(z.string().max(63)).max(20),
    /** A BCP 47 tag; English where the pages do not speak it. */
    language: z.string().max(35).default('en'),
  }),
  contentType: 'text/html; charset=utf-8',
} as const satisfies ApiRoute;
