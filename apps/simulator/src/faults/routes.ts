import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { onlyLoopback } from '../http/only-loopback.js';
import { sendInvalid } from '../http/send-invalid.js';
import { faultSchema, type Faults } from './faults.js';
import { faultProviders } from './targets.js';

const clearQuery = z.object({ provider: z.enum(faultProviders).optional() });

/** `POST`, `GET` and `DELETE /faults` (all, or `?provider=google`), for processes on this machine only. */
export function faultRoutes(server: FastifyInstance, faults: Faults): void {
  server.get('/faults', { onRequest: onlyLoopback }, () => ({ faults: faults.list() }));
  server.post('/faults', { onRequest: onlyLoopback }, (request, reply) => {
    const parsed = faultSchema.safeParse(request.body);
    if (!parsed.success) return sendInvalid(reply, parsed.error);
    faults.add(parsed.data);
    return reply.code(201).send({ faults: faults.list() });
  });
  server.delete('/faults', { onRequest: onlyLoopback }, (request, reply) => {
    const parsed = clearQuery.safeParse(request.query);
    if (!parsed.success) return sendInvalid(reply, parsed.error);
    faults.clear(parsed.data.provider);
    return reply.code(204).send();
  });
}
