import type { BrokerAnswer } from './ask-broker.js';
import type {
  IntrospectionResult,
  Misconfigured,
  Unavailable,
  UpstreamTokenResult,
  UserinfoResult,
} from './results.js';
import type { SmartHomeAnswer } from './smart-home.js';

const DEFAULT_RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 3_600;

/** @param retryAfter the header as it came */
export function unavailable(retryAfter: string | null, reason: string): Unavailable {
  const seconds = /^\d{1,9}$/.test(retryAfter ?? '') ? Number(retryAfter) : DEFAULT_RETRY_SECONDS;
  return { kind: 'unavailable', retryAfterSeconds: Math.min(Math.max(seconds, 1), MAX_RETRY_SECONDS), reason };
}

/**
 * Reads an answer to a token exchange. Only the broker's own word, `invalid_grant` in JSON with status 400, can mean that
 * there is no link, and only with `link_state: dead` that it has ended; everything else is a failure to find out.
 * @see RFC 8693 §2.2, R117
 */
export function readExchange({ body, ...answer }: BrokerAnswer): UpstreamTokenResult {
  if (answer.status === 200) {
    const { access_token: accessToken, expires_in: expiresIn, scope } = body ?? {};
    if (!isText(accessToken) || !isDuration(expiresIn)) return unreadable(answer);
    return { kind: 'token', accessToken, expiresIn, ...(isText(scope) && { scope }), ...repairOf(body) };
  }
  if (answer.status !== 400 || body?.['error'] !== 'invalid_grant') return readFailure({ body, ...answer });
  const state = body['link_state'];
  if (state === undefined) return { kind: 'not-linked' };
  if (state === 'dead') return { kind: 'link-dead' };
  // A state that is not known yet is no proof of an end.
  return { kind: 'link-at-risk', ...repairOf(body) };
}

/** @see OpenID Connect Core 1.0 §5.3, RFC 6750 §3.1 */
export function readUserinfo({ body, ...answer }: BrokerAnswer): UserinfoResult {
  if (answer.status === 200) {
    const sub = body?.['sub'];
    return isText(sub) ? { kind: 'userinfo', userinfo: { ...body, sub } } : unreadable(answer);
  }
  if (answer.status === 401 && body?.['error'] === 'invalid_token') return { kind: 'not-linked' };
  return readFailure({ body, ...answer });
}

/** @see RFC 7662 §2.2 */
export function readIntrospection({ body, ...answer }: BrokerAnswer): IntrospectionResult {
  if (answer.status !== 200) return readFailure({ body, ...answer });
  const { active, sub, scope, exp } = body ?? {};
  if (active === false) return { kind: 'inactive' };
  if (active !== true || !isText(sub)) return unreadable(answer);
  const expiry = typeof exp === 'number' ? { expiresAt: exp * 1_000 } : {};
  return { kind: 'active', sub, scope: isText(scope) ? scope : '', ...expiry };
}

/** What Alexa is to be answered, as the broker wrote it. @see R152, R153 */
export function readDirectiveAnswer({ body, ...answer }: BrokerAnswer): SmartHomeAnswer | Unavailable | Misconfigured {
  if (answer.status !== 200) return readFailure({ body, ...answer });
  const event = body?.['event'];
  return typeof event === 'object' && event !== null ? { event } : unreadable(answer);
}

/** An answer that is no verdict: what will pass is `unavailable`, what somebody has to put right is `misconfigured`. */
function readFailure({ status, retryAfter, body }: BrokerAnswer): Unavailable | Misconfigured {
  const passes = status >= 500 || status === 408 || status === 425 || status === 429;
  if (passes) return unavailable(retryAfter, `the broker answered ${status}`);
  const error = body?.['error'];
  // The code alone, and only if it looks like one: descriptions may quote.
  const code = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? `${status} ${error}` : String(status);
  return { kind: 'misconfigured', reason: `the broker answered ${code}` };
}

/** A page of something in between, or half an answer. */
const unreadable = ({ retryAfter }: Omit<BrokerAnswer, 'body'>): Unavailable =>
  unavailable(retryAfter, "the answer is not the broker's");

function repairOf(body: BrokerAnswer['body']): { readonly repairUri?: string } {
  const repairUri = body?.['repair_uri'];
  return isText(repairUri) ? { repairUri } : {};
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isDuration = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
