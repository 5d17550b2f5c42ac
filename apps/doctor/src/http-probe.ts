import { NoAnswer, type HttpAnswer, type HttpRequest } from '@linkbroker/doctor';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** Octets of a body that are read; a token answer is a few kilobytes. */
const LARGEST_BODY = 1_000_000;

/** Whom a run may talk to, and whom it trusts. */
export interface Reach {
  /** Host names without ports. */
  readonly hosts: ReadonlySet<string>;
  /** PEM; instead of Mozilla's list, which Node brings. */
  readonly ca?: string | undefined;
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Error(`the answer has more than ${LARGEST_BODY} octets`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

type SocketError = Error & { readonly code?: string; readonly errors?: readonly { readonly code?: string }[] };

function explain(error: SocketError, ms: number, deadlineMs: number): NoAnswer {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return new NoAnswer('deadline', ms, `no answer within ${deadlineMs} ms`);
  }
  const code = error.code ?? error.errors?.[0]?.code;
  const refused = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
  return new NoAnswer(refused ? 'refused' : 'broken', ms, `no connection, or it broke (${code ?? error.name})`);
}

function flatten(headers: IncomingMessage['headers']): HttpAnswer['headers'] {
  const pairs = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]);
  return Object.fromEntries(pairs) as HttpAnswer['headers'];
}

/**
 * One HTTP exchange on a connection of its own: no redirect is followed, and one deadline holds from connecting to the
 * last octet. Hosts that the target does not name are never connected to.
 * @throws NoAnswer
 */
export async function sendHttp({ hosts, ca }: Reach, request: HttpRequest, deadlineMs: number): Promise<HttpAnswer> {
  const url = new URL(request.url);
  if (!hosts.has(url.hostname)) throw new NoAnswer('refused', 0, `${url.hostname} is not named by the target`);
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  const length = request.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(request.body)) };
  const options = {
    method: request.method,
    headers: { ...request.headers, ...length },
    agent: false as const,
    signal: AbortSignal.timeout(deadlineMs),
  };
  try {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) }, resolve)
          : httpRequest(url, options, resolve);
      outgoing.on('error', reject);
      outgoing.end(request.body);
    });
    const body = await readBody(message);
    const { statusCode: status = 0, headers } = message;
    return { status, headers: flatten(headers), setCookies: headers['set-cookie'] ?? [], body, ms: elapsed() };
  } catch (error) {
    throw explain(error as SocketError, elapsed(), deadlineMs);
  }
}
