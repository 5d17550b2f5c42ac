import {
  BEGIN_PASSKEY,
  END_OTHER_SESSIONS,
  END_SESSION,
  LIST_SESSIONS,
  PRESENT_RECOVERY_CODE,
  PRESENT_TOTP,
  READ_SESSION,
  SIGN_IN_BY_PASSKEY,
  SIGN_IN_BY_PASSWORD,
  SIGN_OUT,
  WELCOME_OPERATOR,
  type ApiAnswer,
  type ApiInput,
  type SentSession,
} from '@linkbroker/contracts';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { InputOf } from '../http/api-request.js';
import { notFound } from '../http/problem.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import type { BegunSession } from './begin-session.js';
import { describeSession } from './describe-session.js';
import { welcomeOperator } from './first-operator.js';
import { signInByPasskey } from './passkey-answers.js';
import { beginPasskey } from './passkey-options.js';
import { presentRecoveryCode } from './recovery-codes.js';
import { clearSessionCookie, writeSessionCookie } from './session-cookie.js';
import { signInByPassword } from './sign-in-by-password.js';
import type { SignInNeeds } from './sign-in-needs.js';
import { presentTotp } from './totp-factor.js';
import { sessionOf, visitOf, wholeSessionOf } from './visit-of.js';

/** Signing in and out, and the sessions that come of it. @see docs/console-access.md */
@Controller()
export class SessionController {
  private readonly needs: SignInNeeds;
  constructor(@Inject(ADMIN_NEEDS) { signIn }: AdminNeeds) {
    this.needs = signIn;
  }

  @ApiEndpoint(READ_SESSION)
  async read(@Req() request: FastifyRequest): Promise<SentSession> {
    return describeSession(this.needs, (await visitOf(this.needs, request)).session);
  }

  @ApiEndpoint(SIGN_IN_BY_PASSWORD)
  async byPassword(
    @Req() request: FastifyRequest,
    @InputOf() { body }: ApiInput<typeof SIGN_IN_BY_PASSWORD>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SentSession> {
    return this.welcome(reply, await signInByPassword(this.needs, body, await visitOf(this.needs, request)));
  }

  @ApiEndpoint(PRESENT_TOTP)
  async totp(
    @Req() request: FastifyRequest,
    @InputOf() { body }: ApiInput<typeof PRESENT_TOTP>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SentSession> {
    const session = await sessionOf(this.needs, request);
    return this.welcome(reply, await presentTotp(this.needs, session, body.code, request.ip));
  }

  @ApiEndpoint(PRESENT_RECOVERY_CODE)
  async recoveryCode(
    @Req() request: FastifyRequest,
    @InputOf() { body }: ApiInput<typeof PRESENT_RECOVERY_CODE>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SentSession> {
    const session = await sessionOf(this.needs, request);
    return this.welcome(reply, await presentRecoveryCode(this.needs, session, body.code, request.ip));
  }

  @ApiEndpoint(BEGIN_PASSKEY)
  async passkeyOptions(@Req() request: FastifyRequest): Promise<ApiAnswer<typeof BEGIN_PASSKEY>> {
    return { ...(await beginPasskey(this.needs, (await visitOf(this.needs, request)).session)) };
  }

  @ApiEndpoint(SIGN_IN_BY_PASSKEY)
  async byPasskey(
    @Req() request: FastifyRequest,
    @InputOf() { body }: ApiInput<typeof SIGN_IN_BY_PASSKEY>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SentSession> {
    return this.welcome(reply, await signInByPasskey(this.needs, body.credential, await visitOf(this.needs, request)));
  }

  @ApiEndpoint(WELCOME_OPERATOR)
  async firstOperator(
    @Req() request: FastifyRequest,
    @InputOf() { body }: ApiInput<typeof WELCOME_OPERATOR>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SentSession> {
    return this.welcome(reply, await welcomeOperator(this.needs, body, await visitOf(this.needs, request)));
  }

  @ApiEndpoint(SIGN_OUT)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const { session } = await visitOf(this.needs, request);
    if (session) await this.needs.sessions.end(session.accountId, session.id);
    clearSessionCookie(reply);
  }

  @ApiEndpoint(LIST_SESSIONS)
  async list(@Req() request: FastifyRequest): Promise<ApiAnswer<typeof LIST_SESSIONS>> {
    const own = await wholeSessionOf(this.needs, request);
    const sessions = await this.needs.sessions.list(own.accountId, this.needs.now());
    const items = sessions.map(({ id, method, agent, createdAt, lastSeenAt }) => ({
      ...{ id, method, agent, current: id === own.id },
      ...{ createdAt: createdAt.toISOString(), lastSeenAt: lastSeenAt.toISOString() },
    }));
    return { items };
  }

  @ApiEndpoint(END_SESSION)
  async end(@Req() request: FastifyRequest, @InputOf() { params }: ApiInput<typeof END_SESSION>): Promise<void> {
    const { accountId } = await wholeSessionOf(this.needs, request);
    if (!(await this.needs.sessions.end(accountId, params.session))) throw notFound('There is no such session.');
  }

  @ApiEndpoint(END_OTHER_SESSIONS)
  async endOthers(@Req() request: FastifyRequest): Promise<void> {
    const { accountId, id } = await wholeSessionOf(this.needs, request);
    await this.needs.sessions.endOthers(accountId, id);
  }

  private welcome(reply: FastifyReply, { secret, session }: BegunSession): Promise<SentSession> {
    writeSessionCookie(reply, secret);
    return describeSession(this.needs, session);
  }
}
