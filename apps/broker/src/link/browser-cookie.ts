import type { FastifyReply, FastifyRequest } from 'fastify';

/** `__Host-`: no other host or path can set it. One per browser, shared by parallel attempts. @see RFC 6265bis §4.1.3 */
const NAME = '__Host-linkbroker';
/** Seconds; longer than any attempt lives. */
const MAX_AGE = 3_600;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** The browser's secret, if it brought one of the right shape. */
export function readBrowserSecret(request: FastifyRequest): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === NAME && value !== undefined && SECRET.test(value)) return value;
  }
  return undefined;
}

/** Gives the browser its secret, or renews the one it has. Lax, because the upstream's redirect comes from elsewhere. */
export function writeBrowserSecret(reply: FastifyReply, secret: string): void {
  reply.header('set-cookie', `${NAME}=${secret}; Max-Age=${String(MAX_AGE)}; Path=/; Secure; HttpOnly; SameSite=Lax`);
}
