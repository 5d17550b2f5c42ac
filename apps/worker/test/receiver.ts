import { watchOutput } from '@linkbroker/testing';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A tenant's server on loopback that keeps what reached it and answers as it is told to. */
export interface Receiver {
  readonly url: string;
  readonly received: ReceivedRequest[];
  /** How it answers from now on; `down` refuses connections. */
  answer(how: 'down' | ((response: ServerResponse) => void)): Promise<void>;
  close(): Promise<void>;
}

export const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end();

export async function startReceiver(): Promise<Receiver> {
  const received: ReceivedRequest[] = [];
  let respond = status(204);
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      watchOutput('requests of webhooks', `${JSON.stringify(request.headers)} ${body}\n`);
      received.push({ method: request.method ?? '', headers: request.headers as Record<string, string>, body });
      respond(response);
    });
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/events`,
    received,
    answer: async (how) => {
      if (how === 'down') return stop();
      respond = how;
      if (!server.listening) await listen(port);
    },
    close: stop,
  };
}
