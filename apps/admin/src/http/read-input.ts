import type { ApiRoute } from '@linkbroker/contracts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiProblem, badRequest, type FieldProblem } from './problem.js';

/** A path parameter; names of tenants, ids, references. */
const parameter = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\0/]+$/);
const NOTHING = z.strictObject({});
const DEEPEST = 20;
const HALF_A_CHARACTER = /\p{Surrogate}/u;

/** The parameters in a path of the API. */
export const parametersOf = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');

/**
 * Reads what a request brings, all of it: what the route does not know is refused as well.
 * @throws ApiProblem 400 naming every field, 415 for a body that is no JSON
 */
export function readInput(route: ApiRoute, request: FastifyRequest): unknown {
  for (const part of [request.params, request.query, request.body]) refuseUnstorable(part);
  const params = z.strictObject(Object.fromEntries(parametersOf(route.path).map((name) => [name, parameter])));
  return {
    params: parse(params, request.params, 'path'),
    query: parse(route.query ? route.query.strict() : NOTHING, request.query, 'query'),
    ifMatch: request.headers['if-match'],
    body: route.body ? parse(route.body, bodyOf(request), 'body') : undefined,
  };
}

/** No text of ours holds a NUL or half a character, and PostgreSQL takes neither. */
function refuseUnstorable(value: unknown, depth = 0): void {
  if (typeof value === 'string' && (value.includes('\0') || HALF_A_CHARACTER.test(value)))
    throw badRequest('A text holds a NUL or half a character.');
  if (typeof value !== 'object' || value === null) return;
  if (depth > DEEPEST) throw badRequest('The body is nested too deeply.');
  for (const [key, one] of Object.entries(value)) {
    refuseUnstorable(key, depth + 1);
    refuseUnstorable(one, depth + 1);
  }
}

function bodyOf(request: FastifyRequest): unknown {
  if (request.body === undefined || request.body === null) throw badRequest('The request needs a JSON body.');
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    throw new ApiProblem(415, 'Not JSON', 'The body must be application/json.');
  return request.body;
}

function parse(shape: z.ZodType, value: unknown, where: string): unknown {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => complaintsOf(issue, where));
  const [first] = errors;
  throw new ApiProblem(400, 'The request is not understood', `${first?.field ?? where} ${first?.message ?? ''}`, {
    errors,
  });
}

function complaintsOf(issue: z.core.$ZodIssue, where: string): FieldProblem[] {
  const at = (path: readonly PropertyKey[]): string => [where, ...path.map(String)].join('.').slice(0, 200);
  if (issue.code !== 'unrecognized_keys') return [{ field: at(issue.path), message: issue.message }];
  return issue.keys.map((key) => ({ field: at([...issue.path, key]), message: 'is unknown here' }));
}
