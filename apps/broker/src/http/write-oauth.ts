import type { OAuthError } from '@linkbroker/protocol';
import type { FastifyReply } from 'fastify';

/** Writes a JSON answer of a machine endpoint. @see R76 */
export function writeJson(reply: FastifyReply, status: number, body: object): void {
  reply.code(status).header('content-type', 'application/json;charset=UTF-8').send(JSON.stringify(body));
}

/** The one writer of OAuth errors: status, `Retry-After`, challenge, JSON. @see RFC 6749 §5.2, R90–R94 */
export function writeOAuthError(reply: FastifyReply, error: OAuthError): void {
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  if (error.code === 'invalid_client') reply.header('www-authenticate', 'Basic realm="linkbroker", charset="UTF-8"');
  writeJson(reply, error.status, { error: error.code, error_description: error.description, ...error.members });
}
