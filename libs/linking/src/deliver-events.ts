import type { Deadline, TenantId } from '@linkbroker/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import { buildWebhookRequest, type ToldEvent } from './build-webhook-request.js';
import { judgeDelivery, type DeliveryVerdict, type SentEvent } from './delivery-verdict.js';
import type { Ambient } from './needs.js';
import { randomShare, type VaultNeeds } from './upstream-secrets.js';

interface ClaimedDelivery extends ToldEvent {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly webhookId: string;
  readonly url: string;
  /** The signing secrets, a list in JSON, sealed. */
  readonly secrets: Buffer;
  readonly attempt: number;
}

interface DeliveryEnd extends Pick<DeliveryVerdict, 'state' | 'error' | 'next' | 'sick'> {
  readonly id: string;
  readonly attempt: number;
  readonly status: number | null;
  readonly tookMs: number;
}

export interface DeliverEventsNeeds extends Ambient, Pick<VaultNeeds, 'open'> {
  readonly deliveries: {
    claimDue(
      now: Date,
      claim: { leaseUntil: Date; limit: number; perWebhook: number },
      deadline: Deadline,
    ): Promise<readonly ClaimedDelivery[]>;
    finish(tenantId: TenantId, end: DeliveryEnd, now: Date, deadline: Deadline): Promise<boolean>;
    disableWebhook(
      tenantId: TenantId,
      webhook: { id: string; reason: string },
      now: Date,
      deadline: Deadline,
    ): Promise<void>;
  };
  readonly egress: {
    send(request: {
      method: 'POST';
      url: string;
      headers: Readonly<Record<string, string>>;
      body: string;
      purpose: 'webhook';
      deadline: Deadline;
    }): Promise<{ readonly status: number; readonly retryAfter?: string | undefined }>;
  };
}

const STATEMENT_MS = 5_000;
const HTTP_MS = 10_000;
/** Much longer than an attempt with all its statements. */
const LEASE_MS = 60_000;
const AT_ONCE = 64;
/** Claimed of one webhook at a time: one with much to be told leaves room for the others. */
const PER_WEBHOOK = 8;
/** One run ends after this, so that a shutdown does not wait for the last of many. */
const RUN_MS = 20_000;
/** While some are under way it is looked this often whether others have become due. */
const LOOK_MS = 1_000;

/**
 * Delivers the events that are due, each signed, until there are none or the run has lasted long enough. A receiver that
 * hangs holds up its own events only. Claims are from the database: it does not matter who runs this or how many do.
 * @returns how many were delivered
 * @throws what a store throws; a delivery whose end could not be written is due again when its claim runs out
 * @see ADR 0014
 */
export async function deliverEvents(needs: DeliverEventsNeeds): Promise<number> {
  const end = performance.now() + RUN_MS;
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let delivered = 0;
  const begin = (claimed: ClaimedDelivery): void => {
    const work: Promise<void> = deliver(needs, claimed)
      .then((done) => void (delivered += Number(done)))
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  };
  try {
    while (performance.now() < end && failures.length === 0) {
      const claimed = await claim(needs, AT_ONCE - underWay.size);
      claimed.forEach(begin);
      if (underWay.size === 0) break;
      await Promise.race([Promise.all(underWay), pause(LOOK_MS, undefined, { ref: false })]);
    }
  } finally {
    await Promise.all(underWay);
  }
  if (failures.length > 0) throw failures[0];
  return delivered;
}

function claim(needs: DeliverEventsNeeds, limit: number): Promise<readonly ClaimedDelivery[]> {
  const now = needs.now();
  const leaseUntil = new Date(now.getTime() + LEASE_MS);
  const claiming = { leaseUntil, limit, perWebhook: PER_WEBHOOK };
  return needs.deliveries.claimDue(now, claiming, performance.now() + STATEMENT_MS);
}

async function deliver(needs: DeliverEventsNeeds, claimed: ClaimedDelivery): Promise<boolean> {
  const { tenantId, id, attempt, webhookId } = claimed;
  const began = performance.now();
  const sent = await send(needs, claimed);
  const now = needs.now();
  const { gone, ...verdict } = judgeDelivery(sent, attempt, now, randomShare(needs.randomBytes));
  const { state, error } = verdict;
  const ended = { ...verdict, id, attempt, status: sent.status, tookMs: performance.now() - began };
  const known = await needs.deliveries.finish(tenantId, ended, now, performance.now() + STATEMENT_MS);
  if (error !== null) {
    const detail = state === 'dead' ? `${error}; given up` : error;
    needs.trace({ name: 'event.delivery_failed', tenantId, detail, figures: { attempt } });
  }
  if (gone) {
    const webhook = { id: webhookId, reason: 'the receiver is gone (HTTP 410)' };
    await needs.deliveries.disableWebhook(tenantId, webhook, now, performance.now() + STATEMENT_MS);
    needs.trace({ name: 'webhook.disabled', tenantId, detail: webhook.reason });
  }
  return known && state === 'delivered';
}

/** Whatever goes wrong on the way there is an attempt that brought nothing. */
async function send(needs: DeliverEventsNeeds, claimed: ClaimedDelivery): Promise<SentEvent> {
  const { tenantId, webhookId, url } = claimed;
  const deadline = performance.now() + HTTP_MS;
  try {
    const place = { tenantId, row: webhookId, field: 'webhooks.secrets', version: 0 };
    const secrets = JSON.parse((await needs.open(place, claimed.secrets, deadline)).toString('utf8')) as string[];
    const request = buildWebhookRequest(claimed, secrets, needs.now());
    const { status, retryAfter } = await needs.egress.send({
      ...request,
      ...{ method: 'POST', url, purpose: 'webhook', deadline },
    });
    return { status, retryAfter };
  } catch (error) {
    return { status: null, error: error instanceof Error ? error.message : 'unknown' };
  }
}
