import type { FastifyReply } from 'fastify';
import type { ZodError } from 'zod';

/** 400 that names the first member of a body that does not fit. */
export function sendInvalid(reply: FastifyReply, error: ZodError): FastifyReply {
  const issue = error.issues[0];
  return reply.code(400).send({ error: `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}` });
}
