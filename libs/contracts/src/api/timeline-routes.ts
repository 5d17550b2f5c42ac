import { z } from 'zod';
import type { ApiRoute } from './api-route.js';

const entry = z.object({
  at: z.iso.datetime(),
  /** A step or an oddity: `token.answered`, `webhook.link.created`. */
  name: z.string(),
  skillId: z.string().nullable(),
  linkId: z.string().nullable(),
  grantId: z.string().nullable(),
  tokenSetId: z.string().nullable(),
  reference: z.string().nullable(),
  connector: z.string().nullable(),
  outcome: z.string().nullable(),
  status: z.number().nullable(),
  /** Milliseconds until the answer. */
  ms: z.number().nullable(),
  detail: z.string().nullable(),
  figures: z.record(z.string(), z.number()),
  data: z.record(z.string(), z.unknown()),
});
/** A named reason why something failed, and what to do about it. */
export const foundCause = z.object({
  id: z.string(),
  title: z.string(),
  severity: z.string(),
  evidence: z.string(),
  symptom: z.string(),
  remedy: z.string(),
  rules: z.array(z.string()),
  at: z.iso.datetime(),
  reference: z.string().nullable(),
});
const about = z.record(z.string(), z.unknown()).nullable();

/** Entries, oldest first; the causes that are found in them, the gravest first; and what they are about. */
const timeline = z.object({
  tenantId: z.string(),
  link: about.optional(),
  skill: about.optional(),
  reference: z.string().nullable().optional(),
  /** What the Alexa user that was asked for has linked. */
  links: z.array(z.string()).optional(),
  entries: z.array(entry),
  causes: z.array(foundCause),
  /** For the page before this one; null where there is none. */
  before: z.string().nullable().optional(),
});
export type TimelineAnswer = z.input<typeof timeline>;

const text = (most: number) =>
  z
    .string()
    .min(1, `must be a text of at most ${String(most)} characters`)
    .max(most, `must be a text of at most ${String(most)} characters`)
    .regex(/^[^\0]*$/, `must be a text of at most ${String(most)} characters`);
const short = text(200);
const MOMENT = /^\d{4}-\d\d-\d\d(?:T[\d:.]{5,20}(?:Z|[+-]\d\d:\d\d)?)?$/;
/** Kept as given: it may name a microsecond. */
const moment = z
  .string()
  .refine(
    (value) => MOMENT.test(value) && !Number.isNaN(Date.parse(value)),
    'must be a time like 2026-01-31T12:00:00Z',
  );
const limit = z
  .string()
  .regex(/^\d{1,6}$/, 'must be between 1 and 1000')
  .transform(Number)
  .pipe(z.int().min(1, 'must be between 1 and 1000').max(1_000, 'must be between 1 and 1000'))
  .default(200);

const fits = {
  ref: short.optional(),
  skill: short.optional(),
  /** The `state` of an attempt; compared by its fingerprint, never kept. */
  state: text(2_048).optional(),
  /** Alexa's id of a user, as skills are told it; compared by its fingerprint as well. */
  alexaUser: text(512).optional(),
  name: short.optional(),
  outcome: short.optional(),
  /** Stands for ten minutes before and after it. */
  at: moment.optional(),
  from: moment.optional(),
  before: moment.optional(),
  limit,
};
export type TraceFilter = z.output<z.ZodObject<typeof fits>>;
const limitOnly = z.object({ limit });
const caseOf = z.object({ ref: short.optional(), at: moment.optional() });
const TEXT = 'text/plain; charset=utf-8';
const anyOf = z.object({ ...fits, tenant: short.optional() });

export const LINK_TIMELINE = {
  method: 'GET',
  path: '/links/{link}/timeline',
  summary: 'The timeline of a link with the causes that are found in it',
  access: { tenant: 'timelines.read' },
  query: limitOnly,
  answer: timeline,
} as const satisfies ApiRoute;

export const LINK_SUPPORT_CASE = {
  method: 'GET',
  path: '/links/{link}/support-case',
  summary: "A link's case for Amazon's support, as text",
  access: { tenant: 'timelines.read' },
  contentType: TEXT,
} as const satisfies ApiRoute;

export const SEARCH_TRACES = {
  method: 'GET',
  path: '/traces',
  summary: 'One attempt by its reference, or the entries of a tenant that fit',
  access: 'operator',
  query: anyOf,
  answer: timeline,
} as const satisfies ApiRoute;

export const SUPPORT_CASE = {
  method: 'GET',
  path: '/support-case',
  summary: "An attempt's case for Amazon's support, by its reference or its tenant and time",
  access: 'operator',
  query: caseOf.extend({ tenant: short.optional() }),
  contentType: TEXT,
} as const satisfies ApiRoute;

export const TENANT_TRACES = {
  method: 'GET',
  path: '/tenants/{tenant}/traces',
  summary: 'One attempt of a tenant by its reference, or its entries that fit',
  access: { tenant: 'timelines.read' },
  query: z.object(fits),
  answer: timeline,
} as const satisfies ApiRoute;

export const TENANT_SUPPORT_CASE = {
  method: 'GET',
  path: '/tenants/{tenant}/support-case',
  summary: "A case of one tenant for Amazon's support, by the attempt's reference or its time",
  access: { tenant: 'timelines.read' },
  query: caseOf,
  contentType: TEXT,
} as const satisfies ApiRoute;
