import type { Upstream } from './resolve-upstream.js';

/**
 * Whether the `iss` of a callback is this upstream: its issuer, or one of the family where discovery served several
 * customers. Which of them it was is for the id_token to say.
 * @see RFC 9207 §2.4
 */
export function namesIssuer({ issuer, provider }: Upstream, named: string): boolean {
  const family = provider.issuerFamily;
  return family && issuer === family.open ? family.pattern.test(named) : issuer === named;
}
