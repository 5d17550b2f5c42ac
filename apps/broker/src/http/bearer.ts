import type { FastifyReply, FastifyRequest } from 'fastify';
import { writeJson } from './write-oauth.js';

const LONGEST_TOKEN = 4_096;
const BEARER = /^bearer +([\x21-\x7e]+) *$/i;

/** The token of a Bearer header; undefined for anything else. @see RFC 6750 §2.1 */
export function readBearer(request: FastifyRequest): string | undefined {
  const [, token] = BEARER.exec(request.headers.authorization ?? '') ?? [];
  return token === undefined || token.length > LONGEST_TOKEN ? undefined : token;
}

/** Asks for another token. A request without one is told only how to authenticate. @see RFC 6750 §3 */
export function challengeBearer(reply: FastifyReply, error: 'invalid_token' | undefined): void {
  const suffix = error === undefined ? '' : `, error="${error}"`;
  reply.header('www-authenticate', `Bearer realm="linkbroker"${suffix}`);
  writeJson(reply, 401, { error: error ?? 'invalid_request', error_description: 'A valid access token is needed.' });
}
