import { fail, NotTested, pass, type Check, type Outcome } from '../check.js';
import { firstRefresh, nextTokens, refreshLiving, worked } from '../experiments.js';
import { introspect } from '../introspect.js';
import { once } from '../once.js';
import type { Session } from '../session.js';
import { describeAnswer, memberText, type TokenAnswer } from '../token-answer.js';
import type { Change } from '../token-request.js';
import { inTime } from './token-answers.js';

/** Directives that arrive together and find the access token too old. */
const AT_ONCE = 5;

const NO_ROTATION = 'refresh tokens do not change';

/** The answer to the first refresh was lost, so Alexa comes with the same token again. */
async function checkLostAnswer(session: Session): Promise<Outcome> {
  const first = await firstRefresh(session);
  if (nextTokens(first).refreshToken === first.before.refreshToken) return pass(NO_ROTATION);
  const answer = await session.refresh(first.before.refreshToken, 'the same token again');
  if (worked(answer)) {
    session.advance(nextTokens({ before: nextTokens(first), answer }));
    return pass('the token before the newest gave working tokens again');
  }
  session.spoil();
  return fail(describeAnswer(answer));
}

interface Late {
  readonly rotates: boolean;
  /** To a token that was replaced twice. */
  readonly late: TokenAnswer;
  /** To the newest one, afterwards. */
  readonly newest: TokenAnswer;
}

/** An old token turns up after its successors were used, and then the newest one. */
const lateToken = once(async (session): Promise<Late> => {
  const { before: oldest } = await refreshLiving(session);
  await refreshLiving(session);
  const current = await session.living();
  const rotates = current.refreshToken !== oldest.refreshToken;
  const late = await session.refresh(oldest.refreshToken, 'a token that was replaced twice');
  const newest = await session.refresh(current.refreshToken, 'the newest token after that');
  if (worked(newest)) session.advance(nextTokens({ before: current, answer: newest }));
  else session.spoil();
  return { rotates, late, newest };
});

async function checkFamily(session: Session): Promise<Outcome> {
  const { rotates, newest } = await lateToken(session);
  if (worked(newest)) return pass(rotates ? 'the newest token still works' : NO_ROTATION);
  return fail(`the link is dead: ${describeAnswer(newest)}`);
}

async function checkOldTokens(session: Session): Promise<Outcome> {
  const { rotates, late } = await lateToken(session);
  if (worked(late)) return pass(rotates ? 'it still works' : NO_ROTATION);
  return fail(describeAnswer(late));
}

/** Also that what each of them gave can be used. */
async function checkParallel(session: Session): Promise<Outcome> {
  await refreshLiving(session);
  const before = await session.living();
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => session.refresh(before.refreshToken, `request ${index + 1}`)),
  );
  session.spoil();
  const refused = answers.filter((answer) => !worked(answer));
  if (refused.length > 0) {
    return fail(`${refused.length} of ${AT_ONCE} failed: ${refused.map(describeAnswer).join('; ')}`);
  }
  const next = new Set(answers.map((answer) => memberText(answer, 'refresh_token') ?? before.refreshToken));
  for (const token of next) {
    const answer = await session.refresh(token, 'a token that one of them gave');
    if (!worked(answer)) return fail(describeAnswer(answer));
    session.advance(nextTokens({ before: { ...before, refreshToken: token }, answer }));
  }
  return pass(`${AT_ONCE} of ${AT_ONCE} succeeded with ${next.size} different tokens, all of which work`);
}

async function checkPreviousAccess(session: Session): Promise<Outcome> {
  const { accessToken } = await session.living();
  if (!(await introspect(session, accessToken))) throw new NotTested('introspection does not know living tokens');
  await refreshLiving(session);
  if (await introspect(session, accessToken)) return pass('it is still active after a refresh');
  return fail('it is not active after a refresh, though directives under way carry it');
}

