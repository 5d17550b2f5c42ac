import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ADMIN_NEEDS, type AdminNeeds } from '../status.js';
import { presentsKey } from './operator-key.js';
import { ApiProblem } from './problem.js';

/** Lets the operator in, who presents the key of DATA_DIR as a bearer token. */
@Injectable()
export class ApiGuard implements CanActivate {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  canActivate(context: ExecutionContext): boolean {
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    if (presentsKey(authorization, this.needs.operatorKey)) return true;
    throw new ApiProblem(
      401,
      'Not authenticated',
      'Present the operator key of DATA_DIR/operator.key as a bearer token.',
    );
  }
}
