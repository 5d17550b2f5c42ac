import { writeRequest } from './build-request.js';
import type { Upstream } from './resolve-upstream.js';
import type { WireRequest } from './wire.js';

/**
 * Builds the request for who signed in; undefined when none is needed or none is known. Where an id_token identifies,
 * userinfo only completes the profile: its failure is no reason to fail the sign-in.
 * @see OpenID Connect Core 1.0 §5.3.1, RFC 6750 §2.1
 */
export function buildUserinfoRequest(upstream: Upstream, accessToken: string): WireRequest | undefined {
  const { from, profileFrom, userinfo } = upstream.provider.identity;
  if (upstream.userinfoEndpoint === null || (from !== 'userinfo' && profileFrom !== 'userinfo')) return undefined;
  const request = {
    purpose: 'userinfo' as const,
    method: userinfo?.method ?? ('GET' as const),
    url: upstream.userinfoEndpoint,
    headers: { authorization: `Bearer ${accessToken}`, ...userinfo?.headers },
    parameters: userinfo?.query ?? {},
  };
  return writeRequest(upstream, request, userinfo?.bodyFormat ?? 'form');
}
