import type { Connector, Deadline, Trace, TraceEvent } from '@linkbroker/contracts';
import {
  askedScopes,
  buildCodeExchange,
  buildRefresh,
  buildUserinfoRequest,
  readCallbackProfile,
  readIdToken,
  readTokenIdentity,
  readTokenResponse,
  readUserinfo,
  UnknownSigningKey,
  UpstreamError,
  type Identity,
  type Upstream,
  type UpstreamTokens,
  type WireRequest,
  type WireResponse,
} from '@linkbroker/providers';
import { describeExchange } from './describe-exchange.js';
import { reach, sendUpstream, type UpstreamNeeds } from './upstream-needs.js';

export interface UpstreamSignInNeeds extends UpstreamNeeds {
  readonly trace: Trace;
  readonly now: () => Date;
}

/** What a callback brought, and what it is about. */
export interface HopToExchange {
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  readonly about: Pick<TraceEvent, 'tenantId' | 'skillId' | 'reference'>;
}

/**
 * Exchanges an upstream code, through egress. Where a provider gives no refresh token but trades a short-lived access
 * token for a long one, that is done at once.
 * @throws UpstreamError
 * @see R13, R226, ADR 0005
 */
export async function exchangeUpstreamCode(
  needs: UpstreamSignInNeeds,
  connector: Connector,
  upstream: Upstream,
  hop: HopToExchange,
  deadline: Deadline,
): Promise<UpstreamTokens> {
  const request = buildCodeExchange(upstream, connector, hop, needs.now());
  const response = await sendTraced(needs, connector, request, { about: hop.about, deadline });
  const tokens = readTokenResponse(upstream, response, askedScopes(connector), 'code', needs.now());
  if (upstream.provider.refresh.kind !== 'exchange') return tokens;
  const longer = buildRefresh(upstream, connector, tokens, needs.now());
  if (!longer) return tokens;
  const answer = readTokenResponse(
    upstream,
    await sendTraced(needs, connector, longer, { about: hop.about, deadline }),
    tokens.scopes,
    'code',
    needs.now(),
  );
  return { ...answer, idToken: tokens.idToken, answer: tokens.answer };
}

/** Sends a token request, and leaves on the timeline what was sent and received. */
async function sendTraced(
  needs: UpstreamSignInNeeds,
  connector: Connector,
  request: WireRequest,
  { about, deadline }: Pick<HopToExchange, 'about'> & { readonly deadline: Deadline },
): Promise<WireResponse> {
  const began = performance.now();
  const response = await sendUpstream(needs, connector, request, deadline);
  needs.trace({
    name: 'upstream.exchanged',
    ...about,
    connector: connector.slug,
    status: response.status,
    ms: Math.round(performance.now() - began),
    data: describeExchange(request, response),
  });
  return response;
}

/** What the way back brought besides the code. */
export interface SignIn {
  readonly tokens: UpstreamTokens;
  readonly nonce: string;
  /** The callback's `user` parameter, where the provider sends one. */
  readonly user: string | undefined;
}

/**
 * Finds out who signed in, from what the provider's declaration trusts: a verified id_token, its userinfo, or the token
 * answer. Never from the callback alone.
 * @throws UpstreamError
 * @see OpenID Connect Core 1.0 §3.1.3.7, §5.3.2
 */
export async function identifySubject(
  needs: UpstreamSignInNeeds,
  connector: Connector,
  upstream: Upstream,
  signIn: SignIn,
  deadline: Deadline,
): Promise<Identity> {
  const once = readCallbackProfile(upstream, { user: signIn.user });
  const source = identitySource(upstream, connector);
  if (source === 'token') return withProfile(readTokenIdentity(upstream, signIn.tokens), once);
  const claimed = source === 'id_token' ? await verifyIdToken(needs, connector, upstream, signIn, deadline) : undefined;
  if (claimed?.profile.name !== undefined) return withProfile(claimed, once);
  return withProfile(await askUserinfo(needs, connector, upstream, { signIn, claimed }, deadline), once);
}

/** A verified id_token has said who it is; userinfo then only adds a name, and its failure must not cost the link. */
async function askUserinfo(
  needs: UpstreamSignInNeeds,
  connector: Connector,
  upstream: Upstream,
  { signIn, claimed }: { readonly signIn: SignIn; readonly claimed: Identity | undefined },
  deadline: Deadline,
): Promise<Identity> {
  const request = buildUserinfoRequest(upstream, signIn.tokens.accessToken);
  if (!request) {
    if (claimed) return claimed;
    throw new UpstreamError('misconfigured', 'the connector names no userinfo endpoint, so nobody can be identified');
  }
  try {
    const told = readUserinfo(upstream, await sendUpstream(needs, connector, request, deadline), claimed?.subject);
    return withProfile(told, claimed?.profile ?? {});
  } catch (error) {
    if (claimed && !(error instanceof UpstreamError && error.failure === 'misconfigured')) return claimed;
    throw error;
  }
}

/**
 * A connector with token and userinfo endpoints of its own, but the catalogue's issuer, is identified by that userinfo:
 * the catalogue's keys cannot have signed what comes from elsewhere.
 */
function identitySource(upstream: Upstream, connector: Connector): 'id_token' | 'userinfo' | 'token' {
  const { from } = upstream.provider.identity;
  const { token, userinfo } = connector.endpoints;
  return from === 'id_token' && connector.issuer === null && token !== undefined && userinfo !== undefined
    ? 'userinfo'
    : from;
}

const withProfile = (identity: Identity, more: Identity['profile']): Identity => ({
  subject: identity.subject,
  profile: { ...identity.profile, ...more },
});

/** An unknown signing key is looked for once in a fresh key set. @see OpenID Connect Core 1.0 §10.1.1 */
async function verifyIdToken(
  needs: UpstreamSignInNeeds,
  connector: Connector,
  upstream: Upstream,
  { tokens, nonce }: SignIn,
  deadline: Deadline,
): Promise<Identity> {
  const { idToken } = tokens;
  if (idToken === null)
    throw new UpstreamError('misconfigured', 'the provider sent no id_token; is the scope openid asked for?');
  const { jwksUri } = upstream;
  if (jwksUri === null)
    throw new UpstreamError('misconfigured', 'the provider publishes no keys to verify its id_token with');
  const expected = { upstream, clientId: connector.clientId, nonce, now: needs.now() };
  const keys = (notBefore?: number): Promise<unknown> => reach(() => needs.documents.get(jwksUri, deadline, notBefore));
  try {
    return await readIdToken(idToken, await keys(), expected);
  } catch (error) {
    if (!(error instanceof UnknownSigningKey)) throw error;
    return readIdToken(idToken, await keys(needs.now().getTime()), expected);
  }
}
