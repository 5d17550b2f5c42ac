import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly form: URLSearchParams;
}

type Behaviour = (response: ServerResponse, asked: Asked, count: number) => unknown;

/** Answers in JSON as the broker does. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): ServerResponse {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers });
  return response.end(JSON.stringify(body));
}

export const CREDENTIALS = { clientId: 'lights backend', clientSecret: 'päss:wörd+ %' };

/** `Basic` as RFC 6749 §2.3.1 wants it, taken apart by hand. */
export function credentialsOf({ headers }: Asked): string[] {
  const [, encoded = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  const parts = Buffer.from(encoded, 'base64').toString('latin1').split(':');
  return parts.map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
}

const tokens: Record<string, readonly [number, object, Record<string, string>?]> = {
  good: [
    200,
    {
      access_token: 'upstream-of-good',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'lights',
    },
  ],
  dead: [400, { error: 'invalid_grant', error_description: 'x', link_state: 'dead' }],
  'at-risk': [400, { error: 'invalid_grant', error_description: 'x', link_state: 'at_risk' }],
  void: [400, { error: 'invalid_grant', error_description: 'x' }],
  sick: [503, { error: 'temporarily_unavailable', error_description: 'x' }, { 'retry-after': '2' }],
};

const userinfo: Behaviour = (response, { headers }) => {
  if (headers.authorization === 'Bearer good') return json(response, 200, { sub: 'link-1', name: 'Alice' });
  if (headers.authorization === 'Bearer sick') return json(response, ...tokens['sick']!);
  return json(response, 401, { error: 'invalid_token' }, { 'www-authenticate': 'Bearer realm="linkbroker"' });
};

const introspect: Behaviour = (response, { form }) => {
  if (form.get('token') !== 'good') return json(response, 200, { active: false });
  const active = { active: true, client_id: 'alexa-lights', sub: 'link-1', scope: 'lights', exp: 1_800_000_000 };
  return json(response, 200, { ...active, token_type: 'Bearer' });
};

const exchange: Behaviour = (response, { form }) => {
  const token = tokens[form.get('subject_token') ?? ''];
  const right =
    form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:token-exchange' &&
    form.get('subject_token_type') === 'urn:ietf:params:oauth:token-type:access_token';
  return right && token ? json(response, ...token) : json(response, 400, { error: 'invalid_request' });
};

/** The contract of the broker's endpoints, by the token's name. */
export const contract: Behaviour = (response, asked, count) => {
  const { method, path } = asked;
  if (path === '/oauth/userinfo') return userinfo(response, asked, count);
  const [clientId, clientSecret] = credentialsOf(asked);
  if (method !== 'POST' || clientId !== CREDENTIALS.clientId || clientSecret !== CREDENTIALS.clientSecret) {
    return json(response, 401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="linkbroker"' });
  }
  if (path === '/oauth/introspect') return introspect(response, asked, count);
  return path === '/oauth/token' ? exchange(response, asked, count) : response.writeHead(404).end();
};

const closers: (() => Promise<unknown>)[] = [];

/** Ends the servers of a test; for `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(closers.splice(0).map((close) => close()));
}

/** A small HTTP server in the broker's place; `asked` is all that reached it. */
export async function startBroker(behave: Behaviour = contract) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, form };
      asked.push(one);
      behave(response, one, asked.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, server };
}
