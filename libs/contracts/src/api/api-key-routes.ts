import { z } from 'zod';
import type { ApiRoute } from './api-route.js';
import { PERMISSIONS } from './permissions.js';

const permissions = z.array(z.enum(PERMISSIONS)).min(1).max(PERMISSIONS.length);
const key = z.object({
  id: z.uuid(),
  name: z.string(),
  permissions: z.array(z.string()),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});

export const LIST_API_KEYS = {
  method: 'GET',
  path: '/tenants/{tenant}/api-keys',
  summary: "A tenant's API keys that were not revoked",
  access: { tenant: 'api-keys.read' },
  answer: z.object({ items: z.array(key) }),
} as const satisfies ApiRoute;

export const CREATE_API_KEY = {
  method: 'POST',
  path: '/tenants/{tenant}/api-keys',
  summary: 'Makes an API key, with at most the permissions of its maker; it is shown once',
  access: { tenant: 'api-keys.write' },
  body: z.strictObject({
    name: z.string().trim().min(1).max(80),
    permissions,
    expiresInDays: z.int().min(1).max(400).default(90),
  }),
  answer: key.extend({ key: z.string() }),
  status: 201,
} as const satisfies ApiRoute;

export const REVOKE_API_KEY = {
  method: 'DELETE',
  path: '/tenants/{tenant}/api-keys/{key}',
  summary: 'Revokes an API key at once',
  access: { tenant: 'api-keys.write' },
} as const satisfies ApiRoute;
