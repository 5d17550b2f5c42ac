import { fail, NotTested, pass, type Check, type Outcome } from '../check.js';
import { nextTokens, worked } from '../experiments.js';
import { once } from '../once.js';
import type { Session } from '../session.js';
import { describeAnswer, type TokenAnswer } from '../token-answer.js';

const WRONG_SECRET = 'doctor-wrong-client-secret';

interface Refused {
  readonly answer: TokenAnswer;
  /** By RFC 6749 §5.2. */
  readonly codes: readonly string[];
}

/** Requests that no server can serve. */
const refusals = once(async (session): Promise<readonly Refused[]> => {
  const code = {
    grant_type: 'authorization_code',
    code: 'doctor-unknown-code',
    redirect_uri: session.target.redirectUri,
  };
  const clientSecret = WRONG_SECRET;
  const all: readonly Refused[] = [
    { answer: await session.ask('a wrong client secret', code, { clientSecret }), codes: ['invalid_client'] },
    { answer: await session.ask('an unknown code', code), codes: ['invalid_grant'] },
    { answer: await session.refresh('doctor-unknown-token', 'an unknown refresh token'), codes: ['invalid_grant'] },
    {
      answer: await session.ask('an unknown grant type', { grant_type: 'doctor' }),
      codes: ['unsupported_grant_type', 'unauthorized_client', 'invalid_request'],
    },
    { answer: await session.ask('no parameters', {}), codes: ['invalid_request', 'unsupported_grant_type'] },
  ];
  const answered = all.filter(({ answer }) => answer.silence === undefined);
  if (answered.length === 0) throw new NotTested('no answer to any of them');
  return answered;
});

const isJsonError = ({ status, json }: TokenAnswer): boolean => status >= 400 && typeof json?.['error'] === 'string';

async function checkShape(session: Session): Promise<Outcome> {
  const answers = (await refusals(session)).map(({ answer }) => answer);
  const wrong = answers.filter((answer) => !isJsonError(answer));
  if (wrong.length === 0) return pass(`${answers.length} impossible requests were answered with JSON errors`);
  return fail(
    wrong
      .map((answer) =>
        answer.json && answer.status >= 400 ? `${answer.what}: no error in it` : describeAnswer(answer),
      )
      .join('; '),
  );
}

async function checkCodes(session: Session): Promise<Outcome> {
  const answers = (await refusals(session)).filter(({ answer }) => isJsonError(answer));
  const wrong = answers.filter(
    ({ answer: { status, json }, codes }) => ![400, 401].includes(status) || !codes.includes(String(json?.['error'])),
  );
  const says = (refused: readonly Refused[]): string => refused.map(({ answer }) => describeAnswer(answer)).join('; ');
  return wrong.length === 0 ? pass(says(answers)) : fail(says(wrong));
}

/** A wrong secret beside a token that is right. */
async function checkSecret(session: Session): Promise<Outcome> {
  const before = await session.living();
  const answer = await session.refresh(before.refreshToken, 'a wrong secret', { clientSecret: WRONG_SECRET });
  if (answer.silence !== undefined) throw new NotTested(answer.silence);
  if (!worked(answer)) return pass(describeAnswer(answer));
  session.advance(nextTokens({ before, answer }));
  return fail('a refresh token worked with a wrong client secret');
}

/** Requests that nobody can be served with. */
export const TOKEN_ERROR_CHECKS: readonly Check[] = [
  {
    name: 'error-shape',
    rule: 'R91',
    title: 'Errors are JSON with an error status',
    remedy: 'Answer {"error": "…"} with status 400 or 401; never 200, never a page.',
    run: checkShape,
  },
  {
    name: 'error-codes',
    rule: 'R90',
    title: 'Errors have the status and the code of RFC 6749',
    remedy:
      'invalid_client for credentials, invalid_grant for codes and tokens, invalid_request for the rest: 400, or 401 for credentials.',
    needs: ['error-shape'],
    run: checkCodes,
  },
  {
    name: 'secret',
    rule: 'R140',
    title: 'A refresh token is of no use without the client secret',
    remedy: 'Authenticate the client before anything else at the token endpoint.',
    needs: ['refresh-works'],
    run: checkSecret,
  },
];
