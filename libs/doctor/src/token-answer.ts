import type { HttpAnswer, NoAnswer } from './probes.js';
import { shownError } from './return-address.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** An answer of the token endpoint, or the lack of one, as the checks look at it. */
export interface TokenAnswer {
  /** What was asked, e.g. "redeeming the code". */
  readonly what: string;
  readonly ms: number;
  /** 0 when none came. */
  readonly status: number;
  readonly headers: HttpAnswer['headers'];
  /** Undefined when the body is no JSON object. */
  readonly json: JsonObject | undefined;
  /** Why there is none. */
  readonly silence: string | undefined;
}

function readJson(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

export function readTokenAnswer(what: string, { ms, status, headers, body }: HttpAnswer): TokenAnswer {
  return { what, ms, status, headers, json: readJson(body), silence: undefined };
}

export function silentAnswer(what: string, { ms, message }: NoAnswer): TokenAnswer {
  return { what, ms, status: 0, headers: {}, json: undefined, silence: message };
}

/** A member that is a text of at least one character. */
export function memberText(answer: TokenAnswer, name: string): string | undefined {
  const value = answer.json?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export const isSuccess = ({ status }: TokenAnswer): boolean => status >= 200 && status < 300;

/** Whether it gave an access token, with a success status or not. */
export const gaveToken = (answer: TokenAnswer): boolean => memberText(answer, 'access_token') !== undefined;

/** What an answer was, in a few words without its contents. */
export function describeAnswer(answer: TokenAnswer): string {
  if (answer.silence !== undefined) return `${answer.what}: ${answer.silence}`;
  const error = answer.json?.['error'];
  const said = error === undefined ? '' : ` ${shownError(error)}`;
  return `${answer.what}: HTTP ${answer.status}${said}${answer.json ? '' : ', no JSON object'}`;
}
