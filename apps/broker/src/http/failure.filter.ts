import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { writeFailure } from './write-failure.js';

/** Everything a controller or guard throws ends here. */
@Catch()
export class FailureFilter implements ExceptionFilter {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    writeFailure(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.needs.logger);
  }
}
