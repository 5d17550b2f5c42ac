import { writeRequest } from './build-request.js';
import type { Upstream } from './resolve-upstream.js';
import type { WireRequest } from './wire.js';

/**
 * Builds the request for who signed in; undefined when none is needed or none is known. Where an id_token identifies,
 * userinfo only completes the profile: its failure is no reason to fail the sign-in.
 * @see OpenID Connect Core 1.0 §5.3.1, RFC 6750 §2.1
 */
export function buildUserinfoRequest(upstream: Upstream, accessToken: string): WireRequest | undefined {
  const { from, profileFrom } = upstream.provider.identity;
  if (from !== 'userinfo' && profileFrom !== 'userinfo') return undefined;
  return requestOf(upstream, accessToken);
}

/**
 * Builds the request by which an access token alone says whose it is, without a sign-in; undefined for a provider that
 * names a person only in its token answer, or that has no such address.
 * @see OpenID Connect Core 1.0 §5.3.1
 */
export const buildIdentityRequest = (upstream: Upstream, accessToken: string): WireRequest | undefined =>
  upstream.provider.identity.from === 'token' ? undefined : requestOf(upstream, accessToken);

function requestOf(upstream: Upstream, accessToken: string): WireRequest | undefined {
  if (upstream.userinfoEndpoint === null) return undefined;
  const { userinfo } = upstream.provider.identity;
  const request = {
    purpose: 'userinfo' as const,
    method: userinfo?.method ?? ('GET' as const),
    url: upstream.userinfoEndpoint,
    headers: { authorization: `Bearer ${accessToken}`, ...userinfo?.headers },
    parameters: userinfo?.query ?? {},
  };
  return writeRequest(upstream, request, userinfo?.bodyFormat ?? 'form');
}
