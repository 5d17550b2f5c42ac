import { z } from 'zod';
import type { ApiRoute } from './api-route.js';
import { ROLES } from './permissions.js';
import { displayName, loginName, newPassword } from './sign-in-routes.js';

const role = z.enum(ROLES);
const member = z.object({
  id: z.uuid(),
  displayName: z.string(),
  login: z.string().nullable(),
  role,
  since: z.iso.datetime(),
});
const invitation = z.object({
  id: z.uuid(),
  role,
  /** Whom it is meant for, in the inviter's words; nothing is compared with it. */
  label: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

export const LIST_MEMBERS = {
  method: 'GET',
  path: '/tenants/{tenant}/members',
  summary: "A tenant's members",
  access: { tenant: 'members.read' },
  answer: z.object({ items: z.array(member) }),
} as const satisfies ApiRoute;

export const CHANGE_MEMBER = {
  method: 'PATCH',
  path: '/tenants/{tenant}/members/{member}',
  summary: 'Gives a member another role, at most what the caller may do',
  access: { tenant: 'members.write' },
  body: z.strictObject({ role }),
  answer: member,
} as const satisfies ApiRoute;

export const REMOVE_MEMBER = {
  method: 'DELETE',
  path: '/tenants/{tenant}/members/{member}',
  summary: 'Removes a member; a tenant keeps its last owner',
  access: { tenant: 'members.write' },
} as const satisfies ApiRoute;

export const LIST_INVITATIONS = {
  method: 'GET',
  path: '/tenants/{tenant}/invitations',
  summary: 'Invitations that can still be accepted',
  access: { tenant: 'members.read' },
  answer: z.object({ items: z.array(invitation) }),
} as const satisfies ApiRoute;

export const CREATE_INVITATION = {
  method: 'POST',
  path: '/tenants/{tenant}/invitations',
  summary: 'Invites somebody for seven days; the address is shown once and is to be handed over',
  access: { tenant: 'members.write' },
  body: z.strictObject({ role, label: z.string().trim().min(1).max(120) }),
  answer: invitation.extend({ url: z.url() }),
  status: 201,
} as const satisfies ApiRoute;

export const REVOKE_INVITATION = {
  method: 'DELETE',
  path: '/tenants/{tenant}/invitations/{invitation}',
  summary: 'Takes an invitation back',
  access: { tenant: 'members.write' },
} as const satisfies ApiRoute;

export const ACCEPT_INVITATION = {
  method: 'POST',
  path: '/invitations/accept',
  summary: 'Accepts an invitation, as whoever is signed in or with a new account',
  access: 'public',
  body: z.strictObject({
    token: z.string().min(1).max(200),
    account: z.strictObject({ displayName, login: loginName, password: newPassword }).optional(),
  }),
  answer: z.object({ tenant: z.string(), role }),
} as const satisfies ApiRoute;
