import type { ConnectorFacts } from './connector-facts.js';
import { askedScopes, type Upstream } from './resolve-upstream.js';

/** What the moment asks of an authorization request. */
export interface AuthorizeAsk {
  readonly nonce: string;
  /**
   * Ask for consent again, because a refresh token is needed that comes only with it and none is stored: never at the
   * first try where the first sign-in gives one anyway. @see R208, R211
   */
  readonly consent: boolean;
}

/**
 * Everything of the authorization request beyond `client_id`, `redirect_uri`, `response_type`, `state` and PKCE: scopes
 * in the provider's way, nonce, fixed parameters, response mode, and consent where it is asked for or belongs to the
 * offline scope.
 * @see OpenID Connect Core 1.0 §3.1.2.1, §11
 */
export function authorizeParameters(
  upstream: Upstream,
  connector: ConnectorFacts,
  ask: AuthorizeAsk,
): Readonly<Record<string, string>> {
  const { provider } = upstream;
  const scopes = askedScopes(connector);
  const { offline, separator, parameter = 'scope' } = provider.scopes;
  const withOffline = provider.consentWithOfflineScope === true && offline !== undefined && scopes.includes(offline);
  return {
    ...(scopes.length > 0 && { [parameter]: scopes.join(separator) }),
    ...(provider.protocol === 'oidc' && { nonce: ask.nonce }),
    ...provider.authorizeParameters,
    ...(provider.responseMode && { response_mode: provider.responseMode }),
    ...((ask.consent || withOffline) && provider.consentParameters),
  };
}
