/** What a caller of the admin API may do inside one tenant; also the scopes of an API key. */
export const PERMISSIONS = [
  'tenant.read',
  'tenant.write',
  'members.read',
  'members.write',
  'skills.read',
  'skills.write',
  'connectors.read',
  'connectors.write',
  'links.read',
  'links.repair',
  'links.revoke',
  'imports.write',
  'timelines.read',
  'webhooks.read',
  'webhooks.write',
  'doctor.read',
  'doctor.run',
  'audit.read',
  'api-keys.read',
  'api-keys.write',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What a member is in a tenant. An operator is none of these: operators may do everything in every tenant. */
export const ROLES = ['owner', 'developer', 'support', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

const VIEWER: readonly Permission[] = ['tenant.read', 'skills.read', 'connectors.read', 'links.read', 'webhooks.read'];
/** Sees what happened to a household and can help it, without a secret in sight. */
const SUPPORT: readonly Permission[] = [...VIEWER, 'timelines.read', 'links.repair', 'doctor.read'];
const DEVELOPER: readonly Permission[] = [
  ...SUPPORT,
  'skills.write',
  'connectors.write',
  'links.revoke',
  'imports.write',
  'webhooks.write',
  'doctor.run',
  'members.read',
  'audit.read',
];

/** What each role may do. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  owner: PERMISSIONS,
  developer: DEVELOPER,
  support: SUPPORT,
  viewer: VIEWER,
};
