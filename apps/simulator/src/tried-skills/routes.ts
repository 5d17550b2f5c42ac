import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { sendInvalid } from '../http/send-invalid.js';
import { skillSchema } from '../skills.js';
import type { TriedSkills } from './tried-skills.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** `POST /_skills`: takes a skill from whoever has the key. */
export function triedSkillRoutes(server: FastifyInstance, tried: TriedSkills, key: string): void {
  const expected = digest(`Bearer ${key}`);
  const isKnown = ({ headers }: FastifyRequest): boolean =>
    timingSafeEqual(digest(headers.authorization ?? ''), expected);
  server.post('/_skills', (request, reply) => {
    if (!isKnown(request)) return reply.code(401).send({ error: 'the key is needed' });
    const parsed = skillSchema.safeParse(request.body);
    if (!parsed.success) return sendInvalid(reply, parsed.error);
    tried.take(parsed.data);
    return reply.code(201).send({ clientId: parsed.data.clientId });
  });
}
