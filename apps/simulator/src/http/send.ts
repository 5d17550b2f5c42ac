import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { performance } from 'node:perf_hooks';

export interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** From the first byte sent to the last one read. */
  readonly ms: number;
}

/** Nothing usable came back: no connection, a connection that broke, or the deadline. */
export class NoAnswer extends Error {
  constructor(
    readonly reason: 'deadline' | 'refused' | 'broken',
    readonly ms: number,
    detail: string,
  ) {
    super(detail);
  }
}

const largestBody = 1_000_000;

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Error(`the answer is larger than ${largestBody} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const timeouts = new Set(['AbortError', 'TimeoutError']);
const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Where a host has several addresses, the error holds one error for each. */
type SocketError = Error & { code?: string; errors?: readonly { code?: string }[] };

function noAnswer(error: SocketError, ms: number, deadlineMs: number): NoAnswer {
  if (timeouts.has(error.name)) return new NoAnswer('deadline', ms, `no answer within ${deadlineMs} ms`);
  const code = error.code ?? error.errors?.[0]?.code;
  if (code && unreachable.has(code)) return new NoAnswer('refused', ms, `no connection (${code})`);
  return new NoAnswer('broken', ms, `the connection broke (${code ?? error.message})`);
}

/**
 * One HTTP exchange: follows no redirect, keeps no connection, sends the headers in the order given (which `fetch` would
 * not), and has one deadline from connecting to the last byte of the body.
 * @throws NoAnswer
 */
export async function send(request: OutgoingRequest, deadlineMs: number): Promise<Answer> {
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  const open = request.url.startsWith('https:') ? httpsRequest : httpRequest;
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const length = request.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(request.body)) };
      const headers = { ...request.headers, ...length };
      const outgoing = open(request.url, { method: request.method, headers, agent: false, signal }, resolve);
      outgoing.on('error', reject);
      outgoing.end(request.body);
    });
    const body = await readBody(message);
    return { status: message.statusCode ?? 0, headers: message.headers, body, ms: elapsed() };
  } catch (error) {
    throw noAnswer(error as Error, elapsed(), deadlineMs);
  }
}
