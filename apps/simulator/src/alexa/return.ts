import { rawQuery, readParams, RepeatedParameter } from '../http/params.js';
import { redactText } from '../http/redact.js';
import { stateLifetimeMs } from './state.js';
import { must, should, type Finding } from './rules.js';

/** What Alexa remembers between opening the authorization page and the household coming back. */
export interface PendingLink {
  readonly clientId: string;
  readonly vendorId: string;
  readonly state: string;
  readonly redirectUri: string;
  readonly codeVerifier?: string | undefined;
  readonly scheme: AccessTokenScheme;
  /** A token was asked for, and no code. */
  readonly implicit: boolean;
  readonly startedAt: number;
  used: boolean;
}

/** The two ways of client authentication that the developer console offers (R68). */
export type AccessTokenScheme = 'REQUEST_BODY_CREDENTIALS' | 'HTTP_BASIC';

export type Returned =
  | {
      readonly kind: 'code';
      readonly pending: PendingLink;
      readonly code: string;
      readonly findings: readonly Finding[];
    }
  | {
      readonly kind: 'token';
      readonly pending: PendingLink;
      readonly accessToken: string;
      /** Seconds; undefined where the answer does not say. */
      readonly expiresIn: number | undefined;
      readonly findings: readonly Finding[];
    }
  | { readonly kind: 'error'; readonly pending: PendingLink; readonly error: string; readonly description: string }
  | { readonly kind: 'refused'; readonly finding: Finding };

const refused = (rule: string, says: string): Returned => ({ kind: 'refused', finding: must(rule, false, says) });

/** Longer codes are named as a common cause of failed links; Amazon gives no number (R46). */
const longestCode = 128;

function explainUnknownState(state: string | undefined, known: readonly PendingLink[]): Returned {
  if (!state) return refused('R27', 'the redirect carries no state');
  if (known.some((pending) => pending.state === state.replaceAll(' ', '+'))) {
    return refused('R29', "the state came back with spaces where '+' was");
  }
  if (state.length >= 32 && known.some((pending) => pending.state.startsWith(state))) {
    return refused('R28', `the state came back cut to ${state.length} characters`);
  }
  return refused('R62', 'the state is not one that was issued to this browser');
}

function checkPending(pending: PendingLink, vendorId: string, now: number): Returned | undefined {
  if (pending.vendorId !== vendorId) return refused('R21', 'the redirect URI carries another vendor id');
  if (pending.used) return refused('R62', 'the state was used before');
  if (now - pending.startedAt >= stateLifetimeMs) return refused('R31', 'the state is older than an hour');
  return undefined;
}

function readAnswer(pending: PendingLink, params: ReadonlyMap<string, string>): Returned {
  const error = params.get('error');
  if (error !== undefined) {
    return {
      kind: 'error',
      pending,
      error: redactText(error),
      description: redactText(params.get('error_description') ?? ''),
    };
  }
  if (pending.implicit) return readToken(pending, params);
  const code = params.get('code');
  if (!code) return refused('R57', 'the redirect carries neither code nor error');
  const findings = [
    must('R57', true, 'code and state came in the query'),
    must('R27', true, `the state came back unchanged (${pending.state.length.toLocaleString('en')} characters)`),
    should('R46', code.length <= longestCode, `the code has ${code.length} characters`),
  ];
  return { kind: 'code', pending, code, findings };
}

/** Nothing renews such a token: with less than a month the household links again and again (R121). */
const longLifeSeconds = 30 * 24 * 3600;
const shortestLifeSeconds = 360;

/** A token in the fragment; what is judged here is everything that Alexa learns of it. */
function readToken(pending: PendingLink, params: ReadonlyMap<string, string>): Returned {
  const accessToken = params.get('access_token');
  if (!accessToken) return refused('R119', 'the fragment carries neither access_token nor error');
  const type = params.get('token_type');
  if (type?.toLowerCase() !== 'bearer') {
    return refused('R119', `token_type is ${type === undefined ? 'missing' : redactText(type, 20)}`);
  }
  const said = params.get('expires_in');
  const expiresIn = said === undefined ? undefined : Number(said);
  const lives = expiresIn === undefined || expiresIn >= shortestLifeSeconds;
  const long = expiresIn === undefined || expiresIn >= longLifeSeconds;
  const findings = [
    must('R119', true, 'access_token, token_type and state came in the fragment'),
    must('R27', true, `the state came back unchanged (${pending.state.length.toLocaleString('en')} characters)`),
    must('R80', lives, `expires_in is ${redactText(said ?? 'not told', 20)}`),
    should('R121', long, `the token lives ${long ? 'long' : 'less than a month'}, and nothing renews it`),
    should('R86', accessToken.length <= longestToken, `the token has ${accessToken.length} characters`),
  ];
  if (!lives) return { kind: 'refused', finding: must('R80', false, `expires_in is ${redactText(said ?? '', 20)}`) };
  return { kind: 'token', pending, accessToken, expiresIn, findings };
}

const longestToken = 2_048;

type Place = 'query' | 'fragment';

/** What stands in the wrong place does not reach Alexa. */
function checkPlace({ implicit }: PendingLink, place: Place): Returned | undefined {
  if (implicit === (place === 'fragment')) return undefined;
  return implicit
    ? refused('R119', "the answer stands in the query instead of behind '#'")
    : refused('R64', "the answer stands after '#'");
}

/**
 * Judges the request to the redirect URI as Amazon does: exactly one state, known to this browser, unexpired, unused.
 * A state that passes is used up, whatever else the redirect says.
 */
export function takeReturn(
  address: string,
  vendorId: string,
  known: ReadonlyMap<string, PendingLink>,
  now: number,
): Returned {
  return takeParams(rawQuery(address), 'query', { vendorId, known, now });
}

/** The same of what stood behind `#`, as the page at the redirect URI reports it. @see R119 */
export function takeFragment(
  fragment: string,
  vendorId: string,
  known: ReadonlyMap<string, PendingLink>,
  now: number,
): Returned {
  return takeParams(fragment, 'fragment', { vendorId, known, now });
}

function takeParams(
  text: string,
  place: Place,
  { vendorId, known, now }: { vendorId: string; known: ReadonlyMap<string, PendingLink>; now: number },
): Returned {
  let params: ReadonlyMap<string, string>;
  try {
    params = readParams(text);
  } catch (error) {
    if (error instanceof RepeatedParameter) return refused('R33', `${redactText(error.message)} in the redirect`);
    throw error;
  }
  const state = params.get('state');
  const pending = known.get(state ?? '');
  if (!pending) return explainUnknownState(state, [...known.values()]);
  const problem = checkPending(pending, vendorId, now) ?? checkPlace(pending, place);
  if (problem) return problem;
  pending.used = true;
  return readAnswer(pending, params);
}
