import type { TenantId } from '@linkbroker/contracts';
import type { ConfigurationNeeds, PlannedChange, TenantConfiguration } from './configuration.js';
import { refuse } from './refuse.js';

interface Named {
  readonly id: string;
  readonly slug: string;
}

type Needs = Pick<ConfigurationNeeds, 'store'>;

/** Skills before the connectors they use. */
export const planRemovals = (skills: readonly Named[], connectors: readonly Named[]): PlannedChange[] => [
  ...skills.map(({ id, slug }) => ({ change: { kind: 'remove-skill' as const, id }, line: `- skill ${slug}` })),
  ...connectors.map(({ id, slug }) => ({
    change: { kind: 'remove-connector' as const, id },
    line: `- connector ${slug}`,
  })),
];

/**
 * The removal of a skill, or of a connector that no skill uses.
 * @param agreed how many live grants may end by it
 * @throws ConfigError where it would end others than that, or a skill still uses it
 */
export async function planRemoval(
  needs: Needs,
  tenantId: TenantId,
  what: { readonly kind: 'skill' | 'connector'; readonly id: string; readonly slug: string },
  stored: TenantConfiguration,
  agreed: number,
): Promise<PlannedChange[]> {
  const [skills, connectors] = what.kind === 'skill' ? [[what], []] : [[], [what]];
  const users = stored.skills.filter(({ connectorIds }) => connectors.some(({ id }) => connectorIds.includes(id)));
  refuse(users.map(({ slug }) => ({ path: [], message: `skill ${slug} still uses the connector` })));
  await checkAgreed(needs, tenantId, { skills, connectors }, agreed);
  return planRemovals(skills, connectors);
}

/**
 * The end of a tenant: everything it has is removed, and nobody gets in any more.
 * @param agreed how many live grants may end by it
 * @throws ConfigError where it would end others than that
 */
export async function planClosing(
  needs: Needs,
  tenantId: TenantId,
  stored: TenantConfiguration,
  agreed: number,
): Promise<PlannedChange[]> {
  await checkAgreed(needs, tenantId, stored, agreed);
  const closing = { change: { kind: 'close-tenant' as const }, line: '- the tenant' };
  return [...planRemovals(stored.skills, stored.connectors), closing];
}

async function checkAgreed(
  { store }: Needs,
  tenantId: TenantId,
  { skills, connectors }: { readonly skills: readonly Named[]; readonly connectors: readonly Named[] },
  agreed: number,
): Promise<void> {
  const ids = (named: readonly Named[]) => named.map(({ id }) => id);
  const live = await store.countLiveGrants(tenantId, ids(skills), ids(connectors));
  if (live === agreed) return;
  const message = `this would unlink ${String(live)} live grant(s); if that is meant, name their number`;
  refuse([{ path: ['liveGrants'], message }]);
}
