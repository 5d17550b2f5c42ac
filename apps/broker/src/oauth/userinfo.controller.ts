import { TOKEN_DEADLINE_MS } from '@linkbroker/contracts';
import { readLinkUserinfo } from '@linkbroker/linking';
import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { challengeBearer, readBearer } from '../http/bearer.js';
import { contextOf } from '../http/request-context.js';
import { writeJson } from '../http/write-oauth.js';

/** `/oauth/userinfo`: who is linked, for the bearer of an access token. @see OpenID Connect Core 1.0 §5.3, RFC 6750 */
@Controller('oauth/userinfo')
export class UserinfoController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @Get()
  get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(request, reply);
  }

  /** OpenID Connect Core §5.3.1 wants both; the token comes in the header either way. */
  @Post()
  post(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(request, reply);
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const context = contextOf(request);
    const token = readBearer(request);
    if (token === undefined) {
      challengeBearer(reply, undefined);
      return;
    }
    const found = await readLinkUserinfo(this.needs, token, context.startedAt + TOKEN_DEADLINE_MS);
    if (!found) {
      context.outcome = 'refused';
      challengeBearer(reply, 'invalid_token');
      return;
    }
    context.facts = { ...found.owner, grantId: found.grantId, linkId: found.userinfo.sub };
    writeJson(reply, 200, found.userinfo);
  }
}
