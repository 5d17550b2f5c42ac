import { z } from 'zod';
import type { ApiRoute } from './api-route.js';
import { pageOf, pageQuery } from './cursor-page.js';

const entry = z.object({
  seq: z.int(),
  at: z.iso.datetime(),
  actor: z.object({ kind: z.string(), id: z.string().nullable(), label: z.string() }),
  action: z.string(),
  subject: z.string(),
  diff: z.record(z.string(), z.unknown()),
  address: z.string().nullable(),
  hash: z.string(),
});

export const LIST_TENANT_AUDIT = {
  method: 'GET',
  path: '/tenants/{tenant}/audit',
  summary: "A tenant's audit log, the newest first",
  access: { tenant: 'audit.read' },
  query: z.object(pageQuery),
  answer: pageOf(entry),
} as const satisfies ApiRoute;

export const LIST_AUDIT = {
  method: 'GET',
  path: '/audit',
  summary: "The installation's own audit log, the newest first",
  access: 'operator',
  query: z.object(pageQuery),
  answer: pageOf(entry),
} as const satisfies ApiRoute;

export const VERIFY_AUDIT = {
  method: 'POST',
  path: '/audit/verify',
  summary: "Walks an audit log's chain of hashes: a tenant's, or the installation's own",
  access: 'operator',
  body: z.strictObject({ tenant: z.string().max(63).optional() }),
  answer: z.object({
    entries: z.int(),
    /** The first entry that is not as it was written; null where all are. */
    brokenAt: z.int().nullable(),
    /** Noted elsewhere, it also shows that newest entries have gone. */
    head: z.object({ seq: z.int(), hash: z.string() }).nullable(),
  }),
} as const satisfies ApiRoute;
