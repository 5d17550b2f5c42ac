import { parseAnswer } from './parse-answer.js';
import { readErrorCode, refusal, saysError } from './read-error.js';
import type { Upstream } from './resolve-upstream.js';
import type { WireResponse } from './wire.js';

/** Returns when the token is no more, by this request or before it. @throws UpstreamError otherwise @see RFC 7009 §2.2 */
export function readRevocationResponse(upstream: Upstream, response: WireResponse): void {
  const { provider } = upstream;
  const json = parseAnswer(response);
  if (!saysError(provider, response.status, json)) return;
  const { gone = ['invalid_token'], goneStatuses = [] } = provider.revocation ?? {};
  const code = readErrorCode(provider, response.status, json);
  const isVerdict = response.status < 500;
  if (isVerdict && (goneStatuses.includes(response.status) || (code !== undefined && gone.includes(code)))) return;
  throw refusal(provider, response, json, 'revocation');
}
