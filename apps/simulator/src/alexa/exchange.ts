import { readParams } from '../http/params.js';
import { redactBody, redactParam } from '../http/redact.js';
import type { Answer, OutgoingRequest } from '../http/send.js';

/** One request and its answer as people may see them: every secret is cut already. */
export interface Exchange {
  readonly title: string;
  readonly request: ShownRequest;
  readonly answer: ShownAnswer | { readonly problem: string; readonly ms: number };
  /** What the simulator did with the answer, when it is not the usual. */
  readonly note?: string;
}

export interface ShownRequest {
  readonly method: string;
  readonly url: string;
  /** The scheme of the Authorization header and the client it names. */
  readonly authorization?: string;
  readonly params: readonly (readonly [name: string, value: string])[];
}

export interface ShownAnswer {
  readonly status: number;
  readonly ms: number;
  readonly type: string;
  readonly body: string;
}

function describeAuthorization(header: string | undefined): { authorization?: string } {
  if (!header) return {};
  const [scheme, value = ''] = header.split(' ');
  const client = scheme === 'Basic' ? Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0] : '';
  return { authorization: `${scheme} ${client}:…` };
}

export function describeRequest(request: OutgoingRequest): ShownRequest {
  const params = [...readParams(request.body ?? '')].map(([name, value]) => [name, redactParam(name, value)] as const);
  return { method: request.method, url: request.url, ...describeAuthorization(request.headers.Authorization), params };
}

export function describeAnswer(answer: Answer): ShownAnswer {
  const type = (answer.headers['content-type'] ?? 'no content type').slice(0, 80);
  return { status: answer.status, ms: answer.ms, type, body: redactBody(answer.body) };
}
