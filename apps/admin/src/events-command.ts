import type { TenantId } from '@linkbroker/contracts';
import type { EventLogStore, LoggedDelivery } from '@linkbroker/persistence';
import { EventsUsageError, readEventsArguments } from './events-arguments.js';

export interface EventsNeeds {
  readonly resolveTenant: (slug: string) => Promise<TenantId | undefined>;
  readonly log: EventLogStore;
  readonly now: () => Date;
  readonly print: (line: string) => void;
}

/**
 * Lists the delivery log of a tenant, or sends events once more.
 * @returns whether there was anything to send; listing is always done
 * @throws EventsUsageError
 * @see ADR 0014
 */
export async function runEvents(needs: EventsNeeds, argv: readonly string[]): Promise<boolean> {
  const args = readEventsArguments(argv);
  const tenantId = await needs.resolveTenant(args.tenant);
  if (!tenantId) throw new EventsUsageError(`there is no tenant "${args.tenant}"`);
  if (args.command === 'list') {
    for (const delivery of await needs.log.list(tenantId, args.state, args.limit)) needs.print(describe(delivery));
    return true;
  }
  const sent =
    args.event === null
      ? await needs.log.replayDead(tenantId, needs.now())
      : await needs.log.replay(tenantId, args.event, needs.now());
  needs.print(`${String(sent)} deliveries are due again`);
  return sent > 0;
}

/** One line; what stands in the query of an address may be a secret. */
function describe(delivery: LoggedDelivery): string {
  const { eventId, type, occurredAt, linkId, skillSlug, url, lastError } = delivery;
  return [
    `${occurredAt.toISOString()} ${eventId} ${type} skill ${skillSlug}${linkId === null ? '' : ` link ${linkId}`}`,
    `${url.replace(/\?.*/, '')} ${stateOf(delivery)}${lastError === null ? '' : `: ${lastError}`}`,
  ].join(' → ');
}

function stateOf({ state, attempts, nextAttemptAt, endedAt }: LoggedDelivery): string {
  const when = endedAt ? ` ${endedAt.toISOString()}` : nextAttemptAt ? `, next ${nextAttemptAt.toISOString()}` : '';
  const waits = state === 'pending' && !nextAttemptAt ? ' behind an earlier event of its link' : '';
  return `${state}${waits}${when} (${String(attempts)} attempts)`;
}
