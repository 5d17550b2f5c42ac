import type { FastifyInstance } from 'fastify';
import { noteSecretsIn } from './leak-watch.js';

/** Notes the secrets of everything a server of the tests is sent and answers. To be called before it listens. */
export function watchServer(server: FastifyInstance): void {
  server.addHook('preHandler', (request, _reply, done) => {
    noteSecretsIn(request.query);
    noteSecretsIn(request.body);
    done();
  });
  server.addHook('onSend', (_request, reply, payload, done) => {
    noteSecretsIn(parametersOf(reply.getHeader('location')));
    noteSecretsIn(objectOf(payload));
    done(null, payload);
  });
}

const parametersOf = (address: unknown): URLSearchParams =>
  new URL(typeof address === 'string' ? address : '', 'http://localhost').searchParams;

function objectOf(payload: unknown): unknown {
  if (typeof payload !== 'string' || !payload.startsWith('{')) return undefined;
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
