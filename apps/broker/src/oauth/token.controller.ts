import { TOKEN_DEADLINE_MS } from '@linkbroker/contracts';
import { answerTokenRequest, type TokenOutcome } from '@linkbroker/linking';
import { OAuthError } from '@linkbroker/protocol';
import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { readMachineRequest } from '../http/machine-request.js';
import { contextOf } from '../http/request-context.js';
import { describeTokenRequest } from './describe-token-request.js';
import { writeJson, writeOAuthError } from '../http/write-oauth.js';

/** A refresh or an exchange is the same each time; of what ends otherwise the timeline has what was said. */
const EVERYDAY: readonly TokenOutcome[] = ['rotated', 'replayed', 'released'];

/** `/oauth/token`: everything Alexa's cloud asks. */
@Controller('oauth/token')
export class TokenController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @All()
  async answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const context = contextOf(request);
    const presented = readMachineRequest(request, reply);
    const { answer, facts, grantType, outcome, skill } = await answerTokenRequest(
      this.needs,
      presented,
      context.startedAt + TOKEN_DEADLINE_MS,
    );
    context.facts = facts;
    context.outcome = outcome;
    if (!EVERYDAY.includes(outcome)) context.data = describeTokenRequest(presented, answer);
    if (grantType === 'refresh_token') this.needs.metrics.countRefresh(skill, outcome);
    if (!(answer instanceof OAuthError)) {
      writeJson(reply, 200, answer);
      return;
    }
    if (answer.status >= 500)
      this.needs.logger.error({ requestId: request.id, err: answer.cause }, 'token request failed');
    writeOAuthError(reply, answer);
  }
}
