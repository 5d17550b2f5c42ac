import type { Permission } from '@linkbroker/contracts/api';
import type { IconName } from '../looks/icon.js';
import type { Access } from '../session/access-of.js';
import type { Texts } from '../texts/en.js';

type NavName = keyof Texts['shell']['nav'];

interface TenantEntry {
  readonly name: NavName & IconName;
  readonly to:
    | '/t/$tenant'
    | '/t/$tenant/links'
    | '/t/$tenant/traces'
    | '/t/$tenant/deliveries'
    | '/t/$tenant/event-grants'
    | '/t/$tenant/skills'
    | '/t/$tenant/connectors'
    | '/t/$tenant/imports'
    | '/t/$tenant/doctor'
    | '/t/$tenant/config'
    | '/t/$tenant/members'
    | '/t/$tenant/api-keys'
    | '/t/$tenant/sign-in-providers'
    | '/t/$tenant/audit'
    | '/t/$tenant/settings';
  readonly needs: Permission;
}

interface Group {
  readonly name: keyof Texts['shell']['groups'];
  readonly entries: readonly TenantEntry[];
}

/** The pages of a tenant, in the order in which they are needed. */
const GROUPS: readonly Group[] = [
  {
    name: 'work',
    entries: [
      { name: 'overview', to: '/t/$tenant', needs: 'tenant.read' },
      { name: 'links', to: '/t/$tenant/links', needs: 'links.read' },
      { name: 'traces', to: '/t/$tenant/traces', needs: 'timelines.read' },
      { name: 'deliveries', to: '/t/$tenant/deliveries', needs: 'webhooks.read' },
      { name: 'eventGrants', to: '/t/$tenant/event-grants', needs: 'links.read' },
    ],
  },
  {
    name: 'setup',
    entries: [
      { name: 'skills', to: '/t/$tenant/skills', needs: 'skills.read' },
      { name: 'connectors', to: '/t/$tenant/connectors', needs: 'connectors.read' },
      { name: 'imports', to: '/t/$tenant/imports', needs: 'links.read' },
      { name: 'doctor', to: '/t/$tenant/doctor', needs: 'doctor.read' },
      { name: 'configFile', to: '/t/$tenant/config', needs: 'tenant.read' },
    ],
  },
  {
    name: 'people',
    entries: [
      { name: 'members', to: '/t/$tenant/members', needs: 'members.read' },
      { name: 'apiKeys', to: '/t/$tenant/api-keys', needs: 'api-keys.read' },
      { name: 'signInProviders', to: '/t/$tenant/sign-in-providers', needs: 'members.write' },
      { name: 'audit', to: '/t/$tenant/audit', needs: 'audit.read' },
      { name: 'settings', to: '/t/$tenant/settings', needs: 'tenant.read' },
    ],
  },
];

/** What somebody may look at in a tenant. */
export const pagesFor = ({ may }: Pick<Access, 'may'>): Group[] =>
  GROUPS.map((group) => ({ ...group, entries: group.entries.filter(({ needs }) => may(needs)) })).filter(
    ({ entries }) => entries.length > 0,
  );
