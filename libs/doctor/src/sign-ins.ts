import { createHash, randomBytes } from 'node:crypto';
import type { Target } from './target.js';

/** The sign-ins that checks share. Each tries another state, and the way its code is meant to be used. */
export type SignInName = 'plain' | 'long' | 'signs' | 'unicode' | 'raw' | 'spare' | 'old';

/** One authorization request. */
export interface Request {
  readonly url: string;
  readonly state: string;
  /** Undefined without PKCE. */
  readonly verifier: string | undefined;
}

interface Kind {
  readonly state: () => string;
  readonly pkce: boolean;
  /** Sent as it is, where everything else is percent-encoded. */
  readonly raw?: boolean;
}

/** Longer than any state that has been seen (R28). */
const LONG_STATE = 2_048;
const letters = (length: number): string => randomBytes(length).toString('hex').slice(0, length);

const KINDS: Readonly<Record<SignInName, Kind>> = {
  plain: { state: () => `Amas${letters(40)}`, pkce: false },
  long: { state: () => `Amas${letters(LONG_STATE - 4)}`, pkce: false },
  signs: { state: () => `Am+as/${letters(20)}+/${letters(20)}==`, pkce: true },
  unicode: { state: () => `${letters(20)}é日本😀%2B&=;`, pkce: true },
  raw: { state: () => `Am+as/${letters(20)}+x`, pkce: false, raw: true },
  spare: { state: () => `Amas${letters(40)}`, pkce: true },
  old: { state: () => `Amas${letters(40)}`, pkce: false },
};

/** Percent-encodes what RFC 3986 does not call unreserved. */
function percentEncode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** An authorization address with these parameters, encoded, behind those that the address has. */
export function buildAuthorizeUrl(target: Target, change: Readonly<Record<string, string>>, rawState?: string): string {
  const parameters: Record<string, string> = {
    client_id: target.clientId,
    response_type: 'code',
    ...(target.scope === '' ? {} : { scope: target.scope }),
    redirect_uri: target.redirectUri,
    ...change,
  };
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${percentEncode(value)}`);
  if (rawState !== undefined) pairs.push(`state=${rawState}`);
  return `${target.authorizeUrl}${target.authorizeUrl.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}

/** A request with a state nobody has used, and a challenge where its kind has one. @see RFC 7636 §4.2 */
export function buildRequest(target: Target, name: SignInName): Request {
  const { state: makeState, pkce, raw = false } = KINDS[name];
  const state = makeState();
  const verifier = pkce ? randomBytes(32).toString('base64url') : undefined;
  const challenge = verifier && createHash('sha256').update(verifier).digest('base64url');
  const withPkce: Record<string, string> = challenge
    ? { code_challenge: challenge, code_challenge_method: 'S256' }
    : {};
  const url = raw ? buildAuthorizeUrl(target, withPkce, state) : buildAuthorizeUrl(target, { ...withPkce, state });
  return { url, state, verifier };
}
