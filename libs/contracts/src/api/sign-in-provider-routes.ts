import { z } from 'zod';
import type { ApiRoute } from './api-route.js';
import { SIGN_IN_BY_PASSWORD } from './sign-in-routes.js';

const slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'must be lowercase letters, digits and hyphens, at most 40');
const wanted = z.strictObject({
  slug,
  name: z.string().trim().min(1).max(80),
  issuer: z.url({ protocol: /^https?$/, error: 'must be an https address' }).max(300),
  clientId: z.string().min(1).max(300),
  clientSecret: z.string().min(1).max(500),
});
const provider = wanted.omit({ clientSecret: true }).extend({ id: z.uuid(), createdAt: z.iso.datetime() });
const providers = z.object({ items: z.array(provider) });

export const OFFERED_PROVIDERS = {
  method: 'GET',
  path: '/session/providers',
  summary: "The installation's OpenID providers; those of tenants are known to their people",
  access: 'public',
  answer: z.object({ items: z.array(z.object({ slug: z.string(), name: z.string() })) }),
} as const satisfies ApiRoute;

export const BEGIN_PROVIDER_SIGN_IN = {
  method: 'POST',
  path: '/session/providers/{provider}',
  summary: 'Where to sign in with a provider, and perhaps accept an invitation with it',
  access: 'public',
  body: z.strictObject({ invitation: z.string().min(1).max(200).optional() }),
  answer: z.object({ url: z.url() }),
} as const satisfies ApiRoute;

export const FINISH_PROVIDER_SIGN_IN = {
  method: 'POST',
  path: '/session/provider-callback',
  summary: 'Signs in with what the provider sent back: the query of /sign-in/callback',
  access: 'public',
  body: z.strictObject({ query: z.string().min(1).max(4_096) }),
  answer: SIGN_IN_BY_PASSWORD.answer,
} as const satisfies ApiRoute;

export const LIST_PROVIDERS = {
  method: 'GET',
  path: '/sign-in-providers',
  summary: "The installation's OpenID providers for signing in",
  access: 'operator',
  answer: providers,
} as const satisfies ApiRoute;

export const ADD_PROVIDER = {
  method: 'POST',
  path: '/sign-in-providers',
  summary: 'Adds an OpenID provider for everybody',
  access: 'operator',
  body: wanted,
  answer: provider,
  status: 201,
} as const satisfies ApiRoute;

export const REMOVE_PROVIDER = {
  method: 'DELETE',
  path: '/sign-in-providers/{id}',
  summary: 'Removes an OpenID provider; sessions stay',
  access: 'operator',
} as const satisfies ApiRoute;

export const LIST_TENANT_PROVIDERS = {
  method: 'GET',
  path: '/tenants/{tenant}/sign-in-providers',
  summary: "A tenant's own OpenID providers for signing in",
  access: { tenant: 'members.read' },
  answer: providers,
} as const satisfies ApiRoute;

export const ADD_TENANT_PROVIDER = {
  method: 'POST',
  path: '/tenants/{tenant}/sign-in-providers',
  summary: 'Adds an OpenID provider that lets into this tenant only',
  access: { tenant: 'members.write' },
  body: wanted,
  answer: provider,
  status: 201,
} as const satisfies ApiRoute;

export const REMOVE_TENANT_PROVIDER = {
  method: 'DELETE',
  path: '/tenants/{tenant}/sign-in-providers/{id}',
  summary: "Removes one of a tenant's OpenID providers; sessions stay",
  access: { tenant: 'members.write' },
} as const satisfies ApiRoute;
