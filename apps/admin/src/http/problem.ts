import { HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** What went wrong with an API request, in words for the caller. @see RFC 9457 */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail);
  }
}

export const badRequest = (detail: string): ApiProblem => new ApiProblem(400, 'The request is not understood', detail);
export const notFound = (detail: string): ApiProblem => new ApiProblem(404, 'Not found', detail);

/** Writes a problem. */
export function writeProblem(reply: FastifyReply, { status, title, detail }: ApiProblem): void {
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="linkbroker"');
  if (status === 503) reply.header('retry-after', '5');
  reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ type: 'about:blank', title, status, detail }));
}

/** Any error as a problem; what was not expected says nothing of itself. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof HttpException && error.getStatus() < 500)
    return new ApiProblem(error.getStatus(), 'The request is not understood', 'There is nothing at this address.');
  return new ApiProblem(503, 'Not available', 'Something that is needed for the answer cannot be reached. Try again.');
}
