import type { Deadline, TenantId } from '@linkbroker/contracts';
import { deliverAlexaEvent, type AlexaEventResult, type DeliverAlexaEventNeeds } from './deliver-alexa-event.js';
import { openAlexaMessage } from './alexa-message-seal.js';
import { BETWEEN_ATTEMPTS_MS, EVENT_ATTEMPTS, type AlexaEventEnd } from './send-alexa-event.js';

/** A queued event that has been claimed for one attempt. */
export interface QueuedAlexaEvent {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly skillId: string;
  readonly linkId: string;
  /** This attempt's number, from 1. */
  readonly attempt: number;
  readonly sealed: Buffer;
}

export interface SendQueuedEventsNeeds extends DeliverAlexaEventNeeds {
  readonly alexaEvents: {
    claimDue(
      now: Date,
      claim: { limit: number; leaseMs: number },
      deadline: Deadline,
    ): Promise<readonly QueuedAlexaEvent[]>;
    end(tenantId: TenantId, end: AlexaEventEnd, deadline: Deadline): Promise<void>;
    forget(before: Date, limit: number, deadline: Deadline): Promise<number>;
  };
}

const STATEMENT_MS = 5_000;
const ATTEMPT_MS = 15_000;
const LEASE_MS = 30_000;
const AT_ONCE = 16;
const RUN_MS = 19_000;

/**
 * Sends queued events until none is due or the run has lasted long enough; of a link in the order in which they came.
 * @returns how many were delivered
 * @throws DatabaseUnavailable when it could not claim
 * @see ADR 0019
 */
export async function sendQueuedEvents(needs: SendQueuedEventsNeeds): Promise<number> {
  const until = performance.now() + RUN_MS;
  let delivered = 0;
  while (performance.now() < until) {
    const claim = { limit: AT_ONCE, leaseMs: LEASE_MS };
    const events = await needs.alexaEvents.claimDue(needs.now(), claim, performance.now() + STATEMENT_MS);
    if (events.length === 0) break;
    const results = await Promise.all(events.map((event) => attempt(needs, event)));
    delivered += results.filter(({ kind }) => kind === 'delivered').length;
  }
  return delivered;
}

/** Nothing is thrown: whatever goes wrong ends the attempt, or its lease runs out. */
async function attempt(needs: SendQueuedEventsNeeds, event: QueuedAlexaEvent): Promise<AlexaEventResult> {
  const { tenantId, id, skillId, linkId, sealed } = event;
  const deadline = performance.now() + ATTEMPT_MS;
  let result: AlexaEventResult;
  try {
    const message = await openAlexaMessage(needs, tenantId, id, sealed, deadline);
    result = await deliverAlexaEvent(needs, { tenantId, skillId, linkId }, message, deadline);
  } catch {
    result = { kind: 'later', status: null, code: null };
  }
  const ended = endOf(needs, event, result);
  if (ended.state === 'refused') {
    const detail = `${result.kind === 'refused' ? result.reason : 'not delivered'} ${ended.code ?? ''}`.trim();
    needs.trace({ name: 'alexa_event.failed', tenantId, skillId, linkId, detail });
  }
  await needs.alexaEvents.end(tenantId, ended, performance.now() + STATEMENT_MS).catch(() => undefined);
  return result;
}

function endOf(
  needs: SendQueuedEventsNeeds,
  { id, attempt: tried }: QueuedAlexaEvent,
  result: AlexaEventResult,
): AlexaEventEnd {
  const { status } = result;
  if (result.kind === 'delivered') return { id, state: 'delivered', status, code: null, nextAttemptAt: null };
  const isOver = result.kind === 'refused' || tried >= EVENT_ATTEMPTS;
  const pause = BETWEEN_ATTEMPTS_MS * 5 ** (tried - 1);
  const nextAttemptAt = isOver ? null : new Date(needs.now().getTime() + pause);
  return { id, state: isOver ? 'refused' : null, status, code: result.code, nextAttemptAt };
}

/** How long a message id is known. */
const KEEP_MS = 24 * 3_600_000;
const BATCH = 10_000;
const MAX_BATCHES = 100;

/** Forgets events of the day before; returns how many. */
export async function forgetAlexaEvents(needs: SendQueuedEventsNeeds): Promise<number> {
  const before = new Date(needs.now().getTime() - KEEP_MS);
  let forgotten = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const gone = await needs.alexaEvents.forget(before, BATCH, performance.now() + STATEMENT_MS);
    forgotten += gone;
    if (gone < BATCH) break;
  }
  return forgotten;
}
