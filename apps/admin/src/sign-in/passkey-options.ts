import type { AdminSession } from '@linkbroker/ephemeral';
import type { Passkey } from '@linkbroker/persistence';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type AuthenticatorTransport,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { accountOf } from './account-of.js';
import { checkMayChangeFactors } from './check-may-change-factors.js';
import type { SignInNeeds } from './sign-in-needs.js';

type Needs = Pick<SignInNeeds, 'now' | 'adminUrl' | 'accounts' | 'passkeys' | 'challenges'>;

/** Whose passkeys they are: the admin app's host. @see Web Authentication Level 3 §5.1.2 */
export const relyingPartyOf = ({ adminUrl }: Pick<Needs, 'adminUrl'>): { id: string; origin: string } => {
  const { hostname, origin } = new URL(adminUrl);
  return { id: hostname, origin };
};

/** What a browser asks for a passkey with: one of the session's account, or whichever somebody has. */
export async function beginPasskey(
  needs: Needs,
  session: AdminSession | undefined,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const own = session ? await needs.passkeys.list(session.accountId) : undefined;
  const options = await generateAuthenticationOptions({
    rpID: relyingPartyOf(needs).id,
    userVerification: 'required',
    ...(own && { allowCredentials: own.map(descriptorOf) }),
  });
  await needs.challenges.keep(options.challenge, { purpose: 'sign-in', accountId: session?.accountId ?? null });
  return options;
}

/** What a browser makes a passkey with. @throws ApiProblem 401, 403 */
export async function beginPasskeyRegistration(
  needs: Needs,
  session: AdminSession,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const account = await accountOf(needs, session);
  await checkMayChangeFactors(needs, session);
  const options = await generateRegistrationOptions({
    rpName: 'Linkbroker',
    rpID: relyingPartyOf(needs).id,
    userName: account.login ?? account.displayName,
    userDisplayName: account.displayName,
    userID: new TextEncoder().encode(account.id),
    attestationType: 'none',
    excludeCredentials: (await needs.passkeys.list(account.id)).map(descriptorOf),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await needs.challenges.keep(options.challenge, { purpose: 'register', accountId: account.id });
  return options;
}

export const transportsOf = ({ transports }: Pick<Passkey, 'transports'>): AuthenticatorTransport[] =>
  transports as AuthenticatorTransport[];

const descriptorOf = (passkey: Passkey) => ({ id: passkey.id, transports: transportsOf(passkey) });
