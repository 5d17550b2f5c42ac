import {
  BEGIN_PASSKEY_REGISTRATION,
  BEGIN_TOTP,
  CHANGE_PASSWORD,
  CONFIRM_TOTP,
  LIST_PASSKEYS,
  REGISTER_PASSKEY,
  REMOVE_PASSKEY,
  REMOVE_TOTP,
  RENEW_RECOVERY_CODES,
  type ApiAnswer,
  type ApiInput,
  type SentSession,
} from '@linkbroker/contracts';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { InputOf } from '../http/api-request.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import type { BegunSession } from './begin-session.js';
import { changePassword } from './change-password.js';
import { describeSession } from './describe-session.js';
import { registerPasskey, removePasskey } from './passkey-answers.js';
import { beginPasskeyRegistration } from './passkey-options.js';
import { renewRecoveryCodes } from './recovery-codes.js';
import { writeSessionCookie } from './session-cookie.js';
import type { SignInNeeds } from './sign-in-needs.js';
import { beginTotp, confirmTotp, removeTotp } from './totp-factor.js';
import { sessionOf, wholeSessionOf } from './visit-of.js';

/** What a person signs in with. @see docs/console-access.md */
@Controller()
export class AccountController {
  private readonly needs: SignInNeeds;
  constructor(@Inject(ADMIN_NEEDS) { signIn }: AdminNeeds) {
    this.needs = signIn;
  }

  @ApiEndpoint(BEGIN_TOTP)
  async beginTotp(@Req() request: FastifyRequest): Promise<ApiAnswer<typeof BEGIN_TOTP>> {
    return beginTotp(this.needs, await sessionOf(this.needs, request));
  }

  @ApiEndpoint(CONFIRM_TOTP)
  async confirmTotp(
    @Req() request: FastifyRequest,
    @InputOf() { body }: ApiInput<typeof CONFIRM_TOTP>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SentSession> {
    const session = await sessionOf(this.needs, request);
    return this.raised(reply, await confirmTotp(this.needs, session, body.code, request.ip));
  }

  @ApiEndpoint(REMOVE_TOTP)
  async removeTotp(@Req() request: FastifyRequest): Promise<void> {
    await removeTotp(this.needs, await sessionOf(this.needs, request), request.ip);
  }

  @ApiEndpoint(LIST_PASSKEYS)
  async passkeys(@Req() request: FastifyRequest): Promise<ApiAnswer<typeof LIST_PASSKEYS>> {
    const { accountId } = await wholeSessionOf(this.needs, request);
    const items = (await this.needs.passkeys.list(accountId)).map(({ id, name, createdAt, lastUsedAt }) => ({
      ...{ id, name, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null },
    }));
    return { items };
  }

  @ApiEndpoint(BEGIN_PASSKEY_REGISTRATION)
  async beginPasskey(@Req() request: FastifyRequest): Promise<ApiAnswer<typeof BEGIN_PASSKEY_REGISTRATION>> {
    return { ...(await beginPasskeyRegistration(this.needs, await sessionOf(this.needs, request))) };
  }

  @ApiEndpoint(REGISTER_PASSKEY)
  async registerPasskey(
    @Req() request: FastifyRequest,
    @InputOf() { body }: ApiInput<typeof REGISTER_PASSKEY>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SentSession> {
    const session = await sessionOf(this.needs, request);
    return this.raised(reply, await registerPasskey(this.needs, session, body, request.ip));
  }

  @ApiEndpoint(REMOVE_PASSKEY)
  async removePasskey(
    @Req() request: FastifyRequest,
    @InputOf() { params }: ApiInput<typeof REMOVE_PASSKEY>,
  ): Promise<void> {
    await removePasskey(this.needs, await sessionOf(this.needs, request), params.passkey, request.ip);
  }

  @ApiEndpoint(CHANGE_PASSWORD)
  async changePassword(
    @Req() request: FastifyRequest,
    @InputOf() { body }: ApiInput<typeof CHANGE_PASSWORD>,
  ): Promise<void> {
    await changePassword(this.needs, await wholeSessionOf(this.needs, request), body, request.ip);
  }

  @ApiEndpoint(RENEW_RECOVERY_CODES)
  async recoveryCodes(@Req() request: FastifyRequest): Promise<ApiAnswer<typeof RENEW_RECOVERY_CODES>> {
    const session = await sessionOf(this.needs, request);
    return { recoveryCodes: await renewRecoveryCodes(this.needs, session, request.ip) };
  }

  private raised(reply: FastifyReply, { secret, session }: BegunSession): Promise<SentSession> {
    writeSessionCookie(reply, secret);
    return describeSession(this.needs, session);
  }
}
