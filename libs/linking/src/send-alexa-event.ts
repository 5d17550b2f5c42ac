import type { AlexaMessage, EventOrder } from '@linkbroker/alexa';
import type { Deadline, Skill, TenantId } from '@linkbroker/contracts';
import { uuidV7 } from '@linkbroker/protocol';
import { setTimeout as pause } from 'node:timers/promises';
import { deliverAlexaEvent, type AlexaEventResult, type DeliverAlexaEventNeeds } from './deliver-alexa-event.js';
import { sealAlexaMessage } from './alexa-message-seal.js';

/** What is known of an event that was ordered before. */
export interface KnownAlexaEvent {
  readonly claimed: boolean;
  readonly id: string;
  readonly state: 'sending' | 'queued' | 'delivered' | 'refused';
  readonly status: number | null;
  readonly code: string | null;
}

/** How an attempt ends: `state` null leaves the event to the next one, at `nextAttemptAt`. */
export interface AlexaEventEnd {
  readonly id: string;
  readonly state: 'delivered' | 'refused' | null;
  readonly status: number | null;
  readonly code: string | null;
  readonly nextAttemptAt: Date | null;
}

export interface SendAlexaEventNeeds extends DeliverAlexaEventNeeds {
  readonly alexaEvents: {
    begin(
      tenantId: TenantId,
      event: {
        skillId: string;
        linkId: string;
        newId: string;
        messageId: string;
        sealed: Buffer | null;
        leaseMs: number;
      },
      now: Date,
      deadline: Deadline,
    ): Promise<KnownAlexaEvent>;
    end(tenantId: TenantId, end: AlexaEventEnd, deadline: Deadline): Promise<void>;
  };
}

export type SentAlexaEvent =
  | { readonly kind: 'delivered' | 'queued' | 'under-way' | 'unavailable' }
  | Extract<AlexaEventResult, { kind: 'refused' }>;

/** Attempts at one event, and the least that lies between them. @see R171 */
export const EVENT_ATTEMPTS = 3;
export const BETWEEN_ATTEMPTS_MS = 1_000;
/** Longer than a request lasts. */
const LEASE_MS = 15_000;
/** Kept back for saying what came of it. */
const END_MS = 500;

/**
 * Sends an event of a link to Alexa, or queues it. Each message id of a link is delivered once: an order that comes again
 * hears what has become of the first.
 * @throws errors of the stores and the vault: nobody knows, and the order may come again
 * @see R165–R173, ADR 0019
 */
export async function sendAlexaEvent(
  needs: SendAlexaEventNeeds,
  skill: Skill,
  order: EventOrder,
  deadline: Deadline,
): Promise<SentAlexaEvent> {
  const link = { tenantId: skill.tenantId, skillId: skill.id, linkId: order.link };
  const grant = await needs.eventGrants.find(link, needs.now(), deadline);
  if (!grant || grant.state === 'dead') {
    return { kind: 'refused', reason: 'no_event_grant', status: null, code: null };
  }
  const message: AlexaMessage = { event: order.event, ...(order.context && { context: order.context }) };
  const newId = uuidV7(needs.now(), needs.randomBytes(10));
  const sealed = order.async ? await sealAlexaMessage(needs, skill.tenantId, newId, message, deadline) : null;
  const { messageId } = order.event.header;
  const event = { ...link, newId, messageId, sealed, leaseMs: LEASE_MS };
  const begun = await needs.alexaEvents.begin(skill.tenantId, event, needs.now(), deadline);
  if (!begun.claimed || begun.state === 'queued') return told(begun);
  const result = await deliver(needs, link, message, deadline - END_MS).catch(async (error: unknown) => {
    await end(needs, skill.tenantId, { kind: 'later', status: null, code: null }, begun.id, deadline);
    throw error;
  });
  await end(needs, skill.tenantId, result, begun.id, deadline);
  if (result.kind === 'later') return { kind: 'unavailable' };
  return result.kind === 'delivered' ? { kind: 'delivered' } : result;
}

function told({ state, status, code }: KnownAlexaEvent): SentAlexaEvent {
  if (state === 'sending') return { kind: 'under-way' };
  return state === 'refused' ? { kind: 'refused', reason: 'event_refused', status, code } : { kind: state };
}

/** Tries until it is settled, three times at the most. */
async function deliver(
  needs: SendAlexaEventNeeds,
  link: Parameters<typeof deliverAlexaEvent>[1],
  message: AlexaMessage,
  deadline: Deadline,
): Promise<AlexaEventResult> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await deliverAlexaEvent(needs, link, message, deadline);
    const isOver = attempt >= EVENT_ATTEMPTS || performance.now() + BETWEEN_ATTEMPTS_MS >= deadline;
    if (result.kind !== 'later' || isOver) return result;
    await pause(BETWEEN_ATTEMPTS_MS);
  }
}

/** What was not taken for a reason of the household's or of ours may be ordered again; it is not held against the id. */
async function end(
  needs: SendAlexaEventNeeds,
  tenantId: TenantId,
  result: AlexaEventResult,
  id: string,
  deadline: Deadline,
): Promise<void> {
  const isRefused = result.kind === 'refused' && result.reason === 'event_refused';
  const state = result.kind === 'delivered' ? 'delivered' : isRefused ? 'refused' : null;
  const code = result.kind === 'delivered' ? null : result.code;
  const ended = { id, state, status: result.status, code, nextAttemptAt: null } as const;
  await needs.alexaEvents.end(tenantId, ended, deadline).catch(() => undefined);
}
