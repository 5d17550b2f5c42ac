import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../sign-in/caller.js';

/** What the guard found out of a request: who asks, and what for. */
export interface ApiRequest {
  readonly caller: Caller;
  readonly input: unknown;
}

const known = new WeakMap<FastifyRequest, ApiRequest>();

const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest<FastifyRequest>();

/** Notes it for the handler. */
export function rememberRequest(request: FastifyRequest, found: ApiRequest): void {
  known.set(request, found);
}

function recall(context: ExecutionContext): ApiRequest {
  const found = known.get(requestOf(context));
  // Without the guard nobody has looked whether the caller may: then nothing is done.
  if (!found) throw new Error('the route has no guard');
  return found;
}

/** The handler's caller. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => recall(context).caller);

/** The handler's input: the `ApiInput` of its route. */
export const InputOf = createParamDecorator((_: unknown, context: ExecutionContext): unknown => recall(context).input);
