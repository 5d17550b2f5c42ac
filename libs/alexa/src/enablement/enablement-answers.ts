import { parseJson } from '@linkbroker/protocol';
import { z } from 'zod';

interface Answer {
  readonly status: number;
  readonly body: string;
}

const endpoints = z.object({ endpoints: z.array(z.string().max(300)).max(20) });

/**
 * Which of Alexa's addresses a discovery names, in its order; none where it cannot be read. An address that is not one of
 * `known` is left out: a household's token goes nowhere else.
 * @see R193
 */
export function readEndpoints({ status, body }: Answer, known: readonly string[]): string[] {
  const read = status === 200 ? endpoints.safeParse(parseJson(body)) : undefined;
  const named = (read?.data?.endpoints ?? []).map((endpoint) => endpoint.replace(/\/+$/, ''));
  const found = named.map((endpoint) => known.find((api) => api === endpoint || api === `https://${endpoint}`));
  return [...new Set(found.filter((api) => api !== undefined))];
}

/** Why Alexa did not do it. @see R194 */
export type EnablementRefusal = 'malformed' | 'token_refused' | 'not_allowed' | 'not_found';

export type EnablementVerdict =
  | { readonly kind: 'done'; readonly linked: boolean }
  | { readonly kind: 'refused'; readonly reason: EnablementRefusal; readonly status: number }
  /** Nothing that is final: too many requests, trouble at Alexa's side, or an answer that nobody has described. */
  | { readonly kind: 'later'; readonly status: number };

const REFUSALS: Readonly<Record<number, EnablementRefusal>> = {
  400: 'malformed',
  401: 'token_refused',
  403: 'not_allowed',
  404: 'not_found',
};

const enablement = z.object({ accountLink: z.object({ status: z.string() }).optional() });

/**
 * Reads what came of enabling a skill, asking for it, or disabling it. Amazon documents 201 for the first; any success is
 * taken as one.
 * @see R190 R192 R194
 */
export function readEnablementAnswer({ status, body }: Answer): EnablementVerdict {
  if (status >= 200 && status < 300) {
    const read = enablement.safeParse(parseJson(body)).data;
    return { kind: 'done', linked: read?.accountLink?.status === 'LINKED' };
  }
  const reason = REFUSALS[status];
  return reason === undefined ? { kind: 'later', status } : { kind: 'refused', reason, status };
}
