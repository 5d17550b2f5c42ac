import { buildServerMetadata } from '@linkbroker/protocol';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { writeJson } from '../http/write-oauth.js';

/** `/.well-known/oauth-authorization-server`. @see RFC 8414 */
@Controller('.well-known')
export class MetadataController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @Get('oauth-authorization-server')
  metadata(@Res() reply: FastifyReply): void {
    reply.header('cache-control', 'public, max-age=300').removeHeader('pragma');
    writeJson(reply, 200, buildServerMetadata(this.needs.publicUrl));
  }
}
