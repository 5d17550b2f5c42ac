import { CREATE_API_KEY, LIST_API_KEYS, REVOKE_API_KEY, type ApiAnswer, type ApiInput } from '@linkbroker/contracts';
import type { ApiKey } from '@linkbroker/persistence';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { createApiKey, revokeApiKey } from './api-keys.js';

/** A tenant's keys for programs. @see docs/console-access.md */
@Controller()
export class ApiKeysController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LIST_API_KEYS)
  async list(@CallerOf() caller: Caller): Promise<ApiAnswer<typeof LIST_API_KEYS>> {
    return { items: (await this.needs.signIn.apiKeys.list(tenantOfCall(caller))).map(sentKey) };
  }

  @ApiEndpoint(CREATE_API_KEY)
  async create(
    @CallerOf() caller: Caller,
    @InputOf() { body }: ApiInput<typeof CREATE_API_KEY>,
  ): Promise<ApiAnswer<typeof CREATE_API_KEY>> {
    const { key, ...made } = await createApiKey(this.needs.signIn, caller, body);
    return { ...sentKey(made), key };
  }

  @ApiEndpoint(REVOKE_API_KEY)
  revoke(@CallerOf() caller: Caller, @InputOf() { params }: ApiInput<typeof REVOKE_API_KEY>): Promise<void> {
    return revokeApiKey(this.needs.signIn, caller, params.key);
  }
}

const sentKey = ({ createdAt, expiresAt, lastUsedAt, permissions, ...key }: ApiKey) => ({
  ...key,
  permissions: [...permissions],
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});
