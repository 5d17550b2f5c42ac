import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { faultSchema, type Fault, type Faults, type FaultTarget } from './faults.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Under which name faults can be switched on for this route. */
    fault?: FaultTarget;
  }
}

/** Plays a fault. @returns whether the request is dealt with (a delay only comes before the real answer) */
async function play(fault: Fault, reply: FastifyReply, wait: (ms: number) => Promise<void>): Promise<boolean> {
  switch (fault.kind) {
    case 'delay':
      await wait(fault.value);
      return false;
    case 'hang':
      reply.hijack();
      return true;
    case 'reset':
      reply.hijack();
      reply.raw.socket?.resetAndDestroy();
      return true;
    case 'status':
      await reply.code(fault.value).send({ error: 'server_error', error_description: 'a simulated fault' });
      return true;
    case 'garbage':
      await reply.type('text/html; charset=utf-8').send(fault.value ?? '<html><body>Bad gateway</body></html>');
      return true;
  }
}

/** Lets faults strike before the routes that carry a fault name. */
export function playFaults(server: FastifyInstance, faults: Faults, wait: (ms: number) => Promise<void>): void {
  server.addHook('preHandler', async (request, reply) => {
    const name = request.routeOptions.config.fault;
    const fault = name && faults.next(name);
    return fault && (await play(fault, reply, wait)) ? reply : undefined;
  });
}

const loopback = /^(127\.|::1$|::ffff:127\.)/;

/** `POST`, `GET` and `DELETE /faults`, for processes on this machine only. */
export function faultRoutes(server: FastifyInstance, faults: Faults): void {
  const onlyLoopback = async (request: FastifyRequest, reply: FastifyReply) => {
    if (loopback.test(request.socket.remoteAddress ?? '')) return undefined;
    return reply.code(403).send({ error: 'faults are switched from this machine only' });
  };
  server.get('/faults', { onRequest: onlyLoopback }, () => ({ faults: faults.list() }));
  server.post('/faults', { onRequest: onlyLoopback }, (request, reply) => {
    const parsed = faultSchema.safeParse(request.body);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return reply.code(400).send({ error: `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}` });
    }
    faults.add(parsed.data);
    return reply.code(201).send({ faults: faults.list() });
  });
  server.delete('/faults', { onRequest: onlyLoopback }, (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
}
