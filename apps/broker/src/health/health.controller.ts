import { readReadiness } from '@linkbroker/telemetry';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { writeJson } from '../http/write-oauth.js';

/** Liveness is the process; readiness names what is missing. */
@Controller('health')
export class HealthController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @Get('live')
  live(@Res() reply: FastifyReply): void {
    writeJson(reply, 200, { status: 'live' });
  }

  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const readiness = await readReadiness(this.needs.checks);
    writeJson(reply, readiness.ready ? 200 : 503, readiness);
  }
}
