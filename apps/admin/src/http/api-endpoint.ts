import type { ApiRoute } from '@linkbroker/contracts';
import {
  applyDecorators,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { AccessGuard } from './access.guard.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { API_ROUTE } from './api-route-key.js';

/** Where the API begins, below the admin app's address. */
export const API_PREFIX = 'api/v1';

/** The status of a route's success. */
export const statusOf = (route: ApiRoute): number => route.status ?? (route.answer || route.contentType ? 200 : 204);

/**
 * Binds a handler to a route of the API: its address and method, who is let in, what it is given and what leaves it. The
 * handler takes `@CallerOf()` and `@InputOf()` and returns the route's answer.
 */
export const ApiEndpoint = (route: ApiRoute): MethodDecorator =>
  applyDecorators(
    RequestMapping({
      path: `${API_PREFIX}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      method: RequestMethod[route.method],
    }),
    SetMetadata(API_ROUTE, route),
    HttpCode(statusOf(route)),
    UseGuards(AccessGuard),
    UseInterceptors(IdempotencyInterceptor, AnswerInterceptor),
  );
