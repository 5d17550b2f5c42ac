import { unavailable } from './read-answer.js';
import type { Unavailable } from './results.js';

/** The broker's answer, as far as it is one: `body` is undefined unless it is a JSON object. */
export interface BrokerAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

export interface BrokerRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Fetch = typeof globalThis.fetch;

/** Octets of an answer that are read; tokens are a few kilobytes. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Sends one request to the broker within a deadline that covers the whole answer. A connection that breaks is tried once
 * more: a function that slept finds its kept connections dead, and asking spends nothing.
 */
export async function askBroker(
  fetch: Fetch,
  request: BrokerRequest,
  timeoutMs: number,
): Promise<BrokerAnswer | Unavailable> {
  const signal = AbortSignal.timeout(timeoutMs);
  for (let tries = 1; ; tries += 1) {
    try {
      return await askOnce(fetch, request, signal);
    } catch {
      // The error may hold the request; what it says is of no use to a household.
      if (signal.aborted) return unavailable(null, 'no answer in time');
      if (tries === 2) return unavailable(null, 'no answer');
    }
  }
}

async function askOnce(fetch: Fetch, request: BrokerRequest, signal: AbortSignal): Promise<BrokerAnswer> {
  const { url, ...init } = request;
  // A redirect could carry the credentials elsewhere.
  const response = await fetch(url, { ...init, redirect: 'manual', signal });
  const text = await readBounded(response);
  const json = /^application\/json\b/i.test(response.headers.get('content-type') ?? '');
  return {
    kind: 'answer',
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: json && text !== undefined ? parseObject(text) : undefined,
  };
}

/** The body as text, or undefined when it is larger than any answer of the broker's. */
async function readBounded(response: Response): Promise<string | undefined> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (size > MAX_BODY_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Not JSON after all.
  }
  return undefined;
}
