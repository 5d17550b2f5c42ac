import type { ProviderHop } from '@linkbroker/ephemeral';
import type { Account, FoundSignInProvider } from '@linkbroker/persistence';
import { createHash, timingSafeEqual } from 'node:crypto';
import { acceptWithIdentity } from '../members/accept-with-identity.js';
import { forbidden, notAuthenticated, notFound } from '../http/problem.js';
import { beginSession, type BegunSession } from './begin-session.js';
import { limitGuesses } from './guess-limits.js';
import { authorizationUrl, redeemCallback, type ProviderClient, type Vouched } from './provider-client.js';
import type { Visit } from './sign-in-by-password.js';
import type { SignInNeeds } from './sign-in-needs.js';

type BeginNeeds = Pick<SignInNeeds, 'newSecret' | 'adminUrl' | 'providers' | 'hops' | 'seal' | 'egress'>;

/** Where to go, and what the browser keeps until it comes back. */
export interface BegunHop {
  readonly url: string;
  readonly browserSecret: string;
}

/** The page that a provider sends a browser back to; the console hands its query on. */
export const callbackUrlOf = ({ adminUrl }: Pick<SignInNeeds, 'adminUrl'>): string => `${adminUrl}/sign-in/callback`;

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Begins to sign in with a provider, and with an invitation to accept it. @throws ApiProblem 404, 503 */
export async function beginProviderSignIn(
  needs: BeginNeeds,
  slug: string,
  invitation: string | undefined,
): Promise<BegunHop> {
  const provider = await providerOf(needs, slug);
  const [state, nonce, codeVerifier, browserSecret] = [1, 2, 3, 4].map(() => needs.newSecret()) as [
    ...[string, string, string, string],
  ];
  const secrets = { state, nonce, codeVerifier };
  const url = await authorizationUrl(needs.egress, clientOf(needs, provider), callbackUrlOf(needs), secrets);
  const browserHash = hashOf(browserSecret);
  await needs.hops.keep(state, { provider: slug, nonce, codeVerifier, browserHash, invitation: invitation ?? null });
  return { url, browserSecret };
}

type FinishNeeds = BeginNeeds &
  Pick<SignInNeeds, 'now' | 'newId' | 'accounts' | 'sessions' | 'attempts' | 'invitations'>;

/**
 * Signs in whoever a provider vouches for, known by issuer and subject alone. A tenant's own provider lets into that
 * tenant only. Somebody who is not known yet needs an invitation.
 * @throws ApiProblem 401, 403 for who is not known, 404, 429, 503
 */
export async function finishProviderSignIn(
  needs: FinishNeeds,
  query: string,
  browserSecret: string | undefined,
  visit: Visit,
): Promise<BegunSession> {
  const arrived = await limitGuesses(needs, { at: null, address: visit.address }, () =>
    arrive(needs, new URLSearchParams(query), browserSecret),
  );
  if (!arrived) throw notAuthenticated('The provider did not vouch for you in this browser. Begin again.');
  const { vouched, provider, hop } = arrived;
  const account = await accountFor(needs, { vouched, provider, hop }, visit);
  const { agent, session: replaces } = visit;
  const only = provider.tenantId;
  return beginSession(needs, { account, method: 'provider', secondFactor: false, agent, replaces, only });
}

/** Somebody who came back. */
export interface Arrived {
  readonly vouched: Vouched;
  readonly provider: FoundSignInProvider;
  readonly hop: ProviderHop;
}

/** The state is taken first: it comes back once, and to the browser that left with it. */
async function arrive(
  needs: FinishNeeds,
  query: URLSearchParams,
  browserSecret: string | undefined,
): Promise<Arrived | undefined> {
  const state = query.get('state');
  const hop = state === null ? undefined : await needs.hops.take(state);
  if (state === null || !hop || browserSecret === undefined) return undefined;
  if (!timingSafeEqual(Buffer.from(hashOf(browserSecret)), Buffer.from(hop.browserHash))) return undefined;
  const provider = await providerOf(needs, hop.provider);
  const callback = new URL(`${callbackUrlOf(needs)}?${query.toString()}`);
  const secrets = { state, nonce: hop.nonce, codeVerifier: hop.codeVerifier };
  const vouched = await redeemCallback(needs.egress, clientOf(needs, provider), callback, secrets);
  return vouched && { vouched, provider, hop };
}

async function accountFor(needs: FinishNeeds, arrived: Arrived, { address }: Visit): Promise<Account> {
  const known = await needs.accounts.findByIdentity(arrived.vouched);
  if (known?.disabledAt) throw notAuthenticated('The account is disabled.');
  const { invitation } = arrived.hop;
  if (invitation !== null) await acceptWithIdentity(needs, { ...arrived, known, invitation }, address);
  const account = known ?? (await needs.accounts.findByIdentity(arrived.vouched));
  if (!account) throw forbidden('Nobody here is known by this sign-in. Ask for an invitation.');
  return account;
}

async function providerOf({ providers }: Pick<BeginNeeds, 'providers'>, slug: string): Promise<FoundSignInProvider> {
  const provider = await providers.find(slug);
  if (!provider) throw notFound('There is no such provider.');
  return provider;
}

/** Where a provider's secret lives. */
export const placeOfProviderSecret = (id: string): string => `sign_in_providers.client_secret|${id}`;

const clientOf = (
  { seal }: Pick<BeginNeeds, 'seal'>,
  { id, issuer, clientId, clientSecret }: FoundSignInProvider,
): ProviderClient => ({
  issuer,
  clientId,
  clientSecret: seal.open(placeOfProviderSecret(id), clientSecret).toString(),
});
