import {
  BEGIN_PROVIDER_SIGN_IN,
  FINISH_PROVIDER_SIGN_IN,
  OFFERED_PROVIDERS,
  type ApiAnswer,
  type ApiInput,
  type SentSession,
} from '@linkbroker/contracts';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { InputOf } from '../http/api-request.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { describeSession } from './describe-session.js';
import { readHopSecret, writeHopCookie, writeSessionCookie } from './session-cookie.js';
import { beginProviderSignIn, finishProviderSignIn } from './sign-in-by-provider.js';
import type { SignInNeeds } from './sign-in-needs.js';
import { visitOf } from './visit-of.js';

/** Signing in with an OpenID provider. @see docs/console-access.md */
@Controller()
export class ProviderController {
  private readonly needs: SignInNeeds;
  constructor(@Inject(ADMIN_NEEDS) { signIn }: AdminNeeds) {
    this.needs = signIn;
  }

  @ApiEndpoint(OFFERED_PROVIDERS)
  async offered(): Promise<ApiAnswer<typeof OFFERED_PROVIDERS>> {
    return { items: (await this.needs.providers.list(null)).map(({ slug, name }) => ({ slug, name })) };
  }

  @ApiEndpoint(BEGIN_PROVIDER_SIGN_IN)
  async begin(
    @InputOf() { params, body }: ApiInput<typeof BEGIN_PROVIDER_SIGN_IN>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApiAnswer<typeof BEGIN_PROVIDER_SIGN_IN>> {
    const { url, browserSecret } = await beginProviderSignIn(this.needs, params.provider, body.invitation);
    writeHopCookie(reply, browserSecret);
    return { url };
  }

  @ApiEndpoint(FINISH_PROVIDER_SIGN_IN)
  async finish(
    @Req() request: FastifyRequest,
    @InputOf() { body }: ApiInput<typeof FINISH_PROVIDER_SIGN_IN>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SentSession> {
    const visit = await visitOf(this.needs, request);
    const browser = readHopSecret(request.headers.cookie);
    const { secret, session } = await finishProviderSignIn(this.needs, body.query, browser, visit);
    writeSessionCookie(reply, secret);
    return describeSession(this.needs, session);
  }
}
