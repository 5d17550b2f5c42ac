import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { AddressPolicy } from '../src/address-policy.js';
import { Egress, type EgressOptions, type OutboundRequest } from '../src/egress.js';

const closers: (() => Promise<unknown>)[] = [];

/** Ends what a test has opened; for `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(closers.splice(0).map((close) => close()));
}

/** Has something ended when the test is over. */
export const closeLater = (close: () => Promise<unknown>): void => void closers.push(close);

async function listen(server: TcpServer): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
  });
  closers.push(() => {
    for (const socket of open) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server of ours on loopback; `seen` is every request that reached it. */
export async function serve(listener: RequestListener, server: Server = createServer()) {
  const seen: IncomingMessage[] = [];
  server.on('request', (request, response) => {
    seen.push(request);
    listener(request, response);
  });
  const port = await listen(server);
  return { port, seen, server, url: `http://127.0.0.1:${port}` };
}

/**
 * A server without HTTP: `behave` gets each whole request of a connection (the tests' bodies end in `.`, a request
 * without a body with its empty line), and its number. `lines` are the request lines that arrived, in order.
 */
export async function serveRaw(behave: (socket: Socket, count: number) => void) {
  const lines: string[] = [];
  const server = createTcpServer((socket) => {
    let pending = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      pending += chunk;
      if (!/\r\n\r\n(?:[^]*\.)?$/.test(pending)) return;
      if (pending.startsWith('POST') && !pending.endsWith('.')) return;
      lines.push(pending.slice(0, pending.indexOf('\r\n')));
      pending = '';
      behave(socket, lines.length);
    });
  });
  const port = await listen(server);
  return { port, lines, server, url: `http://127.0.0.1:${port}` };
}

export function way(allow = '127.0.0.0/8', options: EgressOptions = {}): Egress {
  const egress = new Egress(new AddressPolicy(allow), options);
  closers.push(() => egress.close());
  return egress;
}

export const get = (url: string, changes: Partial<OutboundRequest> = {}): OutboundRequest => ({
  method: 'GET',
  url,
  purpose: 'upstream',
  deadline: performance.now() + 10_000,
  ...changes,
});

export const post = (url: string, changes: Partial<OutboundRequest> = {}): OutboundRequest =>
  get(url, { method: 'POST', body: 'grant_type=refresh_token.', ...changes });
