import type { FastifyRequest } from 'fastify';
import { PageMessage } from '../http/page-message.js';

/**
 * Refuses a form that another site sent: otherwise it could bind a household's browser to a stranger's attempt.
 * Clients that send neither header are not browsers.
 * @throws PageMessage
 */
export function checkSameOrigin(request: FastifyRequest, publicUrl: string): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreignOrigin = origin !== undefined && origin !== publicUrl;
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (foreignOrigin || foreignSite) throw new PageMessage('bad-request', 403);
}
