import type { FastifyReply, FastifyRequest } from 'fastify';

const loopback = /^(127\.|::1$|::ffff:127\.)/;

/** Guards the switches of the simulator: only processes on this machine may use them. */
export async function onlyLoopback(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  if (loopback.test(request.socket.remoteAddress ?? '')) return undefined;
  return reply.code(403).send({ error: 'faults and models are switched from this machine only' });
}
