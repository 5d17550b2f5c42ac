import type { FastifyReply } from 'fastify';

/** A protocol error of the simulated provider, as RFC 6749 §5.2 has it. */
export class OAuthRefusal extends Error {
  constructor(
    readonly error: string,
    description: string,
    readonly status = 400,
  ) {
    super(description);
  }
}

export function sendRefusal(reply: FastifyReply, refusal: OAuthRefusal, realm = 'Acme Home'): FastifyReply {
  if (refusal.status === 401) reply.header('www-authenticate', `Basic realm="${realm}"`);
  return reply
    .code(refusal.status)
    .header('cache-control', 'no-store')
    .send({ error: refusal.error, error_description: refusal.message });
}