/** A refresh that is a little different; a refusal does no harm to the link. */
async function checkVariant(
  session: Session,
  form: Readonly<Record<string, string>>,
  change: Change,
): Promise<Outcome> {
  const before = await session.living();
  const grant = { grant_type: 'refresh_token', refresh_token: before.refreshToken };
  const answer = await session.ask('refreshing so', { ...grant, ...form }, change);
  if (!worked(answer)) return fail(describeAnswer(answer));
  session.advance(nextTokens({ before, answer }));
  return pass(`HTTP ${answer.status}`);
}

const otherScheme = ({ target: { scheme } }: Session): Change => ({
  scheme: scheme === 'HTTP_BASIC' ? 'REQUEST_BODY_CREDENTIALS' : 'HTTP_BASIC',
});

const CHARSET = 'application/x-www-form-urlencoded; charset=UTF-8';
const ROTATION_REMEDY =
  'Do not rotate, or keep old refresh tokens good for hours at least, and switch reuse detection off for this client.';

/** Also errors, repeated tokens and simultaneous ones: everything that was asked in this run. */
function checkAllInTime({ asked }: Session): Outcome {
  const late = [...new Set(asked.flatMap((answer) => inTime(answer) ?? []))];
  if (late.length > 0) return fail(late.join('; '));
  const slowest = Math.max(0, ...asked.map(({ ms }) => ms));
  return pass(`the slowest of ${asked.length} answers took ${(slowest / 1_000).toFixed(2)} s`);
}

/** What happens to a link over time. Nothing here waits: time is played by the order of requests. */
export const REFRESH_CHECKS: readonly Check[] = [
  {
    name: 'lost-answer',
    rule: 'R100',
    title: 'After a lost answer the same refresh token works again',
    remedy: ROTATION_REMEDY,
    needs: ['refresh-works'],
    run: checkLostAnswer,
  },
  {
    name: 'family',
    rule: 'R102',
    title: 'An old refresh token that turns up late does not end the link',
    remedy: ROTATION_REMEDY,
    needs: ['refresh-works'],
    run: checkFamily,
  },
  {
    name: 'old-tokens',
    rule: 'R101',
    title: 'A refresh token that was replaced twice still works',
    remedy: ROTATION_REMEDY,
    needs: ['refresh-works'],
    run: checkOldTokens,
  },
  {
    name: 'parallel',
    rule: 'R106',
    title: 'Five refreshes with one token at the same time all succeed',
    remedy: 'Answer simultaneous requests with the same successor, or do not rotate.',
    needs: ['lost-answer'],
    run: checkParallel,
  },
  {
    name: 'previous-access',
    rule: 'R107',
    title: 'The access token before a refresh stays active',
    remedy: 'Let access tokens end by their own expiry only.',
    needs: ['refresh-works'],
    run: checkPreviousAccess,
  },
  {
    name: 'other-scheme',
    rule: 'R69',
    title: 'The other way of client authentication works as well',
    remedy: 'Accept Basic and body credentials, so that a change in the console does not end links.',
    needs: ['refresh-works'],
    run: (session) => checkVariant(session, {}, otherScheme(session)),
  },
  {
    name: 'extra-parameter',
    rule: 'R33',
    title: 'The token endpoint ignores a parameter that it does not know',
    remedy: 'Ignore unknown parameters.',
    needs: ['refresh-works'],
    run: (session) => checkVariant(session, { doctor_extra: '1' }, {}),
  },
  {
    name: 'charset',
    rule: 'R65',
    title: 'A content type with a charset is read as a form',
    remedy: 'Compare the media type without its parameters.',
    needs: ['refresh-works'],
    run: (session) => checkVariant(session, {}, { contentType: CHARSET }),
  },
  {
    name: 'all-in-time',
    rule: 'R12',
    title: 'Every answer of the token endpoint in this run came within 4.5 seconds',
    remedy: 'Look for waits: locks on a token, requests to somebody else, delays after wrong credentials.',
    needs: ['in-time'],
    run: checkAllInTime,
  },
];
