import { NoAnswer, type HttpAnswer, type HttpRequest } from '@linkbroker/doctor';
import { request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { openTunnel, TunnelRefused, type ProxyAccess } from './proxy-tunnel.js';

/** Octets of a body that are read; a token answer is a few kilobytes. */
const LARGEST_BODY = 1_000_000;

/** Whom a run may talk to, and whom it trusts. */
export interface Reach {
  /** Host names without ports. */
  readonly hosts: ReadonlySet<string>;
  /** PEM; instead of Mozilla's list, which Node brings. */
  readonly ca?: string | undefined;
  /** Where there is one, nothing goes out beside it. */
  readonly proxy?: ProxyAccess | undefined;
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

type Open = (answered: (message: IncomingMessage) => void) => ClientRequest;

/** Begins a request on a connection of its own: a new one, or a tunnel through the proxy. */
async function opener({ ca, proxy }: Reach, url: URL, options: RequestOptions): Promise<Open> {
  const trust = { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
  const isTls = url.protocol === 'https:';
  if (!proxy) {
    const alone = { ...options, agent: false as const };
    return (answered) =>
      isTls ? httpsRequest(url, { ...alone, ...trust }, answered) : httpRequest(url, alone, answered);
  }
  const place = { host: url.hostname, port: Number(url.port) || (isTls ? 443 : 80) };
  const socket = await openTunnel(proxy, place, options.signal);
  if (!isTls) return (answered) => httpRequest(url, { ...options, createConnection: () => socket }, answered);
  const servername = isIP(place.host.replace(/^\[|\]$/g, '')) === 0 ? place.host : '';
  const secure = connectTls({ socket, servername, ...trust });
  return (answered) => httpsRequest(url, { ...options, createConnection: () => secure }, answered);
}

function explain(error: SocketError, ms: number, deadlineMs: number): NoAnswer {
  if (error instanceof TunnelRefused) return new NoAnswer(error.byPolicy ? 'forbidden' : 'refused', ms, error.message);
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
export async function sendHttp(reach: Reach, request: HttpRequest, deadlineMs: number): Promise<HttpAnswer> {
  const { hosts } = reach;
  const url = new URL(request.url);
  if (!hosts.has(url.hostname)) throw new NoAnswer('refused', 0, `${url.hostname} is not named by the target`);
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  const length = request.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(request.body)) };
  const options = {
    method: request.method,
    headers: { ...request.headers, ...length },
    signal: AbortSignal.timeout(deadlineMs),
  };
  try {
    const open = await opener(reach, url, options);
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = open(resolve);
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
