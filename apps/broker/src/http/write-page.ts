import { supportReference } from '@linkbroker/protocol';
import {
  contentSecurityPolicy,
  pickLanguage,
  renderMessagePage,
  type Language,
  type MessageAction,
  type Page,
} from '@linkbroker/ui';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageMessage } from './page-message.js';
import { contextOf } from './request-context.js';

/** Characters of an address that a page repeats; the page has to stay small. */
const LONGEST_RELOAD = 8_192;

export const languageOf = (request: FastifyRequest): Language => pickLanguage(request.headers['accept-language']);

/** Sends a page with the headers every page has. */
export function writePage(request: FastifyRequest, reply: FastifyReply, status: number, page: Page): void {
  reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', contentSecurityPolicy(page, contextOf(request).secure))
    .header('x-frame-options', 'DENY')
    .header('vary', 'accept-language, user-agent')
    .send(page.markup);
}

/** Sends the page of a {@link PageMessage}, with a reference that is also in the log. */
export function writeMessage(request: FastifyRequest, reply: FastifyReply, page: PageMessage): void {
  const reference = page.reference ?? supportReference(request.id);
  const context = contextOf(request);
  context.outcome = page.key;
  context.facts = { ...context.facts, reference };
  if (page.status === 503) reply.header('retry-after', '5');
  const action = page.action ?? (page.status === 503 ? reloadOf(request) : undefined);
  const language = languageOf(request);
  writePage(request, reply, page.status, renderMessagePage({ language, message: page.key, reference, action }));
}

/** What can be tried again without doing anything twice: the address of a GET, or the page whose button was pressed. */
function reloadOf({ method, url }: FastifyRequest): MessageAction | undefined {
  const path = method === 'GET' ? url : /^\/link\/[\w-]{22}(?=\/|$)/.exec(url)?.[0];
  return path === undefined || path.length > LONGEST_RELOAD ? undefined : { path, label: 'reload' };
}
