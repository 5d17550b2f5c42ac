import { ALEXA_LIMITS } from '@linkbroker/alexa';
import { GET_OVERVIEW, type ApiAnswer, type ApiInput } from '@linkbroker/contracts';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';

const HOUR_MS = 3_600_000;

/** What a tenant looks at first. */
@Controller()
export class OverviewController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(GET_OVERVIEW)
  async read(
    @CallerOf() caller: Caller,
    @InputOf() { query }: ApiInput<typeof GET_OVERVIEW>,
  ): Promise<ApiAnswer<typeof GET_OVERVIEW>> {
    const now = this.needs.now();
    const since = new Date(now.getTime() - query.hours * HOUR_MS);
    const found = await this.needs.overview.read(tenantOfCall(caller), since, now, ALEXA_LIMITS.answerWithin);
    return {
      ...found,
      since: since.toISOString(),
      linksByHour: found.linksByHour.map(atHour),
      answersByHour: found.answersByHour.map(atHour),
      refreshes: [...found.refreshes],
      refreshesByHour: found.refreshesByHour.map(atHour),
      troubles: [...found.troubles],
      unwell: [...found.unwell],
    };
  }
}

const atHour = <Found extends { readonly hour: Date }>(found: Found) => ({ ...found, hour: found.hour.toISOString() });
