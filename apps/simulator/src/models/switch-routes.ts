import type { FastifyInstance, FastifyReply } from 'fastify';
import { z, ZodError } from 'zod';
import { onlyLoopback } from '../http/only-loopback.js';
import { sendInvalid } from '../http/send-invalid.js';
import { registrationSchema, UnfitClient } from './clients.js';
import type { Model, ModelName } from './model.js';
import type { Models } from './models.js';

const clockSchema = z.strictObject({ offsetSeconds: z.int().min(-4_000_000_000).max(4_000_000_000) });

interface OfModel {
  Params: { model: string; clientId: string };
}

/** What a model has; secrets of clients stay inside. */
function describe(model: Model): object {
  const { offsetSeconds } = model;
  return {
    clients: model.clients.list().map(({ clientId }) => clientId),
    clock: { offsetSeconds },
    ...model.counters(),
  };
}

function register(model: Model, clientId: string, body: unknown, reply: FastifyReply): FastifyReply {
  try {
    model.clients.register({ clientId, ...registrationSchema.parse(body) });
    return reply.code(201).send({ clientId });
  } catch (error) {
    if (error instanceof ZodError) return sendInvalid(reply, error);
    if (error instanceof UnfitClient) return reply.code(400).send({ error: error.message });
    throw error;
  }
}

function moveClock(model: Model, body: unknown, reply: FastifyReply): FastifyReply {
  const parsed = clockSchema.safeParse(body);
  if (!parsed.success) return sendInvalid(reply, parsed.error);
  model.setClock(parsed.data.offsetSeconds);
  return reply.send(parsed.data);
}

/** `/_models/{model}`: clients, clock and counters, for processes on this machine only. */
export function switchRoutes(server: FastifyInstance, models: Models): void {
  type Handle = (model: Model, body: unknown, reply: FastifyReply, clientId: string) => FastifyReply;
  const route = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, handle: Handle) => {
    server.route<OfModel>({
      method,
      url: `/_models/:model${path}`,
      onRequest: onlyLoopback,
      handler: (request, reply) => {
        const { model: name, clientId } = request.params;
        if (!Object.hasOwn(models, name)) return reply.code(404).send({ error: 'there is no such model' });
        return handle(models[name as ModelName], request.body, reply, clientId);
      },
    });
  };
  route('GET', '', (model, _body, reply) => reply.send(describe(model)));
  route('GET', '/counters', (model, _body, reply) => reply.send(model.counters()));
  route('PUT', '/clients/:clientId', (model, body, reply, clientId) => register(model, clientId, body, reply));
  route('POST', '/clock', moveClock);
  route('DELETE', '', (model, _body, reply) => {
    model.reset();
    return reply.code(204).send();
  });
}
