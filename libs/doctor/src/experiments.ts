import { NotTested } from './check.js';
import { once } from './once.js';
import { takeTokens, type Session, type Tokens } from './session.js';
import { describeAnswer, gaveToken, isSuccess, memberText, type TokenAnswer } from './token-answer.js';

/** A refresh that went well or not, and the tokens before it. */
export interface Refreshed {
  readonly before: Tokens;
  readonly answer: TokenAnswer;
}

/** Whether an answer is a refresh that Alexa could go on with. */
export const worked = (answer: TokenAnswer): boolean => isSuccess(answer) && gaveToken(answer);

/** The tokens to use next; a server that does not rotate may leave the refresh token out. */
export function nextTokens({ before, answer }: Refreshed): Tokens {
  const accessToken = memberText(answer, 'access_token');
  if (accessToken === undefined) throw new NotTested(`no tokens (${describeAnswer(answer)})`);
  return { accessToken, refreshToken: memberText(answer, 'refresh_token') ?? before.refreshToken };
}

/** The first refresh after linking. @throws NotTested without a refresh token */
export const firstRefresh = once(async (session): Promise<Refreshed> => {
  const before = takeTokens(await session.redeemed('plain'));
  const refreshed = { before, answer: await session.refresh(before.refreshToken) };
  if (worked(refreshed.answer)) session.advance(nextTokens(refreshed));
  else session.spoil();
  return refreshed;
});

/** One more refresh of the living link. @throws NotTested when it is refused */
export async function refreshLiving(session: Session): Promise<Refreshed> {
  const before = await session.living();
  const refreshed = { before, answer: await session.refresh(before.refreshToken) };
  if (!worked(refreshed.answer)) {
    session.spoil();
    throw new NotTested(`a fresh refresh token did not work (${describeAnswer(refreshed.answer)})`);
  }
  session.advance(nextTokens(refreshed));
  return refreshed;
}

/** The answers by which a link lives: the redeemed code's and, when it came to that, the first refresh's. */
export async function lifeAnswers(session: Session): Promise<readonly TokenAnswer[]> {
  const redeemed = await session.redeemed('plain');
  if (!isSuccess(redeemed) || memberText(redeemed, 'refresh_token') === undefined) return [redeemed];
  return [redeemed, (await firstRefresh(session)).answer];
}
