import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { onlyLoopback } from '../http/only-loopback.js';
import { sendInvalid } from '../http/send-invalid.js';
import type { Skill } from '../skills.js';
import { regions, type Amazon, type AmazonAnswer } from './amazon.js';

const largestEvent = 512 * 1024;

function write(reply: FastifyReply, { status, body, headers = {} }: AmazonAnswer): FastifyReply {
  reply.code(status).headers(headers);
  return body === undefined ? reply.send() : reply.type('application/json').send(JSON.stringify(body));
}

const codeSchema = z.strictObject({ clientId: z.string(), region: z.enum(['na', 'eu', 'fe']).optional() });
const faultSchema = z.strictObject({ status: z.int().min(400).max(599), code: z.string().max(60) });
const disableSchema = z.strictObject({ clientId: z.string() });

/**
 * Login with Amazon at `/lwa/auth/o2/token`, the gateways below `/gateway/{region}`, and at `/_amazon` what they took and
 * the switches, for processes on this machine only.
 */
export function amazonRoutes(server: FastifyInstance, amazon: Amazon, skills: () => readonly Skill[]): void {
  const config = { fault: 'lwa.token' } as const;
  server.post<{ Body: unknown }>('/lwa/auth/o2/token', { config }, (request, reply) => {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    return write(reply, amazon.answerToken(new Map(form)));
  });
  server.post<{ Params: { region: string } }>(
    '/gateway/:region/v3/events',
    { bodyLimit: largestEvent },
    (request, reply) => {
      const region = regions.find((known) => known === request.params.region);
      if (!region) return reply.code(404).send({ error: 'there is no such region' });
      return write(reply, amazon.answerEvent(region, request.headers.authorization ?? '', request.body));
    },
  );
  switches(server, amazon, skills);
}

function switches(server: FastifyInstance, amazon: Amazon, skills: () => readonly Skill[]): void {
  const onRequest = onlyLoopback;
  server.get('/_amazon', { onRequest }, () => ({ events: amazon.events }));
  server.delete('/_amazon', { onRequest }, (_request, reply) => {
    amazon.reset();
    return reply.code(204).send();
  });
  const post = <Body>(
    path: string,
    schema: z.ZodType<Body>,
    act: (body: Body, reply: FastifyReply) => FastifyReply,
  ) => {
    server.post(`/_amazon/${path}`, { onRequest }, (request, reply) => {
      const parsed = schema.safeParse(request.body);
      return parsed.success ? act(parsed.data, reply) : sendInvalid(reply, parsed.error);
    });
  };
  post('codes', codeSchema, ({ clientId, region }, reply) => {
    const skill = skills().find((known) => known.clientId === clientId);
    if (!skill?.events) return reply.code(404).send({ error: 'there is no such skill with events' });
    return reply.code(201).send({ code: amazon.issueCode(skill, region) });
  });
  post('faults', faultSchema, (fault, reply) => {
    amazon.faults.push(fault);
    return reply.code(201).send(fault);
  });
  post('disable', disableSchema, ({ clientId }, reply) => {
    const skill = skills().find((known) => known.clientId === clientId);
    amazon.disable(skill?.events?.clientId ?? '');
    return reply.code(204).send();
  });
}
