import { z } from 'zod';
import { slug } from '../slug.js';
import type { ApiRoute } from './api-route.js';
import { pageOf, pageQuery } from './cursor-page.js';

const name = z.string().min(1).max(80);
const timelineDays = z.int().min(1).max(400);
const tenant = z.object({ slug, name, timelineDays, createdAt: z.iso.datetime() });

export const LIST_TENANTS = {
  method: 'GET',
  path: '/tenants',
  summary: 'All tenants, in the order of their slugs; `closedAt` says since when one is being deleted',
  access: 'operator',
  query: z.object(pageQuery),
  answer: pageOf(tenant.extend({ closedAt: z.iso.datetime().nullable() })),
} as const satisfies ApiRoute;

export const CREATE_TENANT = {
  method: 'POST',
  path: '/tenants',
  summary: 'Makes a tenant',
  access: 'operator',
  body: z.strictObject({ slug, name, timelineDays: timelineDays.default(30) }),
  answer: tenant,
  status: 201,
} as const satisfies ApiRoute;

export const GET_TENANT = {
  method: 'GET',
  path: '/tenants/{tenant}',
  summary: 'A tenant',
  access: { tenant: 'tenant.read' },
  answer: tenant,
} as const satisfies ApiRoute;

export const EXPORT_CONFIG = {
  method: 'GET',
  path: '/tenants/{tenant}/config',
  summary: 'The tenant as a config file for apply; secrets are named by environment variables',
  access: { tenant: 'tenant.read' },
  contentType: 'application/yaml; charset=utf-8',
} as const satisfies ApiRoute;

export const CHANGE_TENANT = {
  method: 'PATCH',
  path: '/tenants/{tenant}',
  summary: "Changes a tenant's name, or for how long its timelines are kept",
  access: { tenant: 'tenant.write' },
  body: z.strictObject({ name: name.optional(), timelineDays: timelineDays.optional() }),
  answer: tenant,
} as const satisfies ApiRoute;

export const DELETE_TENANT = {
  method: 'DELETE',
  path: '/tenants/{tenant}',
  summary:
    'Deletes a tenant with all it has; where that unlinks households their number has to be named. Nobody gets in any more, and when its upstream revocations have ended the worker destroys its keys and rows',
  access: 'operator',
  query: z.object({ liveGrants: z.coerce.number().int().min(0).default(0) }),
  answer: z.object({ changes: z.array(z.string()) }),
  status: 202,
} as const satisfies ApiRoute;
