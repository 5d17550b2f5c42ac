import type { FastifyRequest } from 'fastify';
import type { Account, ModelSignIn } from '../ledger.js';
import type { ModelClient } from '../clients.js';
import type { Consent, Stop } from '../sign-in.js';

const profile = 'https://www.googleapis.com/auth/userinfo.profile';
const email = 'https://www.googleapis.com/auth/userinfo.email';

/** Google answers with the long names of these two, whichever were asked for. */
const longNames: Readonly<Record<string, string>> = { profile, email };

/** The scopes of "Sign in with Google": no box to untick, and no end of refresh tokens in testing mode (R210). */
export const signInScopes: ReadonlySet<string> = new Set(['openid', profile, email]);

/**
 * A refresh token is for those who ask for offline access, and then only at the first consent, or when the consent is
 * forced with `prompt=consent` (R207, R208). Of the scopes the household may tick fewer than asked (R214).
 * @see https://developers.google.com/identity/protocols/oauth2/web-server
 * @see https://developers.google.com/identity/protocols/oauth2/resources/granular-permissions
 */
export function decideConsent(account: Account, { scope, params }: ModelSignIn, client: ModelClient): Consent {
  const forced = (params.get('prompt') ?? '').split(' ').includes('consent');
  const asked = scope.map((name) => longNames[name] ?? name);
  const ticked = (name: string) => signInScopes.has(name) || (client.partialScopes?.includes(name) ?? true);
  const granted = asked.filter(ticked);
  return {
    scope: granted,
    refreshable: params.get('access_type') === 'offline' && (forced || !account.consented),
    extra: { scope: granted.join(' ') },
  };
}

/** Android's WebView says `; wv)`; Apple's says what Safari says without the word Safari. */
const webViews = [/; wv\)/, /\((?:iPhone|iPad|iPod)\b[^)]*\) AppleWebKit\/\S+(?!.*\bSafari\/)/];

/**
 * Google does not let anybody sign in inside an app's web view (R39, R215).
 * @see https://developers.googleblog.com/2021/06/upcoming-security-changes-to-googles-oauth-2.0-authorization-endpoint.html
 */
export function screenUserAgent(request: FastifyRequest): Stop | undefined {
  const agent = request.headers['user-agent'] ?? '';
  if (!webViews.some((shape) => shape.test(agent))) return undefined;
  return {
    status: 403,
    title: 'Access blocked',
    says: 'Error 403: disallowed_useragent. Sign in with a browser instead of inside an app.',
  };
}

/** @returns the error for a request that Google would not take */
export function checkParams(params: ReadonlyMap<string, string>): string | undefined {
  if (!['online', 'offline'].includes(params.get('access_type') ?? 'online')) return 'invalid_request';
  if (!params.get('scope')) return 'invalid_request';
  // Nobody stays signed in here, so there is never a session that would do.
  return params.get('prompt') === 'none' ? 'login_required' : undefined;
}
