import type { TraceEvent } from '@linkbroker/contracts';
import type { RequestFacts } from '@linkbroker/linking';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** What a request leaves for its one log line. */
export interface RequestContext {
  /** `performance.now()` at arrival: every deadline counts from here. */
  readonly startedAt: number;
  /** Whether the broker's public address is https. */
  readonly secure: boolean;
  outcome: string;
  facts: RequestFacts & { readonly reference?: string };
  /** What a token request said and was answered, redacted, where that explains something. */
  data?: TraceEvent['data'];
}

const CONTEXT = Symbol('context');
type InContext = FastifyRequest & { [CONTEXT]?: RequestContext };

/** Gives every request a place for its context. */
export function prepareContexts(fastify: FastifyInstance): void {
  fastify.decorateRequest(CONTEXT);
}

/** Begins a request's context. */
export function openContext(request: InContext, secure: boolean): void {
  request[CONTEXT] = { startedAt: performance.now(), secure, outcome: 'answered', facts: {} };
}

/** The context of a request being served. */
export function contextOf(request: InContext): RequestContext {
  const context = request[CONTEXT];
  if (!context) throw new Error('request without a context');
  return context;
}
