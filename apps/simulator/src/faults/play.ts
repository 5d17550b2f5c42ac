import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Fault, Faults } from './faults.js';
import type { FaultTarget } from './targets.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Under which name faults can be switched on for this route. */
    fault?: FaultTarget;
  }
}

type Wait = (ms: number) => Promise<void>;

/** Faults that let the request be carried out: they bend time, or spoil the answer afterwards. */
const struck = new WeakMap<FastifyRequest, Fault>();

/** Seconds by which a `clock-skew` fault shifts this request's clock; 0 without one. */
export function skewSeconds(request: FastifyRequest): number {
  const fault = struck.get(request);
  return fault?.kind === 'clock-skew' ? fault.value : 0;
}

function cutConnection(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
}

const twoMegabytes = 2 * 1024 * 1024;
const badGateway = '<html><body>Bad gateway</body></html>';

async function playGarbage(fault: Fault & { kind: 'garbage' }, reply: FastifyReply): Promise<boolean> {
  switch (fault.as ?? 'html') {
    case 'html':
      await reply.type('text/html; charset=utf-8').send(fault.value ?? badGateway);
      return true;
    case 'large':
      await reply.type('application/json; charset=utf-8').send(`{"padding":"${'x'.repeat(twoMegabytes)}"}`);
      return true;
    case 'truncated':
    case 'wrong-type':
      return false;
  }
}

/** Plays a fault. @returns whether the request is dealt with, so that it is not carried out */
async function play(fault: Fault, reply: FastifyReply, wait: Wait): Promise<boolean> {
  switch (fault.kind) {
    case 'delay':
      await wait(fault.value);
      return false;
    case 'hang':
      reply.hijack();
      return true;
    case 'reset':
      cutConnection(reply);
      return true;
    case 'status':
      if (fault.retryAfter !== undefined) reply.header('retry-after', String(fault.retryAfter));
      await reply.code(fault.value).send({ error: 'server_error', error_description: 'a simulated fault' });
      return true;
    case 'garbage':
      return playGarbage(fault, reply);
    case 'reset-after-processing':
    case 'clock-skew':
      return false;
  }
}

/** What becomes of the true answer. */
function spoil(fault: Fault | undefined, reply: FastifyReply, payload: unknown): unknown {
  if (fault?.kind !== 'garbage') return payload;
  if (fault.as === 'wrong-type') reply.header('content-type', 'text/html; charset=utf-8');
  const cut = fault.as === 'truncated' && typeof payload === 'string';
  return cut ? payload.slice(0, Math.floor(payload.length / 2)) : payload;
}

/** Lets faults strike the routes that carry a fault name. */
export function playFaults(server: FastifyInstance, faults: Faults, wait: Wait): void {
  server.addHook('preHandler', async (request, reply) => {
    const name = request.routeOptions.config.fault;
    const fault = name && faults.next(name);
    if (!fault) return undefined;
    if (await play(fault, reply, wait)) return reply;
    struck.set(request, fault);
    return undefined;
  });
  server.addHook('onSend', (request, reply, payload, done) => {
    const fault = struck.get(request);
    // The answer is ready and stays here: without `done` it is never sent.
    if (fault?.kind === 'reset-after-processing') cutConnection(reply);
    else done(null, spoil(fault, reply, payload));
  });
}
