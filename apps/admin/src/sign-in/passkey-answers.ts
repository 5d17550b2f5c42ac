import type { AdminSession, PasskeyChallenge } from '@linkbroker/ephemeral';
import type { Passkey } from '@linkbroker/persistence';
import {
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { z } from 'zod';
import { conflict, notAuthenticated } from '../http/problem.js';
import { accountOf } from './account-of.js';
import { auditEntry, personActor } from './audit-entry.js';
import { beginSession, raiseSession, type BegunSession } from './begin-session.js';
import { checkMayChangeFactors } from './check-may-change-factors.js';
import { limitGuesses } from './guess-limits.js';
import { relyingPartyOf, transportsOf } from './passkey-options.js';
import type { Visit } from './sign-in-by-password.js';
import type { SignInNeeds } from './sign-in-needs.js';

type Needs = Pick<
  SignInNeeds,
  'now' | 'newSecret' | 'adminUrl' | 'accounts' | 'passkeys' | 'challenges' | 'sessions' | 'attempts'
>;
/** What a browser sent; the rest of it is read by whoever verifies it. */
export interface SentCredential {
  readonly id: string;
  readonly response: Readonly<Record<string, unknown>>;
}

/** More than anybody carries. */
const MOST_PASSKEYS = 20;
const clientData = z.object({ challenge: z.string() });

/**
 * Signs in with a passkey, which proves possession and, by its own check of the person, a second factor; in a session of
 * the same account it is presented as that.
 * @throws ApiProblem 401, 429
 */
export async function signInByPasskey(needs: Needs, credential: SentCredential, visit: Visit): Promise<BegunSession> {
  const passkey = await limitGuesses(needs, { at: null, address: visit.address }, () =>
    checkPasskey(needs, credential),
  );
  const account = passkey && (await needs.accounts.find(passkey.accountId));
  if (!account || account.disabledAt) throw notAuthenticated('The passkey was not accepted.');
  const { agent, session } = visit;
  if (session?.accountId === account.id) return raiseSession(needs, session);
  return beginSession(needs, { account, method: 'passkey', secondFactor: true, agent, replaces: session, only: null });
}

/** Adds the passkey that a browser made. @throws ApiProblem 401, 403, 409 */
export async function registerPasskey(
  needs: Needs,
  session: AdminSession,
  { name, credential }: { readonly name: string; readonly credential: SentCredential },
  address: string,
): Promise<BegunSession> {
  const account = await accountOf(needs, session);
  await checkMayChangeFactors(needs, session);
  if ((await needs.passkeys.list(account.id)).length >= MOST_PASSKEYS)
    throw conflict('The account has too many passkeys.');
  const made = await checkRegistration(needs, account.id, credential);
  if (!made) throw notAuthenticated('The passkey was not accepted.');
  const entry = auditEntry(
    needs,
    personActor(account),
    { action: 'passkey.added', subject: account.id, diff: { name } },
    address,
  );
  if (!(await needs.passkeys.add({ ...made, accountId: account.id, name, createdAt: needs.now() }, entry)))
    throw conflict('This passkey is known already.');
  return raiseSession(needs, session);
}

/** Removes a passkey. @throws ApiProblem 403, 409 */
export async function removePasskey(needs: Needs, session: AdminSession, id: string, address: string): Promise<void> {
  const account = await accountOf(needs, session);
  await checkMayChangeFactors(needs, session);
  const entry = auditEntry(needs, personActor(account), { action: 'passkey.removed', subject: account.id }, address);
  if (!(await needs.passkeys.remove(account.id, id, entry)))
    throw conflict("There is no such passkey, or it is an operator's last factor.");
}

async function checkPasskey(needs: Needs, credential: SentCredential): Promise<Passkey | undefined> {
  const challenge = readChallenge(credential);
  const asked = challenge && (await needs.challenges.take(challenge));
  const passkey = await needs.passkeys.find(credential.id);
  if (!challenge || !asked || !passkey || !isFor(asked, 'sign-in', passkey.accountId)) return undefined;
  const party = relyingPartyOf(needs);
  const verified = await verifyAuthenticationResponse({
    response: credential as unknown as AuthenticationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    credential: {
      id: passkey.id,
      publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
      counter: passkey.counter,
      transports: transportsOf(passkey),
    },
  }).catch(() => undefined);
  if (!verified?.verified) return undefined;
  const counted = await needs.passkeys.used(passkey.id, verified.authenticationInfo.newCounter, needs.now());
  return counted ? passkey : undefined;
}

async function checkRegistration(
  needs: Needs,
  accountId: string,
  credential: SentCredential,
): Promise<Pick<Passkey, 'id' | 'publicKey' | 'counter' | 'transports'> | undefined> {
  const challenge = readChallenge(credential);
  const asked = challenge && (await needs.challenges.take(challenge));
  if (!challenge || !asked || !isFor(asked, 'register', accountId)) return undefined;
  const party = relyingPartyOf(needs);
  const verified = await verifyRegistrationResponse({
    response: credential as unknown as RegistrationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
  }).catch(() => undefined);
  if (!verified?.verified) return undefined;
  const { id, publicKey, counter, transports } = verified.registrationInfo.credential;
  return { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports: transports ?? [] };
}

const isFor = (
  { purpose, accountId }: PasskeyChallenge,
  wanted: PasskeyChallenge['purpose'],
  account: string,
): boolean => purpose === wanted && (accountId === null || accountId === account);

/** The challenge that an answer claims to be to; whether it was given out is asked next. */
function readChallenge({ response }: SentCredential): string | undefined {
  const { clientDataJSON } = response;
  if (typeof clientDataJSON !== 'string' || clientDataJSON.length > 4_096) return undefined;
  try {
    return clientData.parse(JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'))).challenge;
  } catch {
    return undefined;
  }
}
