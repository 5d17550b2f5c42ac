import type { Deadline, TenantId } from '@linkbroker/contracts';
import { findStaleSignIns, repairUrl, type StaleReason, type SweepSignInsNeeds } from '@linkbroker/linking';
import type { LinkOverviewStore } from '@linkbroker/persistence';
import type { MacKeyRing } from '@linkbroker/vault';
import { readLinksArguments, type LinksArguments } from './links-arguments.js';

export interface LinksNeeds extends Omit<SweepSignInsNeeds, 'staleDays'> {
  readonly resolveTenant: (slug: string) => Promise<TenantId | undefined>;
  readonly overview: Pick<LinkOverviewStore, 'list' | 'isLive'>;
  /** Loaded only where an address has to be signed. */
  readonly macKeys: () => MacKeyRing;
  /** The broker's public address. */
  readonly publicUrl: string;
  readonly print: (line: string) => void;
}

/** What was asked for cannot be done, in words for the one who asked. */
export class LinksRefused extends Error {
  override readonly name = 'LinksRefused';
}

const STATEMENT_MS = 10_000;
const deadline = (): Deadline => performance.now() + STATEMENT_MS;

/** Why a sign-in stays, or that it need not. */
const REASONS: Readonly<Record<StaleReason, string>> = {
  unused: 'no link needs it',
  asked: 'no link needs it; its revocation is under way or has been tried lately',
  never: 'no link needs it; the connector revokes nothing (revokeUpstream: never)',
  superseded: 'kept: an older grant beside a newer one, which may be another person’s',
  ceiling: 'kept: the provider has issued as many refresh tokens as it lets live',
};

/** Runs one command. @throws LinksUsageError, LinksRefused, and the errors of the stores */
export async function runLinks(needs: LinksNeeds, argv: readonly string[]): Promise<void> {
  const args = readLinksArguments(argv);
  if (args.command === 'list') return list(needs, args);
  if (args.command === 'repair') return repair(needs, args);
  return stale(needs, args);
}

async function tenantOf({ resolveTenant }: LinksNeeds, slug: string): Promise<TenantId> {
  const tenantId = await resolveTenant(slug);
  if (!tenantId) throw new LinksRefused(`there is no tenant ${slug}`);
  return tenantId;
}

async function list(needs: LinksNeeds, args: Extract<LinksArguments, { command: 'list' }>): Promise<void> {
  const links = await needs.overview.list(await tenantOf(needs, args.tenant), args.state, args.limit);
  for (const { id, skill, connector, state, liveGrants, failures, lastError, createdAt } of links) {
    const trouble = failures > 0 ? `, ${String(failures)} failures${lastError ? ` (${lastError})` : ''}` : '';
    const how = liveGrants > 0 ? `${state}${trouble}` : `ended (sign-in ${state})`;
    needs.print(`${id}  ${createdAt.toISOString()}  ${skill} / ${connector}  ${how}`);
  }
  const count = `${String(links.length)} link${links.length === 1 ? '' : 's'}`;
  needs.print(links.length === args.limit ? `the newest ${count}` : count);
}

async function repair(needs: LinksNeeds, args: Extract<LinksArguments, { command: 'repair' }>): Promise<void> {
  const tenantId = await tenantOf(needs, args.tenant);
  const live = await needs.overview.isLive(tenantId, args.link);
  if (live === undefined) throw new LinksRefused(`${args.tenant} has no link ${args.link}`);
  if (!live) {
    throw new LinksRefused('Alexa is not linked through it any more: the household has to link again in the Alexa app');
  }
  const now = needs.now();
  const keys = needs.macKeys();
  await keys.load(now, deadline());
  needs.print(repairUrl({ keys, publicUrl: needs.publicUrl }, { tenantId, linkId: args.link }, now));
}

async function stale(needs: LinksNeeds, args: Extract<LinksArguments, { command: 'stale' }>): Promise<void> {
  const counts: Partial<Record<StaleReason, number>> = {};
  let held = 0;
  for await (const found of findStaleSignIns({ ...needs, staleDays: args.days })) {
    counts[found.reason] = (counts[found.reason] ?? 0) + 1;
    const since = found.endedAt ? `, last grant ended ${found.endedAt.toISOString()}` : '';
    const issued = `${String(found.issued)} refresh tokens issued`;
    needs.print(`${found.tenant} / ${found.connector}  ${found.setId}  ${REASONS[found.reason]} (${issued}${since})`);
    if (args.hold && found.reason === 'unused') {
      held += Number(await needs.signIns.hold(found.tenantId, found.setId, needs.now(), deadline()));
    }
  }
  const kept = Object.entries(counts).filter(([reason]) => reason !== 'unused');
  const rest = kept.map(([reason, count]) => `, ${String(count)} ${reason}`).join('');
  const unused = String(counts.unused ?? 0);
  const outcome = args.hold ? `revocation asked for ${String(held)}, in an hour` : 'nothing was changed';
  needs.print(`${unused} unused${rest}: ${outcome}`);
}
