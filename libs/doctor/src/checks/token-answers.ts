import { ALEXA_LIMITS } from '@linkbroker/alexa';
import { fail, NotTested, pass, warn, type Check, type Outcome } from '../check.js';
import { firstRefresh, lifeAnswers, worked } from '../experiments.js';
import type { Session } from '../session.js';
import { describeAnswer, gaveToken, isSuccess, memberText, type TokenAnswer } from '../token-answer.js';

/** Octets that Login with Amazon's own tokens may have; Alexa's limit for others is not published (R86). */
const LONGEST_ACCESS_TOKEN = 2_048;

/** What is wrong with an answer, undefined when nothing is. */
type Fault = (answer: TokenAnswer) => string | undefined;

/** Holds all answers of a kind against a rule. @throws NotTested when there is none of that kind */
async function each(session: Session, fits: (answer: TokenAnswer) => boolean, fault: Fault): Promise<Outcome> {
  const answers = (await lifeAnswers(session)).filter(fits);
  if (answers.length === 0) throw new NotTested(describeAnswer(await session.redeemed('plain')));
  const faults = answers.flatMap((answer) => fault(answer) ?? []);
  return faults.length > 0 ? fail(faults.join('; ')) : pass(answers.map(({ what }) => what).join(', '));
}

/** Whether an answer came before Alexa gives up. @see R12 */
export const inTime: Fault = (answer) => {
  const { what, ms, silence } = answer;
  if (silence !== undefined) return describeAnswer(answer);
  return ms <= ALEXA_LIMITS.answerWithin ? undefined : `${what} took ${(ms / 1_000).toFixed(1)} s`;
};

const plainSuccess: Fault = ({ what, status }) => (status === 200 ? undefined : `${what}: HTTP ${status}`);

const jsonObject: Fault = (answer) => (answer.json ? undefined : describeAnswer(answer));

const headers: Fault = ({ what, headers: given }) => {
  const type = given['content-type'] ?? 'none';
  const wrong = [
    /^application\/json\s*(;|$)/i.test(type) ? [] : `Content-Type is ${type.slice(0, 80)}`,
    /\bno-store\b/i.test(given['cache-control'] ?? '') ? [] : 'no Cache-Control: no-store',
  ].flat();
  return wrong.length === 0 ? undefined : `${what}: ${wrong.join(', ')}`;
};

async function checkHeaders(session: Session): Promise<Outcome> {
  const outcome = await each(session, (answer) => isSuccess(answer) && answer.json !== undefined, headers);
  if (outcome.status !== 'pass') return outcome;
  const { headers: given } = await session.redeemed('plain');
  if (/\bno-cache\b/i.test(given['pragma'] ?? '')) return outcome;
  return warn(`${outcome.evidence}; without Pragma: no-cache, which only caches of HTTP/1.0 need`);
}

async function checkAccessToken(session: Session): Promise<Outcome> {
  const answer = await session.redeemed('plain');
  const { status, silence, json } = answer;
  if (silence !== undefined) throw new NotTested('no answer (R12)');
  if (status >= 400) return fail(describeAnswer(answer));
  if (!isSuccess(answer)) throw new NotTested(`HTTP ${status} (R74)`);
  if (!json) throw new NotTested('no JSON object (R75)');
  return gaveToken(answer) ? pass('it is there') : fail('it is missing');
}

async function checkRefreshToken(session: Session): Promise<Outcome> {
  const given = memberText(await session.redeemed('plain'), 'refresh_token');
  if (given !== undefined) return pass('it is there');
  return fail('it is missing: the link ends with the first access token');
}

async function checkRefreshWorks(session: Session): Promise<Outcome> {
  const { answer } = await firstRefresh(session);
  if (answer.silence !== undefined) throw new NotTested('no answer (R12)');
  if (worked(answer)) return pass(`HTTP ${answer.status}`);
  if (isSuccess(answer) && !answer.json) throw new NotTested('no JSON object (R75)');
  return fail(describeAnswer(answer));
}

/** Seconds, also where they stand in quotes. */
const lifetime = ({ json }: TokenAnswer): number => Number(json?.['expires_in'] ?? Number.NaN);

const livesLongEnough: Fault = (answer) => {
  const given = answer.json?.['expires_in'];
  if (given === undefined) return undefined;
  const seconds = lifetime(answer);
  if (Number.isInteger(seconds) && seconds >= ALEXA_LIMITS.minAccessTokenTtl) return undefined;
  return `${answer.what}: expires_in is ${Number.isFinite(seconds) ? `${seconds}` : 'no number'}`;
};

