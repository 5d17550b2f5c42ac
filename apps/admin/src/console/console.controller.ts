import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import { API_PREFIX } from '../http/api-endpoint.js';
import { ApiProblem, notFound } from '../http/problem.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { consolePolicy, pageWithNonce } from './console-policy.js';
import type { ConsoleFile } from './read-console.js';

/** Addresses that are never a page of the console: what is not there is not there. */
const NO_PAGE = new RegExp(`^/(?:${API_PREFIX.split('/')[0] ?? ''}|health|metrics|assets)(?:/|$)|\\.[a-z0-9]{1,8}$`);
const YEAR_SECONDS = 31_536_000;
const HOUR_SECONDS = 3_600;

/** The console: its files as they are, and its page at every other address, which its own router then reads. */
@Controller()
export class ConsoleController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: Pick<AdminNeeds, 'console'>) {}

  @Get('*')
  send(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const built = this.needs.console;
    const path = request.url.split('?', 1)[0] ?? '/';
    const file = built?.files.get(path);
    if (file) {
      sendFile(request, reply, file);
      return;
    }
    if (NO_PAGE.test(path)) throw notFound('There is nothing at this address.');
    if (!built) throw new ApiProblem(503, 'Not available', 'The console was not built: npx nx build console.');
    const nonce = randomBytes(16).toString('base64');
    reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', consolePolicy(nonce))
      .send(pageWithNonce(built.page, nonce));
  }
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile): void {
  const { type, body, gzipped, immutable } = file;
  const packed = gzipped && takesGzip(request.headers['accept-encoding']) ? gzipped : undefined;
  reply
    .header('content-type', type)
    .header(
      'cache-control',
      immutable ? `public, max-age=${String(YEAR_SECONDS)}, immutable` : `public, max-age=${String(HOUR_SECONDS)}`,
    )
    .header('vary', 'accept-encoding');
  if (packed) reply.header('content-encoding', 'gzip');
  reply.send(packed ?? body);
}

/** @see RFC 9110 §12.5.3 */
const takesGzip = (header: string | undefined): boolean =>
  (header ?? '').split(',').some((one) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(one));
