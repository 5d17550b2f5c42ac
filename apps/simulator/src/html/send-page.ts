import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Html } from './html.js';

/**
 * No `form-action` here on purpose: browsers apply it to the redirects that follow a form, and a sign-in form's redirects
 * lead through the broker to whatever redirect URI the skill has (R40).
 */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

export interface PageOptions {
  /** The one inline script that the page holds, to the letter; without it scripts do not run. */
  readonly script?: string;
  readonly referrerPolicy?: 'same-origin' | 'strict-origin';
}

const allowScript = (script: string): string =>
  `; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** Sends a page; pages hold tokens' beginnings and other people's choices, so nothing may keep a copy. */
export function sendPage(reply: FastifyReply, status: number, page: Html, options: PageOptions = {}): FastifyReply {
  const scripts = options.script === undefined ? '' : allowScript(options.script);
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', contentSecurityPolicy + scripts)
    .header('referrer-policy', options.referrerPolicy ?? 'same-origin')
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store')
    .send(`<!doctype html>\n${page.text}`);
}