async function checkLifetime(session: Session): Promise<Outcome> {
  const outcome = await each(session, gaveToken, livesLongEnough);
  const said = (await session.redeemed('plain')).json?.['expires_in'];
  if (outcome.status !== 'pass' || said !== undefined) return outcome;
  return warn("without expires_in Alexa takes the console's default, which must be 360 at least (R81, R82)");
}

const saysLifetime = async (session: Session): Promise<Outcome> => {
  const said = (await firstRefresh(session)).answer.json?.['expires_in'] !== undefined;
  return said ? pass('it does') : fail('it does not: Alexa was seen to stop refreshing');
};

const numeric: Fault = ({ what, json }) =>
  json?.['expires_in'] === undefined || typeof json['expires_in'] === 'number' ? undefined : `${what}: it is in quotes`;

const bearer: Fault = (answer) =>
  /^bearer$/i.test(memberText(answer, 'token_type') ?? '') ? undefined : `${answer.what}: it does not`;

const short: Fault = (answer) => {
  const { length } = memberText(answer, 'access_token') ?? '';
  return length <= LONGEST_ACCESS_TOKEN ? undefined : `${answer.what}: ${length} characters`;
};

const nextToken = async (session: Session): Promise<Outcome> => {
  const given = memberText((await firstRefresh(session)).answer, 'refresh_token');
  return given === undefined ? fail('it does not: the old one has to stay good') : pass('it does');
};

type Row = readonly [string, string, string, string, readonly string[], Check['run']];

const ROWS: readonly Row[] = [
  [
    'in-time',
    'R12',
    'Codes are redeemed and tokens refreshed within 4.5 seconds',
    'Ask nobody else while Alexa waits; do slow work while the household is at its browser.',
    ['return'],
    (session) => each(session, () => true, inTime),
  ],
  [
    'status',
    'R74',
    'Success is status 200',
    'Answer 200, not 201 and not a redirect.',
    ['return'],
    (session) => each(session, ({ status }) => status > 0 && status < 400, plainSuccess),
  ],
  [
    'json',
    'R75',
    'The answer is a JSON object',
    'Answer JSON without being asked for it by Accept.',
    ['return'],
    (session) => each(session, isSuccess, jsonObject),
  ],
  [
    'headers',
    'R76',
    'The answer says application/json and no-store',
    'Send Content-Type: application/json, Cache-Control: no-store and Pragma: no-cache.',
    ['return'],
    checkHeaders,
  ],
  [
    'access-token',
    'R77',
    'The code is redeemed for an access token',
    'Look into the log of the token endpoint at this time; the error says what it did not like.',
    ['return'],
    checkAccessToken,
  ],
  [
    'token-type',
    'R79',
    'token_type says bearer',
    'Add "token_type": "bearer".',
    ['access-token'],
    (session) => each(session, gaveToken, bearer),
  ],
  [
    'lifetime',
    'R80',
    'Access tokens live 360 seconds or more',
    'Give access tokens an hour, and set the Default Access Token Expiration Time to the same.',
    ['access-token'],
    checkLifetime,
  ],
  [
    'lifetime-number',
    'R84',
    'expires_in is a JSON number',
    'Send it without quotes.',
    ['access-token'],
    (session) => each(session, gaveToken, numeric),
  ],
  [
    'access-token-size',
    'R86',
    'Access tokens have 2,048 characters at most',
    'Use tokens that refer to what is stored; each directive carries one.',
    ['access-token'],
    (session) => each(session, gaveToken, short),
  ],
  [
    'refresh-token',
    'R78',
    'A refresh token comes with the first access token',
    'Issue refresh tokens to this client; some servers want the scope offline_access, Google access_type=offline.',
    ['access-token'],
    checkRefreshToken,
  ],
  [
    'refresh-works',
    'R78',
    'The refresh token gives a new access token',
    'Let the client use the refresh_token grant, and keep refresh tokens for months without use.',
    ['refresh-token'],
    checkRefreshWorks,
  ],
  [
    'refresh-lifetime',
    'R83',
    "A refresh's answer says expires_in",
    'Send the same members as for a code.',
    ['refresh-works'],
    saysLifetime,
  ],
  [
    'refresh-next',
    'R103',
    "A refresh's answer has the refresh token to use next",
    'Send the refresh token with each answer, the same or a new one.',
    ['refresh-works'],
    nextToken,
  ],
];

/** The answers to a code and to a first refresh. */
export const TOKEN_ANSWER_CHECKS: readonly Check[] = ROWS.map(([name, rule, title, remedy, needs, run]) => ({
  name,
  rule,
  title,
  remedy,
  needs,
  run,
}));
