import { OAuthError } from '@linkbroker/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What a machine endpoint reads: the raw form body and the Authorization header. */
export interface MachineRequest {
  readonly authorization: string | undefined;
  readonly body: string;
}

/**
 * Holds a request to POST and form encoding.
 * @throws OAuthError `invalid_request` with 405 for other methods and 400 for other bodies
 * @see RFC 6749 §3.2
 */
export function readMachineRequest(request: FastifyRequest, reply: FastifyReply): MachineRequest {
  if (request.method !== 'POST') {
    reply.header('allow', 'POST');
    throw new OAuthError('invalid_request', 'Only POST is answered here.', { status: 405 });
  }
  if (typeof request.body !== 'string') {
    throw new OAuthError('invalid_request', 'The body must be application/x-www-form-urlencoded.');
  }
  return { authorization: request.headers.authorization, body: request.body };
}
