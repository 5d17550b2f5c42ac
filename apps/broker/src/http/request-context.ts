import type { TraceEvent } from '@linkbroker/contracts';
import type { RequestFacts } from '@linkbroker/linking';
import type { FastifyRequest } from 'fastify';

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

const contexts = new WeakMap<FastifyRequest, RequestContext>();

/** Begins a request's context. */
export function openContext(request: FastifyRequest, secure: boolean): void {
  contexts.set(request, { startedAt: performance.now(), secure, outcome: 'answered', facts: {} });
}

/** The context of a request being served. */
export function contextOf(request: FastifyRequest): RequestContext {
  const context = contexts.get(request);
  if (!context) throw new Error('request without a context');
  return context;
}
