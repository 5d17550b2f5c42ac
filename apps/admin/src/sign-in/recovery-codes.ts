import type { AdminSession } from '@linkbroker/ephemeral';
import { createHash, randomBytes } from 'node:crypto';
import { conflict, notAuthenticated } from '../http/problem.js';
import { accountOf } from './account-of.js';
import { auditEntry, personActor } from './audit-entry.js';
import { hasFactor, raiseSession, type BegunSession } from './begin-session.js';
import { checkMayChangeFactors } from './check-may-change-factors.js';
import { limitGuesses } from './guess-limits.js';
import type { SignInNeeds } from './sign-in-needs.js';

const COUNT = 10;
/** Without letters that look like digits. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 16;

type Needs = Pick<SignInNeeds, 'now' | 'newSecret' | 'accounts' | 'sessions' | 'attempts'>;

/** Eighty random bits, in groups that can be copied by hand. */
function newCode(): string {
  const letters = [...randomBytes(LENGTH)].map((octet) => LETTERS[octet % LETTERS.length]).join('');
  return (letters.match(/.{4}/g) ?? []).join('-');
}

/** Of so many random bits nobody makes a table: a plain hash will do. */
const hashOfCode = (accountId: string, code: string): Buffer =>
  createHash('sha256')
    .update(`${accountId}|${code.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')}`)
    .digest();

/** Makes ten new recovery codes; those before are void. @throws ApiProblem 403, 409 without a factor to recover */
export async function renewRecoveryCodes(needs: Needs, session: AdminSession, address: string): Promise<string[]> {
  const account = await accountOf(needs, session);
  await checkMayChangeFactors(needs, session);
  if (!hasFactor(await needs.accounts.factorsOf(account.id)))
    throw conflict('Recovery codes stand in for a second factor: set one up first.');
  const codes = Array.from({ length: COUNT }, newCode);
  const entry = auditEntry(
    needs,
    personActor(account),
    { action: 'recovery-codes.renewed', subject: account.id },
    address,
  );
  await needs.accounts.replaceRecoveryCodes(
    account.id,
    codes.map((code) => hashOfCode(account.id, code)),
    entry,
  );
  return codes;
}

/** Presents a recovery code in the place of a second factor; it is spent. @throws ApiProblem 401, 429 */
export async function presentRecoveryCode(
  needs: Needs,
  session: AdminSession,
  code: string,
  address: string,
): Promise<BegunSession> {
  const account = await accountOf(needs, session);
  const entry = auditEntry(needs, personActor(account), { action: 'recovery-code.used', subject: account.id }, address);
  const right = await limitGuesses(needs, { at: `recovery:${account.id}`, address }, async () =>
    (await needs.accounts.takeRecoveryCode(account.id, hashOfCode(account.id, code), entry)) ? true : undefined,
  );
  if (!right) throw notAuthenticated('The code is wrong, or was used before.');
  return raiseSession(needs, session);
}
