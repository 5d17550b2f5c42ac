import type { ApiRoute } from '@linkbroker/contracts';
import { entityTag, holds } from './answer.interceptor.js';
import { ConfigurationMoved } from '@linkbroker/persistence';
import { ApiProblem } from './problem.js';

/**
 * Refuses a change of something that is no longer as its author has read it.
 * @param route by which it is read
 * @param current as that route's handler returns it; undefined where there is nothing
 * @param ifMatch the entity tags the author knows; undefined where he did not say
 * @throws ApiProblem 412
 */
export function checkUnchanged(route: ApiRoute, current: unknown, ifMatch: string | undefined): void {
  if (ifMatch === undefined) return;
  const known = current !== undefined && holds(ifMatch, entityTag(JSON.stringify(route.answer?.parse(current))));
  if (!known) throw changed();
}

const changed = (): ApiProblem => new ApiProblem(412, 'Changed meanwhile', 'It is not as it was read: read it again.');

/** What came in between a reading and its writing, as a problem; any other error as it is. */
export const movedProblem = (error: unknown): unknown => (error instanceof ConfigurationMoved ? changed() : error);
