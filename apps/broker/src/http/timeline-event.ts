import { platformOf } from '@linkbroker/alexa';
import type { TraceEvent } from '@linkbroker/contracts';
import type { FastifyRequest } from 'fastify';
import { contextOf } from './request-context.js';

interface Answered {
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

const LONGEST_USER_AGENT = 300;

/**
 * What an answered request leaves on a timeline, beside what its flow traced: token requests with their latency, and pages
 * a household was shown, with what its app says of itself. A backend's everyday exchanges are only counted.
 */
export function timelineEventOf(request: FastifyRequest, answered: Answered): TraceEvent | undefined {
  if (answered.route === '/oauth/token') return tokenEvent(request, answered);
  const isRedirect = answered.status >= 300 && answered.status < 400;
  return isRedirect ? undefined : pageEvent(request, answered);
}

function tokenEvent(request: FastifyRequest, { status, ms }: Answered): TraceEvent | undefined {
  const { facts, outcome, data } = contextOf(request);
  const { tenantId, skillId, linkId, grantId } = facts;
  if (tenantId === undefined || outcome === 'released') return undefined;
  const ids = { tenantId, ...(skillId && { skillId }), ...(linkId && { linkId }), ...(grantId && { grantId }) };
  return { name: 'token.answered', ...ids, outcome, status, ms, ...(data && { data }) };
}

function pageEvent(request: FastifyRequest, { status, ms }: Answered): TraceEvent | undefined {
  const { facts, outcome } = contextOf(request);
  const { tenantId, skillId, reference } = facts;
  if (tenantId === undefined || reference === undefined) return undefined;
  const userAgent = request.headers['user-agent']?.slice(0, LONGEST_USER_AGENT);
  const data = { method: request.method, userAgent: userAgent ?? null, platform: platformOf(userAgent) };
  return { name: 'page.shown', tenantId, ...(skillId && { skillId }), reference, outcome, status, ms, data };
}
