import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { onlyLoopback } from '../http/only-loopback.js';
import { sendInvalid } from '../http/send-invalid.js';
import type { Skill } from '../skills.js';
import { skillEventFaults, type SkillEvents } from './skill-events.js';

const fault = z.enum(skillEventFaults);
const faultSchema = z.strictObject({ fault });
const eventSchema = z.strictObject({
  clientId: z.string(),
  name: z.string().regex(/^\w{1,100}$/),
  userId: z.string().min(1).max(512),
  accessToken: z.string().max(4_096).optional(),
  requestId: z.string().min(1).max(200).optional(),
  happenedAt: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional(),
  fault: fault.optional(),
});

/**
 * The certificates that events are signed with, where Amazon keeps its own, and below `/_amazon` the authority behind them
 * and the switches, for processes on this machine only.
 */
export function skillEventRoutes(server: FastifyInstance, events: SkillEvents, skills: () => readonly Skill[]): void {
  const pem = 'application/x-pem-file';
  server.get<{ Params: { file: string } }>('/echo.api/:file', async (request, reply) => {
    const chain = await events.authority.chainOf(request.params.file);
    return chain === undefined ? reply.code(404).send({ error: 'there is no such file' }) : reply.type(pem).send(chain);
  });
  const onRequest = onlyLoopback;
  server.get('/_amazon/skill-event-ca', { onRequest }, async (_request, reply) =>
    reply.type(pem).send(await events.authority.certificate()),
  );
  server.post('/_amazon/skill-events', { onRequest }, async (request, reply) => {
    const parsed = eventSchema.safeParse(request.body);
    if (!parsed.success) return sendInvalid(reply, parsed.error);
    const { clientId, ...event } = parsed.data;
    const skill = skills().find((known) => known.clientId === clientId);
    if (!skill?.skillId) return reply.code(404).send({ error: 'there is no such skill with a skillId' });
    const { status, exchange } = await events.send(skill, event);
    return reply.send({ status, answer: exchange.answer });
  });
  server.post('/_amazon/skill-event-faults', { onRequest }, (request, reply) => {
    const parsed = faultSchema.safeParse(request.body);
    if (!parsed.success) return sendInvalid(reply, parsed.error);
    events.faults.push(parsed.data.fault);
    return reply.code(201).send(parsed.data);
  });
}
