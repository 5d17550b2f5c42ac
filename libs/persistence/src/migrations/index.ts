import { RolesAndTables1764000000001 } from './0001-roles-and-tables.js';
import { GrantFunctions1764000000002 } from './0002-grant-functions.js';
import { CrossTenantFunctions1764000000003 } from './0003-cross-tenant-functions.js';
import { LinkFunctions1764000000004 } from './0004-link-functions.js';
import { SharedRefreshes1764000000005 } from './0005-shared-refreshes.js';

/** Every migration, oldest first; an explicit list, because a glob finds nothing in a bundle. */
export const MIGRATIONS = [
  RolesAndTables1764000000001,
  GrantFunctions1764000000002,
  CrossTenantFunctions1764000000003,
  LinkFunctions1764000000004,
  SharedRefreshes1764000000005,
];
