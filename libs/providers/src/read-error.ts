import { readPath } from './dotted-path.js';
import { UpstreamError, type UpstreamFailure } from './upstream-error.js';
import type { UpstreamProvider } from './upstream-provider.js';
import type { WireResponse } from './wire.js';

/** What a request was for, which decides what a refusal means. */
export type Purpose = 'code' | 'refresh' | 'userinfo' | 'revocation';

/** Errors that mean our own registration is wrong. @see RFC 6749 §5.2 */
const OURS = ['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope'];
/** Errors that pass. @see RFC 6749 §4.1.2.1, RFC 8628 §3.5 */
const PASSING = ['temporarily_unavailable', 'server_error', 'slow_down'];
/** The one verdict about a refresh token that every provider shares. @see RFC 6749 §5.2 */
const TERMINAL = ['invalid_grant'];
/** Words or small numbers. A token is neither, so that one in the place of a code is not repeated. */
const CODE = /^([A-Za-z]{1,40}|\d{1,6})([_.:/-]([A-Za-z]{1,40}|\d{1,6})){0,9}$/;
const LONGEST_CODE = 80;
const LONGEST_WAIT_SECONDS = 86_400;

const SUBJECT_OF: Readonly<Record<Purpose, string>> = {
  code: 'the code',
  refresh: 'the refresh',
  userinfo: 'the userinfo request',
  revocation: 'the revocation',
};

/** The provider's error code in an answer, or undefined when there is none that may be repeated. */
export function readErrorCode(provider: UpstreamProvider, status: number, json: unknown): string | undefined {
  const found = provider.hooks?.readError?.(status, json) ?? readPath(json, provider.errors?.path ?? 'error');
  const code = typeof found === 'number' ? String(found) : found;
  return typeof code === 'string' && code.length <= LONGEST_CODE && CODE.test(code) ? code : undefined;
}

/** Whether an answer says that it is an error, in words that may be unfit to repeat. */
export function saysError(provider: UpstreamProvider, status: number, json: unknown): boolean {
  if (status < 200 || status > 299) return true;
  if (provider.hooks?.readError?.(status, json) !== undefined) return true;
  return readPath(json, provider.errors?.path ?? 'error') !== undefined;
}

/** Whether the error of a callback says that the person declined. @see RFC 6749 §4.1.2.1 */
export function saysDeclined(upstream: { readonly provider: UpstreamProvider }, error: string): boolean {
  return error === 'access_denied' || (upstream.provider.errors?.declined ?? []).includes(error);
}

/** Seconds of a Retry-After header; a date would need a clock and counts as none. @see RFC 9110 §10.2.3 */
export function readRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,9}$/.test(header.trim())) return undefined;
  return Math.min(Number(header), LONGEST_WAIT_SECONDS);
}

/**
 * The error for a refusal. A refresh is `rejected` by a terminal code of this provider and by nothing else, so that no
 * credential is taken for dead by accident.
 */
export function refusal(
  provider: UpstreamProvider,
  response: WireResponse,
  json: unknown,
  purpose: Purpose,
): UpstreamError {
  const code = readErrorCode(provider, response.status, json);
  const shown = code ?? `status ${String(response.status)}`;
  return new UpstreamError(
    failureOf(provider, response.status, code, purpose),
    `the provider refused ${SUBJECT_OF[purpose]}: ${shown}`,
    { code, retryAfterSeconds: readRetryAfter(response.retryAfter) },
  );
}

function failureOf(
  provider: UpstreamProvider,
  status: number,
  code: string | undefined,
  purpose: Purpose,
): UpstreamFailure {
  const isRefresh = purpose === 'refresh';
  if (status >= 500 || status === 429) return 'unavailable';
  if (status >= 300 && status < 400) return isRefresh ? 'unavailable' : 'misconfigured';
  return meaningOf(provider, code) ?? (isRefresh ? 'unavailable' : 'rejected');
}

/** What a code means, the provider's own words before the RFC's; undefined when nobody knows it. */
function meaningOf(provider: UpstreamProvider, code: string | undefined): UpstreamFailure | undefined {
  const { terminal = TERMINAL, misconfigured = [], transient = [] } = provider.errors ?? {};
  const meanings: readonly (readonly [readonly string[], UpstreamFailure])[] = [
    [transient, 'unavailable'],
    [terminal, 'rejected'],
    [misconfigured, 'misconfigured'],
    [OURS, 'misconfigured'],
    [PASSING, 'unavailable'],
  ];
  return meanings.find(([codes]) => code !== undefined && codes.includes(code))?.[1];
}
