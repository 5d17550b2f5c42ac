import { OAuthError, unavailable } from '@linkbroker/protocol';
import type { Logger } from '@linkbroker/telemetry';
import { HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PageMessage } from './page-message.js';
import { contextOf } from './request-context.js';
import { writeOAuthError } from './write-oauth.js';
import { writeMessage } from './write-page.js';

/** Whether people look at this address; everything else is answered in JSON. */
const isPage = (request: FastifyRequest): boolean =>
  /^\/(oauth\/authorize|link\/|repair\/|callback\/)/.test(request.url);

/** Answers whatever was thrown. What we did not expect is logged and told as 503: nobody is unlinked by our bugs. */
export function writeFailure(error: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  if (error instanceof PageMessage) {
    writeMessage(request, reply, error);
    return;
  }
  const refusal = toOAuthError(error);
  if (refusal.status >= 500) {
    const cause = refusal.cause ?? error;
    logger.error({ requestId: request.id, err: cause, cause: causeOf(cause) }, 'request failed');
  }
  contextOf(request).outcome = refusal.status >= 500 ? 'unavailable' : 'refused';
  if (isPage(request)) writeMessage(request, reply, pageOf(refusal));
  else writeOAuthError(reply, refusal);
}

const causeOf = (error: unknown): string | undefined =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;

function toOAuthError(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error;
  const status = statusOf(error);
  if (status === 404) return new OAuthError('invalid_request', 'There is nothing at this address.', { status });
  if (status === 413) return new OAuthError('invalid_request', 'The request body is too large.', { status });
  if (status !== undefined && status < 500)
    return new OAuthError('invalid_request', 'The request cannot be read.', { status });
  return unavailable(error);
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  return error instanceof Error ? (error as { statusCode?: number }).statusCode : undefined;
}

function pageOf(refusal: OAuthError): PageMessage {
  if (refusal.status === 404) return new PageMessage('not-found', 404);
  return refusal.status >= 500 ? new PageMessage('unavailable', 503) : new PageMessage('bad-request', refusal.status);
}
