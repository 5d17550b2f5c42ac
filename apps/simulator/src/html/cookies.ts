import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Cookies ignore ports, so two simulators on one machine would overwrite each other's; the port in the name keeps them
 * apart.
 */
export function cookieName(purpose: string, url: string): string {
  const { port, protocol } = new URL(url);
  return `${purpose}_${port || (protocol === 'https:' ? '443' : '80')}`;
}

export function readCookie(request: FastifyRequest, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, ...value] = pair.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}

export interface CookieOptions {
  readonly path: string;
  readonly maxAgeSeconds: number;
  readonly secure: boolean;
}

export function setCookie(reply: FastifyReply, name: string, value: string, options: CookieOptions): void {
  const secure = options.secure ? '; Secure' : '';
  const text = `${name}=${value}; Path=${options.path}; Max-Age=${options.maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
  reply.header('set-cookie', text);
}
