import type { TraceEvent } from '@linkbroker/contracts';
import { OAuthError } from '@linkbroker/protocol';
import type { Logger, Metrics } from '@linkbroker/telemetry';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { JsonBody } from './json-body.js';
import { contextOf, openContext, prepareContexts } from './request-context.js';
import { timelineEventOf } from './timeline-event.js';
import { writeOAuthError } from './write-oauth.js';

/** Bytes of a request body; Alexa's token requests stay below two kilobytes. */
const BODY_LIMIT = 32 * 1024;
/** Bytes of an event that a skill's server sends: a report of 300 endpoints. */
const JSON_LIMIT = 256 * 1024;
/** Milliseconds for a whole request to arrive. */
const REQUEST_TIMEOUT_MS = 10_000;

export interface HttpOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Puts what was answered on the timeline of whom it was about. */
  readonly record: (event: TraceEvent) => void;
  readonly trustedProxies: string;
  readonly secure: boolean;
}

/** Fastify with raw form bodies, one log line and one measurement per request, and strict headers on every answer. */
export function createHttpAdapter(options: HttpOptions): FastifyAdapter {
  const proxies = options.trustedProxies
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const adapter = new FastifyAdapter({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { connectionsCheckingInterval: 1_000 },
    frameworkErrors: (error: { statusCode?: number }, _request: unknown, reply: FastifyReply) => {
      answerUnreadable(reply, error.statusCode ?? 400, options.secure);
    },
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    // A request that still arrives on an open connection is served like any other; Fastify's own 503 is not ours.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 512 },
    trustProxy: proxies.length > 0 ? proxies : false,
    genReqId: requestIds(),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  readBodiesRaw(fastify);
  prepareContexts(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    openContext(request, options.secure);
    setStrictHeaders(reply, options.secure);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    record(options, request, reply);
    done();
  });
  return adapter;
}

/** An address that cannot be read has no route, and with it no filter of ours; it is not repeated. */
function answerUnreadable(reply: FastifyReply, status: number, secure: boolean): void {
  setStrictHeaders(reply, secure);
  const error = new OAuthError('invalid_request', 'The address cannot be read.', { status });
  writeOAuthError(reply, error);
}

/** Ids that tell requests apart in the log and are nothing to guess: a random prefix per process, and a count. */
function requestIds(): () => string {
  const prefix = randomBytes(6).toString('base64url');
  let count = 0;
  return () => `${prefix}-${(count += 1).toString(36)}`;
}

/** Forms and JSON stay text, because one parameter must survive byte for byte; nothing else is read. */
function readBodiesRaw(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: JSON_LIMIT },
    (_request, body, done) => {
      done(null, { json: String(body) } satisfies JsonBody);
    },
  );
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => {
    done(null, undefined);
  });
}

function setStrictHeaders(reply: FastifyReply, secure: boolean): void {
  reply.header('x-content-type-options', 'nosniff');
  reply.header('referrer-policy', 'same-origin');
  reply.header('cache-control', 'no-store');
  reply.header('pragma', 'no-cache');
  if (secure) reply.header('strict-transport-security', 'max-age=31536000');
}

function record({ logger, metrics, record: put }: HttpOptions, request: FastifyRequest, reply: FastifyReply): void {
  const { startedAt, outcome, facts } = contextOf(request);
  const elapsed = performance.now() - startedAt;
  const route = request.routeOptions.url ?? 'unmatched';
  metrics.countRequest(route, reply.statusCode, outcome, elapsed / 1000);
  if (route.startsWith('/health/')) return;
  const ms = Math.round(elapsed * 10) / 10;
  const event = timelineEventOf(request, { route, status: reply.statusCode, ms });
  if (event) put(event);
  logger.info(
    { requestId: request.id, method: request.method, route, status: reply.statusCode, ms, outcome, ...facts },
    'request',
  );
}
