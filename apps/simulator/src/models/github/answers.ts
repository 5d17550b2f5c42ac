import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OAuthRefusal } from '../../upstream/refusal.js';

/** The token endpoint speaks JSON only to those who ask for it (R216). */
export function sendTokens(reply: FastifyReply, request: FastifyRequest, body: object): FastifyReply {
  if ((request.headers.accept ?? '').includes('application/json')) return reply.send(body);
  const pairs = Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]);
  const form = new URLSearchParams(pairs).toString();
  return reply.type('application/x-www-form-urlencoded; charset=utf-8').send(form);
}

/** GitHub's names for what RFC 6749 calls otherwise (R218). */
const names: Readonly<Record<string, string>> = {
  invalid_client: 'incorrect_client_credentials',
  invalid_grant: 'bad_verification_code',
};

const help =
  'https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors';

/** Every error comes with HTTP 200 (R217). */
export function refuse(reply: FastifyReply, refusal: OAuthRefusal, request: FastifyRequest): FastifyReply {
  const error = names[refusal.error] ?? refusal.error;
  const body = { error, error_description: refusal.message, error_uri: help };
  return sendTokens(reply.code(200).header('cache-control', 'no-store'), request, body);
}
