import { noteSecret } from '@linkbroker/testing';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const CLIENT_SECRET = noteSecret('client secret of a target', 'a-client-secret-of-the-target');
export const PASSWORD_OF_TARGET = noteSecret('password of a target', 'a-password-of-the-target');

/** A server to be looked at: it signs in whoever knows the password, and gives tokens for codes. */
export interface AuthorizationServer {
  readonly url: string;
  /** Holds every answer of the token address until this is called. */
  readonly hold: () => () => void;
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  const asked: string[] = [];
  let held: Promise<void> = Promise.resolve();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    asked.push(`${request.method ?? ''} ${url.pathname}`);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      if (url.pathname === '/token') {
        void held.then(() =>
          response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(tokens()),
        );
      } else if (request.method === 'POST' && form.get('password') === PASSWORD_OF_TARGET) {
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        back.search = String(new URLSearchParams({ code: secret('code'), state: url.searchParams.get('state') ?? '' }));
        response.writeHead(303, { location: back.href }).end();
      } else response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${String((server.address() as AddressInfo).port)}`,
    asked,
    hold: () => {
      let release = (): void => undefined;
      held = new Promise((resolve) => (release = resolve));
      return () => release();
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const PAGE = `<!doctype html><meta name="viewport" content="width=device-width"><title>Sign in</title>
<form method="post"><input name="password" type="password"><button>Sign in</button></form>`;

const secret = (what: string): string => noteSecret(what, randomBytes(16).toString('hex'));

const tokens = (): string =>
  JSON.stringify({
    ...{ access_token: secret('access token'), refresh_token: secret('refresh token') },
    ...{ token_type: 'bearer', expires_in: 3_600 },
  });
