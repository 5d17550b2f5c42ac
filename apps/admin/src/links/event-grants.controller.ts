import { LIST_EVENT_GRANTS, type ApiAnswer, type ApiInput } from '@linkbroker/contracts';
import type { ListedEventGrant } from '@linkbroker/persistence';
import { isUuid } from '@linkbroker/protocol';
import { Controller, Inject } from '@nestjs/common';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { pageAnswer, readCursor } from '../http/cursor.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';

/** The rights to send events to Alexa that AcceptGrant brought. */
@Controller()
export class EventGrantsController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LIST_EVENT_GRANTS)
  async list(
    @CallerOf() caller: Caller,
    @InputOf() { query: { limit, cursor, skill } }: ApiInput<typeof LIST_EVENT_GRANTS>,
  ): Promise<ApiAnswer<typeof LIST_EVENT_GRANTS>> {
    const after = readCursor(cursor, isUuid);
    const found = await this.needs.eventGrants.page(tenantOfCall(caller), { skill, after }, limit + 1);
    return pageAnswer(found, limit, toWire, ({ id }) => id);
  }
}

const toWire = (grant: ListedEventGrant) => ({
  ...grant,
  createdAt: grant.createdAt.toISOString(),
  accessExpiresAt: grant.accessExpiresAt?.toISOString() ?? null,
  refreshDueAt: grant.refreshDueAt?.toISOString() ?? null,
  lastUsedAt: grant.lastUsedAt?.toISOString() ?? null,
  lastAttemptAt: grant.lastAttemptAt?.toISOString() ?? null,
});
