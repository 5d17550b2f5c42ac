import type { FastifyReply } from 'fastify';

/** `__Host-`: no other host or path can set it; browsers take it from http://localhost too. @see RFC 6265bis §4.1.3 */
const NAME = '__Host-linkbroker_admin';
const SECRET = /^[A-Za-z0-9_-]{43}$/;
/** Strict: no other site's link or form brings the session along. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** The session's secret out of a cookie header, if it holds one of the right shape. */
export const readSessionSecret = (cookies: string | undefined): string | undefined => readSecret(cookies, NAME);

function readSecret(cookies: string | undefined, wanted: string): string | undefined {
  for (const pair of (cookies ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === wanted && value !== undefined && SECRET.test(value)) return value;
  }
  return undefined;
}

/** Gives the browser its session. It ends with the browser at the latest; the store ends it earlier. */
export function writeSessionCookie(reply: FastifyReply, secret: string): void {
  reply.header('set-cookie', `${NAME}=${secret}; ${ATTRIBUTES}`);
}

/** Ties a trip to a provider to the browser in which it began. */
const HOP_NAME = '__Host-linkbroker_admin_hop';
const HOP_SECONDS = 600;

export const readHopSecret = (cookies: string | undefined): string | undefined => readSecret(cookies, HOP_NAME);

export function writeHopCookie(reply: FastifyReply, secret: string): void {
  reply.header('set-cookie', `${HOP_NAME}=${secret}; Max-Age=${String(HOP_SECONDS)}; ${ATTRIBUTES}`);
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.header('set-cookie', `${NAME}=; Max-Age=0; ${ATTRIBUTES}`);
}
