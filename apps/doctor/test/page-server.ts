import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CERTIFICATE, KEY } from './certificate.js';
import { REDIRECT_URI } from './provider.js';

/** A sign-in of one page with one button, and what is special about it. */
export interface Page {
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly secure?: boolean;
}

/** Serves that page, and sends whoever presses the button back to Alexa. */
export async function servePage({ html = '', headers = {}, secure = false }: Page) {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method === 'POST') {
      response.writeHead(303, { location: `${REDIRECT_URI}?code=one&state=x` }).end();
      return;
    }
    if (!/^\/(\?|$)/.test(request.url ?? '')) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html', ...headers });
    response.end(
      `<!doctype html><meta name="viewport" content="width=device-width"><form method="post"><button>Sign in</button></form>${html}`,
    );
  };
  const server = secure ? createSecureServer({ cert: CERTIFICATE, key: KEY }, answer) : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `${secure ? 'https' : 'http'}://localhost:${(server.address() as AddressInfo).port}/`;
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { url, close };
}
