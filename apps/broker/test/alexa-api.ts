import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AlexaCall {
  readonly region: string;
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

type Reply = readonly [status: number, body: unknown] | 'no answer';

/** Alexa's API in three regions: what it is asked, and what it answers. */
export interface AlexaApi {
  readonly url: string;
  /** For the broker's environment. */
  readonly variables: Readonly<Record<string, string>>;
  readonly calls: AlexaCall[];
  /** Answers a call; discovery names Europe unless this says otherwise. */
  answer: (call: AlexaCall) => Reply | undefined | Promise<Reply | undefined>;
  close(): Promise<void>;
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}

export async function startAlexaApi(): Promise<AlexaApi> {
  const calls: AlexaCall[] = [];
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const api: AlexaApi = {
    url,
    calls,
    variables: Object.fromEntries(
      ['na', 'eu', 'fe'].map((name) => [`ALEXA_API_${name.toUpperCase()}`, `${url}/${name}`]),
    ),
    answer: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, region = '', ...path] = (request.url ?? '').split('/');
    const { method = '', headers } = request;
    const call = {
      region,
      method,
      path: `/${path.join('/')}`,
      authorization: headers.authorization,
      body: await read(request),
    };
    calls.push(call);
    const usual: Reply = call.path === '/v1/alexaApiEndpoint' ? [200, { endpoints: [`${url}/eu`] }] : [404, {}];
    const reply = (await api.answer(call)) ?? usual;
    if (reply === 'no answer') return;
    response.writeHead(reply[0], { 'content-type': 'application/json' }).end(JSON.stringify(reply[1]));
  }
  return api;
}
