import { APPLY_CONFIG_FILE, PLAN_CONFIG_FILE, type ApiAnswer, type ApiInput } from '@linkbroker/contracts';
import { Controller, Inject } from '@nestjs/common';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import type { Caller } from '../sign-in/caller.js';
import { applyConfigFile, planConfigFile } from './config-file.js';

/** A tenant's configuration as one file. @see docs/config-file.md */
@Controller()
export class ConfigFileController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(PLAN_CONFIG_FILE)
  async plan(
    @CallerOf() caller: Caller,
    @InputOf() { params, body }: ApiInput<typeof PLAN_CONFIG_FILE>,
  ): Promise<ApiAnswer<typeof PLAN_CONFIG_FILE>> {
    const { lines, liveGrants, expected } = await planConfigFile(this.needs, caller, params.tenant, body);
    return { lines: [...lines], liveGrants, expected };
  }

  @ApiEndpoint(APPLY_CONFIG_FILE)
  async apply(
    @CallerOf() caller: Caller,
    @InputOf() { params, body }: ApiInput<typeof APPLY_CONFIG_FILE>,
  ): Promise<ApiAnswer<typeof APPLY_CONFIG_FILE>> {
    const { lines, once } = await applyConfigFile(this.needs, caller, params.tenant, body);
    return { lines: [...lines], once: [...once] };
  }
}
