import { isEmbeddedWebView } from '@linkbroker/alexa';
import { PAGE_DEADLINE_MS } from '@linkbroker/contracts';
import { cancelLink, restartLink } from '@linkbroker/linking';
import { supportReference } from '@linkbroker/protocol';
import { findProvider } from '@linkbroker/providers';
import { renderLinkPage } from '@linkbroker/ui';
import { Controller, Get, Inject, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { PageMessage } from '../http/page-message.js';
import { contextOf } from '../http/request-context.js';
import { languageOf, writePage } from '../http/write-page.js';
import { UpstreamRedirectGuard } from '../upstream/upstream-redirect.guard.js';
import { readBrowserSecret } from './browser-cookie.js';
import { connectorsOf, openAttempt } from './open-attempt.js';
import { checkSameOrigin } from './same-origin.js';

/** The pages of one attempt. GETs never bind anything; the button's POST does. @see docs/linking.md */
@Controller('link')
export class LinkController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @Get(':id')
  async page(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const context = contextOf(request);
    const { attempt, skill, reference } = await openAttempt(this.needs, id, context.startedAt + PAGE_DEADLINE_MS);
    context.facts = { tenantId: skill.tenantId, skillId: skill.id, reference };
    const { name: skillName, tenantName, branding } = skill;
    const embedded = isEmbeddedWebView(request.headers['user-agent']);
    const connectors = connectorsOf(attempt, skill).map(({ slug, name, provider }) => {
      return { slug, name, refused: embedded && findProvider(provider)?.webView === 'blocked' };
    });
    const address = `${this.needs.publicUrl}/link/${id}`;
    const facts = {
      linkRequestId: id,
      address,
      skillName,
      tenantName,
      branding,
      connectors,
      repair: attempt.repair !== undefined,
    };
    writePage(request, reply, 200, renderLinkPage({ language: languageOf(request), ...facts }));
  }

  /** The guard answers with the redirect upstream. */
  @Post(':id')
  @UseGuards(UpstreamRedirectGuard)
  choose(): void {
    throw new Error('the upstream redirect did not answer');
  }

  @Post(':id/cancel')
  async cancel(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    checkSameOrigin(request, this.needs.publicUrl);
    const result = await cancelLink(this.needs, id, readBrowserSecret(request));
    if (result.kind === 'stop') throw new PageMessage(result.stop, 410, supportReference(id));
    contextOf(request).outcome = 'access_denied';
    reply.code(303).header('location', result.location).send();
  }

  @Post(':id/restart')
  async restart(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    checkSameOrigin(request, this.needs.publicUrl);
    const restarted = await restartLink(this.needs, id);
    if (restarted === undefined) throw new PageMessage('finished', 410, supportReference(id));
    reply.code(303).header('location', `${this.needs.publicUrl}/link/${restarted}`).send();
  }
}
