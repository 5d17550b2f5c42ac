import { asTenantId, ConfigError, type ConfigFile, type ConfigTenant, type TenantId } from '@linkbroker/contracts';
import type { ConfigurationNeeds, MadeSecret, PlannedChange, TenantConfiguration } from './configuration.js';
import { planConnectors } from './plan-connectors.js';
import { checkRelaysStay } from './plan-relay.js';
import { planRemovals } from './plan-removal.js';
import { planSkill, type SkillPlanOptions } from './plan-skills.js';

export interface ApplyOptions extends SkillPlanOptions {
  readonly dryRun: boolean;
  /** How many live grants the caller agrees to end by pruning. */
  readonly liveGrants: number | null;
}

export interface AppliedTenant {
  readonly slug: string;
  /** One line per change; none when there was nothing to do. */
  readonly lines: readonly string[];
  /** Secrets that were made, each told this once. */
  readonly once: readonly MadeSecret[];
}

interface KnownTenant {
  readonly tenant: ConfigTenant;
  readonly tenantId: TenantId | undefined;
  readonly stored: TenantConfiguration;
}

const NOTHING: TenantConfiguration = { name: '', timelineDays: 0, connectors: [], skills: [] };

/**
 * Makes the database what the file says, tenant by tenant, each in one transaction; a new
 * tenant's own row is written just before, and stays when the rest fails. Nothing is removed without
 * `prune`, and pruning what has live grants demands their count.
 * @throws ConfigError when pruning would end grants nobody agreed to, or a skill would lose its relay without it
 */
export async function applyConfig(
  needs: ConfigurationNeeds,
  config: ConfigFile,
  options: ApplyOptions,
): Promise<AppliedTenant[]> {
  const known: KnownTenant[] = [];
  for (const tenant of config.tenants) {
    const tenantId = await needs.store.resolveTenant(tenant.slug);
    known.push({ tenant, tenantId, stored: tenantId ? await needs.store.read(tenantId) : NOTHING });
  }
  if (options.prune) await checkLiveGrants(needs, known, options.liveGrants);
  else for (const { tenant, stored } of known) checkRelaysStay(tenant.skills, stored);
  const applied: AppliedTenant[] = [];
  for (const tenant of known) {
    const lines = options.dryRun
      ? await planTenant({ ...needs, seal: (_place, plain) => Promise.resolve(plain) }, tenant, options)
      : await applyTenant(needs, tenant, options);
    const once = options.dryRun ? [] : lines.flatMap((planned) => planned.once ?? []);
    applied.push({ slug: tenant.tenant.slug, lines: lines.map(({ line }) => line), once });
  }
  return applied;
}

/** Writes the tenant's row first: sealing a connector's secret makes a data key, which belongs to it. */
async function applyTenant(
  needs: ConfigurationNeeds,
  known: KnownTenant,
  options: ApplyOptions,
): Promise<PlannedChange[]> {
  if (known.tenantId) {
    const planned = await planTenant(needs, known, options);
    if (planned.length > 0) await write(needs, known.tenantId, planned);
    return planned;
  }
  const tenantId = asTenantId(needs.newId());
  const creation = planTenantRow(known);
  await write(needs, tenantId, creation);
  const { name, timelineDays } = known.tenant;
  const created = { ...known, tenantId, stored: { ...NOTHING, name, timelineDays } };
  const planned = await planTenant(needs, created, options);
  await write(needs, tenantId, planned);
  return [...creation, ...planned];
}

const write = (needs: ConfigurationNeeds, tenantId: TenantId, planned: readonly PlannedChange[]): Promise<void> =>
  needs.store.write(
    tenantId,
    planned.map(({ change }) => change),
    needs.now(),
  );

function planTenantRow({ tenant, tenantId, stored }: KnownTenant): PlannedChange[] {
  const { slug, name, timelineDays } = tenant;
  if (!tenantId) return [{ change: { kind: 'create-tenant', slug, name, timelineDays }, line: `+ tenant ${slug}` }];
  const changed = [
    ...(stored.name === name ? [] : ['name']),
    ...(stored.timelineDays === timelineDays ? [] : ['timelineDays']),
  ];
  if (changed.length === 0) return [];
  return [{ change: { kind: 'update-tenant', name, timelineDays }, line: `~ tenant ${slug}: ${changed.join(', ')}` }];
}

async function planTenant(
  needs: ConfigurationNeeds,
  known: KnownTenant,
  options: ApplyOptions,
): Promise<PlannedChange[]> {
  const { tenant, stored } = known;
  const tenantId = known.tenantId ?? asTenantId(needs.newId());
  const connectors = await planConnectors(needs, tenantId, tenant.connectors, stored.connectors);
  const planned = [...planTenantRow(known), ...connectors.changes];
  for (const skill of tenant.skills) {
    const before = stored.skills.find(({ slug }) => slug === skill.slug);
    planned.push(...(await planSkill(needs, tenantId, skill, before, connectors.ids, options)));
  }
  return options.prune ? [...planned, ...planRemovals(missingSkills(known), missingConnectors(known))] : planned;
}

const missingSkills = ({ tenant, stored }: KnownTenant) =>
  stored.skills.filter((skill) => !tenant.skills.some(({ slug }) => slug === skill.slug));
const missingConnectors = ({ tenant, stored }: KnownTenant) =>
  stored.connectors.filter((connector) => !tenant.connectors.some(({ slug }) => slug === connector.slug));

async function checkLiveGrants(
  needs: ConfigurationNeeds,
  tenants: readonly KnownTenant[],
  agreed: number | null,
): Promise<void> {
  let live = 0;
  for (const known of tenants) {
    const skillIds = missingSkills(known).map(({ id }) => id);
    const connectorIds = missingConnectors(known).map(({ id }) => id);
    if (known.tenantId && skillIds.length + connectorIds.length > 0) {
      live += await needs.store.countLiveGrants(known.tenantId, skillIds, connectorIds);
    }
  }
  if (live === 0 || agreed === live) return;
  const message = `pruning would unlink ${String(live)} live grant(s); if that is meant, repeat with --live-grants ${String(live)}`;
  throw new ConfigError([{ line: null, path: '', message }]);
}
