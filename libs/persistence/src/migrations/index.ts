import { RolesAndTables1764000000001 } from './0001-roles-and-tables.js';
import { GrantFunctions1764000000002 } from './0002-grant-functions.js';
import { CrossTenantFunctions1764000000003 } from './0003-cross-tenant-functions.js';
import { LinkFunctions1764000000004 } from './0004-link-functions.js';
import { SharedRefreshes1764000000005 } from './0005-shared-refreshes.js';
import { UpstreamTables1764000000006 } from './0006-upstream-tables.js';
import { UpstreamFunctions1764000000007 } from './0007-upstream-functions.js';
import { RevocationDomains1764000000008 } from './0008-revocation-domains.js';
import { SharedReadsOfGrantedTokens1764000000009 } from './0009-shared-reads-of-granted-tokens.js';
import { DueTokenSets1764000000010 } from './0010-due-token-sets.js';
import { KeyRotation1764000000011 } from './0011-key-rotation.js';
import { Events1764000000012 } from './0012-events.js';
import { LinkHealth1764000000013 } from './0013-link-health.js';
import { RepairLinks1764000000014 } from './0014-repair-links.js';
import { StaleSignIns1764000000015 } from './0015-stale-sign-ins.js';
import { DueByConnector1764000000016 } from './0016-due-by-connector.js';
import { AnswersThatWait1764000000017 } from './0017-answers-that-wait.js';
import { ClaimsByPlace1764000000018 } from './0018-claims-by-place.js';
import { Relay1764000000019 } from './0019-relay.js';
import { Timeline1764000000020 } from './0020-timeline.js';
import { EventGrants1764000000021 } from './0021-event-grants.js';
import { AlexaEvents1764000000022 } from './0022-alexa-events.js';
import { SkillEvents1764000000023 } from './0023-skill-events.js';
import { ImplicitGrants1764000000024 } from './0024-implicit-grants.js';
import { Accounts1764000000025 } from './0025-accounts.js';
import { AdminLinks1764000000026 } from './0026-admin-links.js';
import { ImportedLinks1764000000027 } from './0027-imported-links.js';
import { DoctorRuns1764000000028 } from './0028-doctor-runs.js';
import { RefreshHours1764000000029 } from './0029-refresh-hours.js';
import { ClosedTenants1764000000030 } from './0030-closed-tenants.js';

/** Every migration, oldest first; an explicit list, because a glob finds nothing in a bundle. */
export const MIGRATIONS = [
  RolesAndTables1764000000001,
  GrantFunctions1764000000002,
  CrossTenantFunctions1764000000003,
  LinkFunctions1764000000004,
  SharedRefreshes1764000000005,
  UpstreamTables1764000000006,
  UpstreamFunctions1764000000007,
  RevocationDomains1764000000008,
  SharedReadsOfGrantedTokens1764000000009,
  DueTokenSets1764000000010,
  KeyRotation1764000000011,
  Events1764000000012,
  LinkHealth1764000000013,
  RepairLinks1764000000014,
  StaleSignIns1764000000015,
  DueByConnector1764000000016,
  AnswersThatWait1764000000017,
  ClaimsByPlace1764000000018,
  Relay1764000000019,
  Timeline1764000000020,
  EventGrants1764000000021,
  AlexaEvents1764000000022,
  SkillEvents1764000000023,
  ImplicitGrants1764000000024,
  Accounts1764000000025,
  AdminLinks1764000000026,
  ImportedLinks1764000000027,
  DoctorRuns1764000000028,
  RefreshHours1764000000029,
  ClosedTenants1764000000030,
];
