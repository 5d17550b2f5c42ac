import { LIST_DELIVERIES, REPLAY_DEAD, REPLAY_EVENT, type ApiAnswer, type ApiInput } from '@linkbroker/contracts';
import type { LoggedDelivery } from '@linkbroker/persistence';
import { isUuid } from '@linkbroker/protocol';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { auditOfCall } from '../http/audit-of-call.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { pageAnswer, readCursor } from '../http/cursor.js';
import { notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';

const NUMBER = /^\d{1,18}$/;

/** What webhooks were told, and telling it again. */
@Controller()
export class DeliveriesController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LIST_DELIVERIES)
  async list(
    @CallerOf() caller: Caller,
    @InputOf() { query }: ApiInput<typeof LIST_DELIVERIES>,
  ): Promise<ApiAnswer<typeof LIST_DELIVERIES>> {
    const before = readCursor(query.cursor, (text) => NUMBER.test(text)) ?? null;
    const found = await this.needs.eventLog.list(tenantOfCall(caller), query.state ?? null, query.limit + 1, before);
    return pageAnswer(found, query.limit, toWire, ({ id }) => id);
  }

  @ApiEndpoint(REPLAY_EVENT)
  async replay(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof REPLAY_EVENT>,
  ): Promise<ApiAnswer<typeof REPLAY_EVENT>> {
    if (!isUuid(params.event)) throw notFound('There is no such event.');
    const tenantId = tenantOfCall(caller);
    const now = this.needs.now();
    const deliveries = await this.needs.eventLog.replay(tenantId, params.event, now);
    const deed = { action: 'event.replay', subject: params.event, diff: { deliveries } };
    await this.needs.auditLog.append(tenantId, auditOfCall(caller, now, deed));
    return { deliveries };
  }

  @ApiEndpoint(REPLAY_DEAD)
  async replayDead(@CallerOf() caller: Caller): Promise<ApiAnswer<typeof REPLAY_DEAD>> {
    const tenantId = tenantOfCall(caller);
    const now = this.needs.now();
    const deliveries = await this.needs.eventLog.replayDead(tenantId, now);
    const deed = { action: 'deliveries.replay', subject: 'dead', diff: { deliveries } };
    await this.needs.auditLog.append(tenantId, auditOfCall(caller, now, deed));
    return { deliveries };
  }
}

const toWire = (one: LoggedDelivery) => ({
  eventId: one.eventId,
  type: one.type,
  occurredAt: one.occurredAt.toISOString(),
  linkId: one.linkId,
  skill: one.skillSlug,
  url: one.url.replace(/\?.*/, ''),
  state: one.state,
  attempts: one.attempts,
  nextAttemptAt: one.nextAttemptAt?.toISOString() ?? null,
  lastStatus: one.lastStatus,
  lastError: one.lastError,
  endedAt: one.endedAt?.toISOString() ?? null,
});
