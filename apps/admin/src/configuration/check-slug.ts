import { badRequest } from '../http/problem.js';

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The slug under which something is made. @throws ApiProblem */
export function checkSlug(slug: string): string {
  if (SLUG.test(slug)) return slug;
  throw badRequest('The last part of the path must be lowercase letters, digits and hyphens.');
}
