import type { Answer } from '../http/send.js';
import { parseObject, redact, redactText } from '../http/redact.js';
import { isFailure, must, should, type Finding } from './rules.js';

export type TokenStep = 'exchange' | 'refresh';

export interface TokenAnswer {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly expiresIn: number;
}

export interface TokenVerdict {
  readonly findings: readonly Finding[];
  /** Present when no MUST failed. */
  readonly tokens?: TokenAnswer;
  /** The server said `invalid_grant`: at a refresh, Alexa deletes the link (R93). */
  readonly dead: boolean;
}

type Members = Readonly<Record<string, unknown>>;
type Check = (members: Members, step: TokenStep) => Finding | undefined;

const shortestLifeSeconds = 360;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function checkExpiry({ expires_in: expiresIn }: Members, step: TokenStep): Finding {
  if (expiresIn === undefined) return must(step === 'refresh' ? 'R83' : 'R80', false, 'expires_in is missing');
  if (typeof expiresIn === 'string')
    return must('R84', false, `expires_in is the string "${redactText(expiresIn, 20)}"`);
  if (!Number.isInteger(expiresIn)) return must('R80', false, 'expires_in is not a whole number');
  const seconds = expiresIn as number;
  return must(step === 'refresh' ? 'R83' : 'R80', seconds >= shortestLifeSeconds, `expires_in is ${seconds}`);
}

function checkRefreshToken({ refresh_token: token }: Members, step: TokenStep): Finding {
  const present = text(token) !== undefined;
  const says = present ? 'refresh_token is there' : 'refresh_token is missing';
  return step === 'exchange' ? must('R78', present, says) : should('R103', present, says);
}

function checkTokenType({ token_type: type }: Members): Finding {
  const given = text(type);
  const says = given === undefined ? 'token_type is missing' : `token_type is ${redactText(given, 20)}`;
  return should('R79', given?.toLowerCase() === 'bearer', says);
}

/** The table of what Alexa wants to find in the JSON object. */
const memberChecks: readonly Check[] = [
  ({ access_token: token }) =>
    must('R77', text(token) !== undefined, text(token) ? 'access_token is there' : 'access_token is missing'),
  checkRefreshToken,
  checkExpiry,
  checkTokenType,
  ({ access_token: token }) => {
    const size = Buffer.byteLength(text(token) ?? '');
    return size > 2048 ? should('R86', false, `the access token has ${size} bytes`) : undefined;
  },
];

function checkHeaders({ headers }: Answer): Finding {
  const type = headers['content-type'] ?? '';
  const wrong = [
    ...(/^application\/json\s*(;|$)/i.test(type) ? [] : [`Content-Type is ${redactText(type, 60) || 'missing'}`]),
    ...(/\bno-store\b/i.test(headers['cache-control'] ?? '') ? [] : ['Cache-Control: no-store is missing']),
    ...(/\bno-cache\b/i.test(headers.pragma ?? '') ? [] : ['Pragma: no-cache is missing']),
  ];
  return must('R76', wrong.length === 0, wrong.join(', ') || 'application/json, no-store, no-cache');
}

function describeError(status: number, members: Members): string {
  const description = text(members.error_description);
  return `HTTP ${status} ${redactText(String(members.error))}${description ? ` (${redactText(description)})` : ''}`;
}

function judgeStatus({ status, body }: Answer, step: TokenStep): TokenVerdict {
  const members = parseObject(body);
  const verdict = (finding: Finding, dead = false): TokenVerdict => ({ findings: [finding], dead });
  if (status < 400) return verdict(must('R74', false, `HTTP ${status}`));
  if (text(members?.error) === undefined) return verdict(must('R91', false, `HTTP ${status} without a JSON error`));
  const says = describeError(status, members ?? {});
  if (status === 429 || status >= 500) return verdict(must('R94', false, says));
  return verdict(must(step === 'exchange' ? 'R92' : 'R93', false, says), members?.error === 'invalid_grant');
}

function describeBody(body: string): string {
  if (/^[\w.~%+-]+=/.test(body)) return 'the body is form-encoded, not JSON';
  if (/^\s*</.test(body)) return 'the body is HTML, not JSON';
  return body === '' ? 'the body is empty' : 'the body is not a JSON object';
}

/** Holds an answer of the token endpoint against everything Alexa is known to insist on (R74–R86, R91–R94). */
export function judgeTokenAnswer(answer: Answer, step: TokenStep): TokenVerdict {
  if (answer.status !== 200) return judgeStatus(answer, step);
  const status = must('R74', true, 'HTTP 200');
  const members = parseObject(answer.body);
  if (!members) return { findings: [status, must('R75', false, describeBody(answer.body))], dead: false };
  if (members.error !== undefined) {
    return { findings: [must('R91', false, describeError(200, members))], dead: members.error === 'invalid_grant' };
  }
  const checked = memberChecks.map((check) => check(members, step)).filter((finding) => finding !== undefined);
  const findings = [status, must('R75', true, 'a JSON object'), checkHeaders(answer), ...checked];
  if (findings.some(isFailure)) return { findings, dead: false };
  const tokens = {
    accessToken: members.access_token as string,
    refreshToken: text(members.refresh_token),
    expiresIn: members.expires_in as number,
  };
  return { findings, tokens, dead: false };
}

/** How a token is shown to people. */
export const shown = (token: string | undefined): string => (token === undefined ? 'none' : redact(token));
