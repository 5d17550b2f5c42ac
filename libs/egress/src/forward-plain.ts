import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { PlainTarget } from './proxied-place.js';

/** These are said from one hop to the next, and the credential for the proxy is the proxy's alone. @see RFC 9110 §7.6.1 */
const HOP_BY_HOP =
  /^(?:connection|keep-alive|proxy-authenticate|proxy-authorization|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i;

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.test(name) && !named.has(name)));
}

interface Forwarded {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Connected to the address that was judged. */
  readonly upstream: Socket;
  readonly target: PlainTarget;
}

/** Passes one request on over a connection, and its answer back. Both connections end with it. */
export async function forwardPlain({ request, response, upstream, target }: Forwarded): Promise<void> {
  const headers = { ...endToEnd(request.headers), host: target.authority, connection: 'close' };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = httpRequest({
      createConnection: () => upstream,
      method: request.method ?? 'GET',
      path: target.path,
      headers,
    });
    outgoing.once('response', resolve).once('error', reject);
    response.once('close', () => upstream.destroy());
    pipeline(request, outgoing).catch(reject);
  });
  response.writeHead(answer.statusCode ?? 502, { ...endToEnd(answer.headers), connection: 'close' });
  await pipeline(answer, response);
}
