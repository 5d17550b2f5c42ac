import { ConfigError } from '@linkbroker/contracts';
import { HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** What is wrong with one field of a request. */
export interface FieldProblem {
  /** Where it stands: `body.skills.0.name`. */
  readonly field: string;
  readonly message: string;
}

interface ProblemMore {
  readonly errors?: readonly FieldProblem[];
  /** Seconds after which another try makes sense. */
  readonly retryAfter?: number;
}

/** What went wrong with an API request, in words for the caller. @see RFC 9457 */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly more: ProblemMore = {},
  ) {
    super(detail);
  }
}

export const badRequest = (detail: string): ApiProblem => new ApiProblem(400, 'The request is not understood', detail);
export const notFound = (detail: string): ApiProblem => new ApiProblem(404, 'Not found', detail);
export const forbidden = (detail: string): ApiProblem => new ApiProblem(403, 'Not allowed', detail);
export const conflict = (detail: string): ApiProblem => new ApiProblem(409, 'In the way', detail);
export const notAuthenticated = (detail: string): ApiProblem => new ApiProblem(401, 'Not authenticated', detail);
export const tooMany = (detail: string, retryAfter: number): ApiProblem =>
  new ApiProblem(429, 'Too many requests', detail, { retryAfter });

/** Seconds to wait where nothing better is known. */
const RETRY_AFTER = 5;

/** Writes a problem. */
export function writeProblem(reply: FastifyReply, { status, title, detail, more }: ApiProblem): void {
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="linkbroker"');
  const retryAfter = more.retryAfter ?? (status === 503 ? RETRY_AFTER : undefined);
  if (retryAfter !== undefined) reply.header('retry-after', String(Math.ceil(retryAfter)));
  reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ type: 'about:blank', title, status, detail, ...(more.errors && { errors: more.errors }) }));
}

/** Any error as a problem; what was not expected says nothing of itself. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof ConfigError) return toConfigurationProblem(error);
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown }).statusCode;
  if (status === 404) return notFound('There is nothing at this address.');
  if (status === 413) return new ApiProblem(413, 'Too large', 'The body is larger than the API takes.');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new ApiProblem(
      status,
      'The request is not understood',
      'The body is no JSON, or there is nothing to do with it here.',
    );
  return new ApiProblem(503, 'Not available', 'Something that is needed for the answer cannot be reached. Try again.');
}

const toConfigurationProblem = ({ problems }: ConfigError): ApiProblem =>
  new ApiProblem(422, 'The configuration does not fit', problems[0]?.message ?? 'Something in it is wrong.', {
    errors: problems.map(({ path, message }) => ({ field: path, message })),
  });
