import { readPath } from './dotted-path.js';
import { parseAnswer } from './parse-answer.js';
import { readLifetime } from './read-lifetime.js';
import { refusal, saysError } from './read-error.js';
import type { Upstream } from './resolve-upstream.js';
import { UpstreamError } from './upstream-error.js';
import type { TokenPaths, UpstreamProvider } from './upstream-provider.js';
import type { UpstreamTokens } from './upstream-tokens.js';
import type { WireResponse } from './wire.js';

/** Tokens are printable: one with a line break would not fit a header. @see RFC 6749 appendix A.12 */
const TOKEN = /^[\x20-\x7E]{1,16384}$/;
const LONGEST_SCOPE = 8_192;

/**
 * Reads the answer of an upstream token endpoint.
 * @param asked the scopes asked for, which hold when the answer names none (RFC 6749 §5.1)
 * @param now for answers that name a moment instead of a lifetime; without it such a moment is not read
 * @throws UpstreamError: for a refresh `rejected` only by this provider's terminal codes; a useless answer is
 *   `misconfigured` for a code and `unavailable` for a refresh
 */
export function readTokenResponse(
  upstream: Upstream,
  response: WireResponse,
  asked: readonly string[],
  purpose: 'code' | 'refresh',
  now?: Date,
): UpstreamTokens {
  const { provider } = upstream;
  const json = parseAnswer(response);
  if (response.status !== 200 && response.status !== 201) throw refusal(provider, response, json, purpose);
  if (saysError(provider, response.status, json)) throw refusal(provider, response, json, purpose);
  const answer = provider.hooks?.adaptTokenAnswer?.(json) ?? json;
  const tokens = readTokens(provider, answer, asked, { purpose, now });
  if (tokens) return tokens;
  const failure = purpose === 'code' ? 'misconfigured' : 'unavailable';
  throw new UpstreamError(failure, 'the provider sent no usable token answer');
}

interface Reading {
  readonly purpose: 'code' | 'refresh';
  readonly now: Date | undefined;
}

function readTokens(
  provider: UpstreamProvider,
  answer: unknown,
  asked: readonly string[],
  { purpose, now }: Reading,
): UpstreamTokens | undefined {
  const { token, refresh } = provider;
  const paths = (purpose === 'refresh' ? token.refreshPaths : undefined) ?? token.paths ?? {};
  const secrets = readSecrets(answer, paths);
  if (!secrets) return undefined;
  const lifetime = readLifetime(answer, paths, token.expiryUnit ?? 'seconds', now);
  const freshAge = secrets.refreshToken === null ? undefined : refresh.maxAgeSeconds;
  return {
    ...secrets,
    expiresIn: lifetime ?? token.assumedLifetime ?? null,
    refreshExpiresIn: readLifetime(answer, REFRESH_LIFETIME, 'seconds', undefined) ?? freshAge ?? null,
    scopes: readScopes(provider, answer, paths) ?? asked,
    answer,
  };
}

/** RFC 6749 knows no lifetime of refresh tokens; these are the two names that providers have given it. */
const REFRESH_LIFETIME = { expiresIn: 'refresh_token_expires_in|refresh_expires_in' };

function readSecrets(
  answer: unknown,
  paths: TokenPaths,
): Pick<UpstreamTokens, 'accessToken' | 'refreshToken' | 'idToken'> | undefined {
  const accessToken = readPath(answer, paths.accessToken ?? 'access_token');
  const refreshToken = readPath(answer, paths.refreshToken ?? 'refresh_token') ?? null;
  const idToken = readPath(answer, 'id_token') ?? null;
  const usable = isToken(accessToken) && isTokenOrNull(refreshToken) && isTokenOrNull(idToken);
  return usable ? { accessToken, refreshToken, idToken } : undefined;
}

const isToken = (value: unknown): value is string => typeof value === 'string' && TOKEN.test(value);
const isTokenOrNull = (value: unknown): value is string | null => value === null || isToken(value);

/** Granted scopes, which may be fewer than asked for. @see RFC 6749 §3.3, R214, R219 */
function readScopes(provider: UpstreamProvider, answer: unknown, paths: TokenPaths): readonly string[] | undefined {
  const { separator, grantedSeparator = separator } = provider.scopes;
  const scope = readPath(answer, paths.scope ?? 'scope');
  const parts = Array.isArray(scope)
    ? (scope as unknown[])
    : typeof scope === 'string'
      ? scope.split(grantedSeparator)
      : [];
  const names = parts.filter((part) => typeof part === 'string').map((part) => part.trim());
  const granted = names.filter((name) => name !== '');
  return granted.length === 0 || granted.join(' ').length > LONGEST_SCOPE ? undefined : granted;
}
