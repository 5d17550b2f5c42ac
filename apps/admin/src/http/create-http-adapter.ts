import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { badRequest, toProblem, writeProblem } from './problem.js';

interface HttpOptions {
  /** Addresses of proxies whose word about the caller's address is taken, separated by commas. */
  readonly trustedProxies: string;
  /** Whether the app is reached by https. */
  readonly secure: boolean;
  /** Milliseconds after which a request is told that no store answers. */
  readonly answerWithinMs?: number;
}

/** Octets of a body: a tenant's whole configuration with its pictures. */
const BODY_LIMIT = 1_048_576;
const REQUEST_TIMEOUT_MS = 30_000;
const ANSWER_WITHIN_MS = 12_000;
const YEAR_SECONDS = 31_536_000;

/** Fastify with strict headers on every answer. Pages add a policy of their own. */
export function createHttpAdapter({
  trustedProxies,
  secure,
  answerWithinMs = ANSWER_WITHIN_MS,
}: HttpOptions): FastifyAdapter {
  const proxies = trustedProxies.split(',').flatMap((entry) => entry.trim() || []);
  const adapter = new FastifyAdapter({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // A body that never comes is given up then, and not with the next of node's own half-minutes.
    http: { connectionsCheckingInterval: 1_000 },
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 512 },
    trustProxy: proxies.length > 0 && proxies,
    // An address that cannot be read has no route, and with it no filter of ours; it is not repeated.
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) => {
      writeProblem(reply, badRequest('The address cannot be read.'));
    },
  });
  adapter.getInstance<FastifyInstance>().addHook('onRequest', (_request, reply, done) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      ...(secure && { 'strict-transport-security': `max-age=${String(YEAR_SECONDS)}` }),
    });
    answerInTime(reply, answerWithinMs);
    done();
  });
  return adapter;
}

/** A store that stands still leaves requests waiting: they are told so, and what it answers later goes nowhere. */
function answerInTime(reply: FastifyReply, withinMs: number): void {
  const timer = setTimeout(() => {
    if (!reply.sent) writeProblem(reply, toProblem(new Error('no answer in time')));
  }, withinMs);
  reply.raw.once('close', () => clearTimeout(timer));
}
