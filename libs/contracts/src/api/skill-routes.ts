import { z } from 'zod';
import { skillBody } from '../config-file.js';
import type { ApiRoute } from './api-route.js';

const secret = z.object({
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  /** When a client last presented it; null where nobody has. */
  lastSeenAt: z.iso.datetime().nullable(),
  /** Another has taken its place: it ends when nobody has used it for 30 days. */
  superseded: z.boolean(),
});
const client = z.object({ kind: z.enum(['alexa', 'backend']), clientId: z.string(), secrets: z.array(secret) });

const listed = z.object({
  slug: z.string(),
  name: z.string(),
  clientId: z.string(),
  connectors: z.array(z.string()),
  grantTypes: z.array(z.string()),
  relay: z.boolean(),
  events: z.boolean(),
});

/** What Amazon's developer console takes, field by field. */
const alexaConsole = z.object({
  authorizationUrl: z.url(),
  tokenUrl: z.url().nullable(),
  clientId: z.string(),
  scopes: z.array(z.string()),
  redirectUris: z.array(z.string()),
});
const details = z.object({
  /** As `PUT` takes it: without secrets. */
  skill: z.looseObject({ slug: z.string(), name: z.string() }),
  clients: z.array(client),
  alexaConsole,
});
/** Secrets that were made, told this once. */
const once = z.array(z.object({ what: z.string(), secret: z.string() }));
const changed = details.extend({ changes: z.array(z.string()), once });

export const LIST_SKILLS = {
  method: 'GET',
  path: '/tenants/{tenant}/skills',
  summary: 'Skills',
  access: { tenant: 'skills.read' },
  answer: z.object({ items: z.array(listed) }),
} as const satisfies ApiRoute;

export const GET_SKILL = {
  method: 'GET',
  path: '/tenants/{tenant}/skills/{skill}',
  summary: 'A skill, its clients, and what Amazon’s developer console takes',
  access: { tenant: 'skills.read' },
  answer: details,
} as const satisfies ApiRoute;

export const PUT_SKILL = {
  method: 'PUT',
  path: '/tenants/{tenant}/skills/{skill}',
  summary:
    'Makes a skill what the body says. Secrets that are not named stay; where there are none they are made, and told once',
  access: { tenant: 'skills.write' },
  body: skillBody,
  answer: changed,
} as const satisfies ApiRoute;

export const ROTATE_SECRET = {
  method: 'POST',
  path: '/tenants/{tenant}/skills/{skill}/secrets',
  summary: 'Makes a new client secret, told once. The ones before it work until nobody has used them for 30 days',
  access: { tenant: 'skills.write' },
  body: z.strictObject({
    client: z.enum(['alexa', 'backend']),
    /** Ends the ones before it at once: whoever still uses them is refused. */
    retire: z.boolean().default(false),
  }),
  answer: changed,
  status: 201,
} as const satisfies ApiRoute;

export const REMOVE_SKILL = {
  method: 'DELETE',
  path: '/tenants/{tenant}/skills/{skill}',
  summary: 'Removes a skill; where that unlinks households their number has to be named',
  access: { tenant: 'skills.write' },
  query: z.object({ liveGrants: z.coerce.number().int().min(0).default(0) }),
  answer: z.object({ changes: z.array(z.string()) }),
} as const satisfies ApiRoute;

export const EXPORT_SMAPI = {
  method: 'GET',
  path: '/tenants/{tenant}/skills/{skill}/smapi',
  summary: 'The body of Amazon’s API for account linking, without the secret, and the command that sends it',
  access: { tenant: 'skills.read' },
  answer: z.object({
    body: z.looseObject({}),
    /** What a person has to know besides. */
    advice: z.array(z.string()),
    command: z.array(z.string()),
  }),
} as const satisfies ApiRoute;

export const SMAPI_DRIFT = {
  method: 'POST',
  path: '/tenants/{tenant}/skills/{skill}/smapi/drift',
  summary: 'What differs between the skill and what Amazon’s API has given back',
  access: { tenant: 'skills.read' },
  /** What `get-account-linking-info` printed. */
  body: z.looseObject({}),
  answer: z.object({
    differences: z.array(z.object({ field: z.string(), matters: z.boolean(), text: z.string() })),
    notReadBack: z.array(z.object({ field: z.string(), advice: z.string() })),
  }),
} as const satisfies ApiRoute;
