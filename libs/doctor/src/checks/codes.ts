import { fail, notApplicable, NotTested, pass, type Check, type Outcome } from '../check.js';
import { worked } from '../experiments.js';
import { once } from '../once.js';
import { takeTokens, type Session } from '../session.js';
import { describeAnswer, type TokenAnswer } from '../token-answer.js';

/** RFC 6749 §4.1.2 recommends ten minutes at most. */
const OLD_CODE_MS = 10 * 60_000 + 5_000;

/** An answer that says something about what was presented, and is not trouble of its own. @throws NotTested */
function assertAnswered(answer: TokenAnswer): TokenAnswer {
  if (answer.silence !== undefined || answer.status >= 500) throw new NotTested(describeAnswer(answer));
  return answer;
}

interface Pkce {
  readonly right: TokenAnswer;
  readonly missingAccepted: boolean;
  readonly wrongAccepted: boolean;
}

/** Three codes that were asked for with a challenge: with its verifier, with none, with another one. */
const pkce = once(async (session): Promise<Pkce> => {
  const right = await session.redeemed('signs');
  const { code, request } = await session.coded('unicode');
  const missing = await session.redeem({ code, request: { ...request, verifier: undefined } });
  const other = await session.coded('spare');
  const wrong = await session.redeem(other, { code_verifier: 'doctor-wrong-verifier-'.padEnd(64, 'x') });
  return {
    right: assertAnswered(right),
    missingAccepted: worked(assertAnswered(missing)),
    wrongAccepted: worked(assertAnswered(wrong)),
  };
});

async function checkPkce(session: Session): Promise<Outcome> {
  const { right, missingAccepted, wrongAccepted } = await pkce(session);
  if (!worked(right)) return fail(`a code with a challenge and its verifier: ${describeAnswer(right)}`);
  if (missingAccepted && wrongAccepted) return fail('the server does not look at challenges');
  return pass('codes with and without a challenge were redeemed');
}

async function checkVerifier(session: Session): Promise<Outcome> {
  const { right, missingAccepted, wrongAccepted } = await pkce(session);
  if (!worked(right) || (missingAccepted && wrongAccepted)) return notApplicable('the server has no PKCE (R4)');
  if (missingAccepted) return fail('a code with a challenge was redeemed without a verifier');
  if (wrongAccepted) return fail('a code with a challenge was redeemed with a wrong verifier');
  return pass('refused without a verifier and with a wrong one');
}

async function checkBinding(session: Session): Promise<Outcome> {
  const coded = await session.coded('long');
  const answer = await session.redeem(coded, { redirect_uri: `${session.target.redirectUri}/other` });
  if (worked(assertAnswered(answer))) return fail('it was redeemed with another redirect URI');
  return pass(describeAnswer(answer));
}

async function checkOtherClient(session: Session): Promise<Outcome> {
  const { otherClient } = session.target;
  if (otherClient === undefined) throw new NotTested('the target names no otherClient');
  const coded = await session.coded('raw');
  const answer = assertAnswered(await session.redeem(coded, {}, otherClient));
  if (worked(answer)) return fail('it was redeemed by another client');
  const own = answer.json?.['error'] !== 'invalid_client';
  if (!own) throw new NotTested(`the other client of the target is not known: ${describeAnswer(answer)}`);
  return pass(describeAnswer(answer));
}

interface Replayed {
  readonly again: TokenAnswer;
  readonly refreshed: TokenAnswer;
}

/** A code that is presented twice, and what the first presentation gave afterwards. */
const replay = once(async (session): Promise<Replayed> => {
  const tokens = takeTokens(await session.redeemed('signs'));
  const again = assertAnswered(await session.redeem(await session.coded('signs')));
  return { again, refreshed: assertAnswered(await session.refresh(tokens.refreshToken)) };
});

async function checkSingleUse(session: Session): Promise<Outcome> {
  const { again } = await replay(session);
  return worked(again) ? fail('a code was redeemed twice') : pass(describeAnswer(again));
}

async function checkReplay(session: Session): Promise<Outcome> {
  const { refreshed } = await replay(session);
  if (worked(refreshed)) return pass('the tokens of the first redemption still work');
  return fail(`after a code was presented twice, its refresh token is dead (${describeAnswer(refreshed)})`);
}

async function checkOldCode(session: Session): Promise<Outcome> {
  const coded = await session.coded('old');
  session.probes.progress('waiting ten minutes for a code to grow old');
  await session.probes.sleep(OLD_CODE_MS, session.signal);
  const answer = assertAnswered(await session.redeem(coded));
  return worked(answer) ? fail('a code of ten minutes was redeemed') : pass(describeAnswer(answer));
}

/** What codes can be used for. */
export const CODE_CHECKS: readonly Check[] = [
  {
    name: 'pkce',
    rule: 'R4',
    title: 'Codes with a PKCE challenge are served like those without',
    remedy: 'Support code_challenge with S256, optional for this client.',
    needs: ['access-token'],
    run: checkPkce,
  },
  {
    name: 'verifier',
    rule: 'R72',
    title: 'A code with a challenge is redeemed with its verifier only',
    remedy: 'Refuse a missing and a wrong code_verifier wherever the authorization request had a challenge.',
    needs: ['access-token'],
    run: checkVerifier,
  },
  {
    name: 'code-binding',
    rule: 'R63',
    title: 'A code is not redeemed with another redirect URI',
    remedy: 'Store the redirect URI with the code, and compare it.',
    needs: ['access-token'],
    run: checkBinding,
  },
  {
    name: 'code-client',
    rule: 'R63',
    title: 'A code is not redeemed by another client',
    remedy: 'Store the client with the code, and compare it with the one that authenticates.',
    needs: ['access-token'],
    run: checkOtherClient,
  },
  {
    name: 'single-use',
    rule: 'R59',
    title: 'A code works once',
    remedy: 'Mark codes as used in the same statement that redeems them.',
    needs: ['access-token'],
    run: checkSingleUse,
  },
  {
    name: 'replay',
    rule: 'R60',
    title: 'A code that is presented twice does not end the link',
    remedy: 'Refuse the second presentation and leave the tokens alone: it may be a retry after a lost answer.',
    needs: ['refresh-works'],
    run: checkReplay,
  },
  {
    name: 'old-code',
    rule: 'R59',
    title: 'A code of ten minutes is refused',
    remedy: 'Let codes expire after five to ten minutes.',
    needs: ['access-token'],
    slow: true,
    run: checkOldCode,
  },
];
