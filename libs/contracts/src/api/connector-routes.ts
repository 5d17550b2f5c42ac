import { z } from 'zod';
import { connectorDocument } from '../config-file.js';
import type { ApiRoute } from './api-route.js';

const connector = connectorDocument.omit({ clientSecret: true }).extend({
  /** Where the provider sends people back to: what has to be registered there. */
  callbackUrl: z.url(),
  /** Slugs of the skills that use it. */
  skills: z.array(z.string()),
});
const changes = z.object({ connector, changes: z.array(z.string()) });

export const LIST_CONNECTORS = {
  method: 'GET',
  path: '/tenants/{tenant}/connectors',
  summary: 'Connectors, without their secrets',
  access: { tenant: 'connectors.read' },
  answer: z.object({ items: z.array(connector) }),
} as const satisfies ApiRoute;

export const GET_CONNECTOR = {
  method: 'GET',
  path: '/tenants/{tenant}/connectors/{connector}',
  summary: 'A connector, without its secret',
  access: { tenant: 'connectors.read' },
  answer: connector,
} as const satisfies ApiRoute;

export const PUT_CONNECTOR = {
  method: 'PUT',
  path: '/tenants/{tenant}/connectors/{connector}',
  summary: 'Makes a connector what the body says; without clientSecret the one that is there stays',
  access: { tenant: 'connectors.write' },
  body: connectorDocument.omit({ slug: true }),
  answer: changes,
} as const satisfies ApiRoute;

export const TEST_CONNECTOR = {
  method: 'POST',
  path: '/tenants/{tenant}/connectors/{connector}/test',
  summary: 'Tries the connector at its provider: endpoints, signing keys, and whether it takes client id and secret',
  access: { tenant: 'connectors.write' },
  answer: z.object({
    findings: z.array(
      z.object({
        step: z.enum(['endpoints', 'keys', 'client']),
        /** Null where the provider's answer does not say. */
        ok: z.boolean().nullable(),
        detail: z.string(),
      }),
    ),
  }),
} as const satisfies ApiRoute;

export const REMOVE_CONNECTOR = {
  method: 'DELETE',
  path: '/tenants/{tenant}/connectors/{connector}',
  summary: 'Removes a connector that no skill uses',
  access: { tenant: 'connectors.write' },
  /** How many live grants may end by it; 0 unless told. */
  query: z.object({ liveGrants: z.coerce.number().int().min(0).default(0) }),
  answer: z.object({ changes: z.array(z.string()) }),
} as const satisfies ApiRoute;
