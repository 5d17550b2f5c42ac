import type { ApiRoute } from '@linkbroker/contracts';
import type { ExecutionContext } from '@nestjs/common';

/** Under this a handler carries its route. */
export const API_ROUTE = 'linkbroker:api-route';

/** The route that a handler was bound to. */
export function routeOf(context: ExecutionContext): ApiRoute {
  const route = Reflect.getMetadata(API_ROUTE, context.getHandler()) as ApiRoute | undefined;
  if (!route) throw new Error('the handler is bound to no route');
  return route;
}
