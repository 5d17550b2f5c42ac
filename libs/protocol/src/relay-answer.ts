import { parseScope } from './scope.js';

/** Which of the two grants of Alexa's is relayed. */
export type RelayedGrant = 'authorization_code' | 'refresh_token';

/** What another server's tokens look like to Alexa: the fields that are known, and never another. @see R74–R88 */
export interface RelayedTokens {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Whole seconds, at least 1. */
  readonly expires_in: number;
  /** Absent only where the other server gave none for a code. */
  readonly refresh_token?: string;
  readonly scope?: string;
}

/** An answer of the other server as it arrived. */
export interface AnswerToRelay {
  readonly status: number;
  readonly contentType: string;
  /** The body, read as JSON or form; undefined where it is neither. */
  readonly answer: unknown;
  /** Whether the body was a form (R75). */
  readonly isForm: boolean;
}

/** What was asked, as far as the answer depends on it. */
export interface AskedByRelay {
  readonly grantType: RelayedGrant;
  /** The code or refresh token that was presented. */
  readonly presented: string;
  /** Seconds told for a token whose server names no end. */
  readonly accessTokenTtl: number;
}

export type RelayVerdict =
  | {
      readonly kind: 'tokens';
      readonly tokens: RelayedTokens;
      /** Names of what had to be put right. */
      readonly repaired: readonly string[];
      /** What Alexa will stumble over and a relay cannot put right. */
      readonly told: readonly string[];
      /** Whether what was presented is spent: a code, or a refresh token that was replaced. */
      readonly spent: boolean;
    }
  /** The other server's own word that what was presented is dead. */
  | { readonly kind: 'refused'; readonly code: string }
  /** Anything else: nobody knows, and Alexa is to ask again. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Errors that say that the presented credential is dead: RFC 6749 §5.2, and GitHub's words for it. */
const TERMINAL: Readonly<Record<RelayedGrant, readonly string[]>> = {
  authorization_code: ['invalid_grant', 'bad_verification_code'],
  refresh_token: ['invalid_grant', 'bad_refresh_token'],
};
/** Refusals that say nothing of the credential: the request took too long, came too early or too often. */
const NO_VERDICT = [408, 425, 429];
/** Lowercase words. A token is none, so that one in the place of a code is not repeated. */
const CODE = /^[a-z]{1,20}(_[a-z]{1,20}){0,5}$/;
/** A token has to fit a header, and has to be taken again when Alexa presents it. @see RFC 6749 appendix A.12 */
const TOKEN = /^[\x20-\x7E]+$/;
const LONGEST_SCOPE = 8_192;
const LONGEST_SECONDS = 4_000_000_000;
/** Alexa needs this many seconds, and renews when fewer than 300 are left (R80, R97). */
const LEAST_SECONDS = 360;

/** Characters that an access token had better not exceed (R86). */
const LONG_ACCESS_TOKEN = 2_048;

/** Characters of the longest code or token that is relayed. */
export const MAX_RELAYED_TOKEN = 8_192;

/**
 * What another server's answer is to Alexa: tokens in the one shape that Alexa takes, a verdict where that server itself
 * gave one, and a failure for everything else. Total: no answer makes it throw.
 * @see R74–R94, R218
 */
export function judgeRelayedAnswer(arrived: AnswerToRelay, asked: AskedByRelay): RelayVerdict {
  const fields = fieldsOf(arrived.answer);
  const error = fields['error'];
  if (isSuccess(arrived.status) && isAbsent(error)) return readTokens(arrived, fields, asked);
  const code = typeof error === 'string' && CODE.test(error) ? error : undefined;
  const isTerminal = code !== undefined && TERMINAL[asked.grantType].includes(code);
  if (isTerminal && mayJudge(arrived.status)) return { kind: 'refused', code };
  return { kind: 'failed', reason: `status ${arrived.status}${code === undefined ? '' : ` ${code}`}` };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;
/** A server that is sick, busy or sends us elsewhere judges nothing. GitHub judges with 200. */
const mayJudge = (status: number): boolean =>
  isSuccess(status) || (status >= 400 && status < 500 && !NO_VERDICT.includes(status));

const fieldsOf = (answer: unknown): Readonly<Record<string, unknown>> =>
  typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? { ...answer } : {};

function readTokens(
  arrived: AnswerToRelay,
  fields: Readonly<Record<string, unknown>>,
  asked: AskedByRelay,
): RelayVerdict {
  const access = fields['access_token'];
  if (!isToken(access)) return { kind: 'failed', reason: `status ${arrived.status} without an access token` };
  const given = fields['refresh_token'];
  if (!isAbsent(given) && !isToken(given))
    return { kind: 'failed', reason: 'a refresh token that cannot be passed on' };
  const isRefresh = asked.grantType === 'refresh_token';
  const refresh = isToken(given) ? given : isRefresh ? asked.presented : undefined;
  const lifetime = readLifetime(fields['expires_in']);
  const scope = readScope(fields['scope']);
  const tokens: RelayedTokens = {
    access_token: access,
    token_type: 'Bearer',
    expires_in: lifetime ?? asked.accessTokenTtl,
    ...(refresh !== undefined && { refresh_token: refresh }),
    ...(scope !== undefined && { scope }),
  };
  const repaired = repairsOf(arrived, fields, asked.grantType, lifetime);
  return { kind: 'tokens', tokens, repaired, told: toldOf(tokens), spent: !isRefresh || refresh !== asked.presented };
}

function toldOf({ access_token: access, expires_in: seconds, refresh_token: refresh }: RelayedTokens): string[] {
  const found: readonly (readonly [string, boolean])[] = [
    [`expires_in below ${LEAST_SECONDS} (R80)`, seconds < LEAST_SECONDS],
    [`access_token above ${LONG_ACCESS_TOKEN} characters (R86)`, access.length > LONG_ACCESS_TOKEN],
    ['no refresh_token: the link ends with its access token (R78)', refresh === undefined],
  ];
  return found.filter(([, wrong]) => wrong).map(([name]) => name);
}

const isToken = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MAX_RELAYED_TOKEN && TOKEN.test(value);
const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Whole seconds of a number or of one as text; undefined where there is none, or one that says nothing. */
function readLifetime(value: unknown): number | undefined {
  const text = typeof value === 'string' && /^\d{1,12}(\.\d{1,9})?$/.test(value.trim());
  const seconds = text || typeof value === 'number' ? Math.floor(Number(value)) : Number.NaN;
  return seconds >= 1 && seconds <= LONGEST_SECONDS ? seconds : undefined;
}

function readScope(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST_SCOPE) return undefined;
  const scopes = parseScope(value);
  return scopes !== undefined && scopes.length > 0 ? scopes.join(' ') : undefined;
}

function repairsOf(
  { status, contentType, isForm }: AnswerToRelay,
  fields: Readonly<Record<string, unknown>>,
  grantType: RelayedGrant,
  lifetime: number | undefined,
): string[] {
  const type = fields['token_type'];
  const given = fields['expires_in'];
  const found: readonly (readonly [string, boolean])[] = [
    ['form-encoded', isForm],
    [`status ${status}`, status !== 200],
    ['Content-Type', !isForm && !/^application\/json\s*(;|$)/i.test(contentType.trim())],
    ['token_type', typeof type !== 'string' || type.toLowerCase() !== 'bearer'],
    ['expires_in missing', lifetime === undefined],
    ['expires_in not a whole number', lifetime !== undefined && given !== lifetime],
    ['refresh_token missing', grantType === 'refresh_token' && isAbsent(fields['refresh_token'])],
  ];
  return found.filter(([, wrong]) => wrong).map(([name]) => name);
}
