import { request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** A proxy on this machine through which everything goes, and who may. */
export interface ProxyAccess {
  readonly port: number;
  /** `name:password` */
  readonly credential: string;
}

/** The proxy did not connect. Its reason names the host and nothing that was sent. */
export class TunnelRefused extends Error {
  constructor(
    reason: string,
    /** Whether nobody may go there; else nobody answered. */
    readonly byPolicy: boolean,
  ) {
    super(byPolicy ? `this run may not go there: ${reason}` : `no connection, or it broke (${reason})`);
  }
}

/**
 * A connection to somewhere by way of the proxy, which looks the name up and judges where it leads.
 * @throws TunnelRefused, or the error of a socket
 * @see RFC 9110 §9.3.6
 */
export function openTunnel(
  { port, credential }: ProxyAccess,
  place: { readonly host: string; readonly port: number },
  signal?: AbortSignal,
): Promise<Socket> {
  const authority = `${place.host}:${String(place.port)}`;
  const headers = { Host: authority, 'Proxy-Authorization': `Basic ${Buffer.from(credential).toString('base64')}` };
  return new Promise((resolve, reject) => {
    const asked = request({
      ...{ host: '127.0.0.1', port, method: 'CONNECT', path: authority, headers, agent: false },
      ...(signal && { signal }),
    });
    asked.once('error', reject);
    asked.once('connect', ({ statusCode, headers: answer }: IncomingMessage, socket: Socket) => {
      if (statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new TunnelRefused(String(answer['x-reason'] ?? `HTTP ${String(statusCode)}`), statusCode === 403));
    });
    asked.end();
  });
}
