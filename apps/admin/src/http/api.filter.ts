import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { toProblem, writeProblem } from './problem.js';

/** Everything that is thrown ends here, also for addresses that do not exist. */
@Catch()
export class ApiFilter implements ExceptionFilter {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const problem = toProblem(error);
    if (problem.status >= 500) this.needs.logger.error({ err: error }, 'request failed');
    writeProblem(host.switchToHttp().getResponse<FastifyReply>(), problem);
  }
}
