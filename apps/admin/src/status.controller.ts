import { readReadiness } from '@linkbroker/telemetry';
import { STYLE_HASH } from '@linkbroker/ui';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { renderStatusPage } from './status-page.js';
import { ADMIN_NEEDS, type AdminNeeds } from './admin-needs.js';

/** Health, and a status page for the operator. */
@Controller()
export class StatusController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @Get('health/live')
  live(@Res() reply: FastifyReply): void {
    reply.header('cache-control', 'no-store').send({ status: 'live' });
  }

  @Get('health/ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const readiness = await readReadiness(this.needs.checks);
    reply
      .code(readiness.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(readiness);
  }

  @Get('status')
  async page(@Res() reply: FastifyReply): Promise<void> {
    const readiness = await readReadiness(this.needs.checks);
    const schema = await this.needs.schema().catch(() => undefined);
    const { version, startedAt } = this.needs;
    reply
      .code(readiness.ready ? 200 : 503)
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .header('x-frame-options', 'DENY')
      .header('content-security-policy', `default-src 'none'; style-src ${STYLE_HASH}; frame-ancestors 'none'`)
      .send(renderStatusPage({ version, startedAt, schema, readiness }));
  }
}
