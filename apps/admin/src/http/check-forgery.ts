import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Principal } from '../sign-in/caller.js';
import { forbidden } from './problem.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site made a browser send: a changing request must come from our own pages, and one with a
 * session's cookie carries the session's token besides. Clients that send neither header are no browsers.
 * @throws ApiProblem 403
 */
export function checkForgery(adminUrl: string, request: FastifyRequest, principal: Principal | undefined): void {
  if (READS.has(request.method)) return;
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin !== undefined && origin !== adminUrl) throw forbidden('This request comes from another site.');
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw forbidden('This request comes from another site.');
  if (principal?.kind !== 'person') return;
  const presented = request.headers['x-csrf-token'];
  if (typeof presented === 'string' && same(presented, principal.csrf)) return;
  throw forbidden('The request lacks the x-csrf-token of its session (GET /session tells it).');
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));
