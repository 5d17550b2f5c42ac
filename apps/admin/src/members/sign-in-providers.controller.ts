import {
  ADD_PROVIDER,
  ADD_TENANT_PROVIDER,
  LIST_PROVIDERS,
  LIST_TENANT_PROVIDERS,
  REMOVE_PROVIDER,
  REMOVE_TENANT_PROVIDER,
  type ApiAnswer,
  type ApiInput,
} from '@linkbroker/contracts';
import type { SignInProvider } from '@linkbroker/persistence';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import type { SignInNeeds } from '../sign-in/sign-in-needs.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { addSignInProvider, removeSignInProvider } from './sign-in-providers.js';

/** OpenID providers by which people sign in. @see docs/console-access.md */
@Controller()
export class SignInProvidersController {
  private readonly needs: SignInNeeds;
  constructor(@Inject(ADMIN_NEEDS) { signIn }: AdminNeeds) {
    this.needs = signIn;
  }

  @ApiEndpoint(LIST_PROVIDERS)
  async list(): Promise<ApiAnswer<typeof LIST_PROVIDERS>> {
    return { items: (await this.needs.providers.list(null)).map(sentProvider) };
  }

  @ApiEndpoint(ADD_PROVIDER)
  async add(
    @CallerOf() caller: Caller,
    @InputOf() { body }: ApiInput<typeof ADD_PROVIDER>,
  ): Promise<ApiAnswer<typeof ADD_PROVIDER>> {
    return sentProvider(await addSignInProvider(this.needs, caller, null, body));
  }

  @ApiEndpoint(REMOVE_PROVIDER)
  remove(@CallerOf() caller: Caller, @InputOf() { params }: ApiInput<typeof REMOVE_PROVIDER>): Promise<void> {
    return removeSignInProvider(this.needs, caller, null, params.id);
  }

  @ApiEndpoint(LIST_TENANT_PROVIDERS)
  async ofTenant(@CallerOf() caller: Caller): Promise<ApiAnswer<typeof LIST_TENANT_PROVIDERS>> {
    return { items: (await this.needs.providers.list(tenantOfCall(caller))).map(sentProvider) };
  }

  @ApiEndpoint(ADD_TENANT_PROVIDER)
  async addToTenant(
    @CallerOf() caller: Caller,
    @InputOf() { body }: ApiInput<typeof ADD_TENANT_PROVIDER>,
  ): Promise<ApiAnswer<typeof ADD_TENANT_PROVIDER>> {
    return sentProvider(await addSignInProvider(this.needs, caller, tenantOfCall(caller), body));
  }

  @ApiEndpoint(REMOVE_TENANT_PROVIDER)
  removeFromTenant(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof REMOVE_TENANT_PROVIDER>,
  ): Promise<void> {
    return removeSignInProvider(this.needs, caller, tenantOfCall(caller), params.id);
  }
}

const sentProvider = ({ createdAt, ...provider }: SignInProvider) => ({
  ...provider,
  createdAt: createdAt.toISOString(),
});
