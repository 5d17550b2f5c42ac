import { OAuthError } from '@linkbroker/protocol';
import type { FastifyRequest } from 'fastify';
import { jsonOf } from '../http/json-body.js';

/** The text of a JSON body. @throws OAuthError `invalid_request` for anything else */
export function readJsonRequest(request: FastifyRequest): string {
  const json = jsonOf(request.body);
  if (json === undefined) throw new OAuthError('invalid_request', 'The body must be application/json.');
  return json;
}
