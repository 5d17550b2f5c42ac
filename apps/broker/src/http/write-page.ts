import { supportReference } from '@linkbroker/protocol';
import { pickLanguage, renderMessagePage, STYLE_HASH, type Language } from '@linkbroker/ui';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageMessage } from './page-message.js';
import { contextOf } from './request-context.js';

/**
 * `form-action` also judges the redirects that follow a form's POST (Chrome), and a link's chain leads over the
 * provider's hosts and back to Amazon's, which only the provider knows: any https host, and http where we are http.
 * @see R40
 */
function contentSecurityPolicy(secure: boolean): string {
  const formAction = secure ? "'self' https:" : "'self' https: http:";
  return `default-src 'none'; style-src ${STYLE_HASH}; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`;
}

export const languageOf = (request: FastifyRequest): Language => pickLanguage(request.headers['accept-language']);

/** Sends a page with the headers every page has. */
export function writePage(request: FastifyRequest, reply: FastifyReply, status: number, markup: string): void {
  reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', contentSecurityPolicy(contextOf(request).secure))
    .header('x-frame-options', 'DENY')
    .header('vary', 'accept-language')
    .send(markup);
}

/** Sends the page of a {@link PageMessage}, with a reference that is also in the log. */
export function writeMessage(request: FastifyRequest, reply: FastifyReply, page: PageMessage): void {
  const reference = page.reference ?? supportReference(request.id);
  const context = contextOf(request);
  context.outcome = page.key;
  context.facts = { ...context.facts, reference };
  if (page.status === 503) reply.header('retry-after', '5');
  const language = languageOf(request);
  const action = page.action ? { action: page.action } : {};
  writePage(request, reply, page.status, renderMessagePage({ language, message: page.key, reference, ...action }));
}
