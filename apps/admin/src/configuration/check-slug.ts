import { isSlug } from '@linkbroker/contracts';
import { badRequest } from '../http/problem.js';

/** The slug under which something is made. @throws ApiProblem */
export function checkSlug(slug: string): string {
  if (isSlug(slug)) return slug;
  throw badRequest('The last part of the path must be lowercase letters, digits and hyphens.');
}
