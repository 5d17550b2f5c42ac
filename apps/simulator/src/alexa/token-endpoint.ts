import { NoAnswer, send, type OutgoingRequest } from '../http/send.js';
import type { Skill } from '../skills.js';
import { describeAnswer, describeRequest, type Exchange } from './exchange.js';
import { must } from './rules.js';
import type { AccessTokenScheme } from './return.js';
import { judgeTokenAnswer, type TokenStep, type TokenVerdict } from './token-rules.js';

/** Where the broker is and how long Alexa waits for it. */
export interface Broker {
  readonly url: string;
  /** Alexa's is 4,500 ms (R12). */
  readonly deadlineMs: number;
}

export interface TokenOutcome {
  readonly exchange: Exchange;
  readonly verdict: TokenVerdict;
}

/** As seen at a token endpoint (R15). */
const userAgent = 'Apache-HttpClient/4.5.x (Java/1.8.0_152)';

export type Param = readonly [name: string, value: string];

/**
 * A request in the shape that was captured from Alexa (R65–R67): the grant's own parameters first, then the credentials in
 * the body, or in a Basic header made of id and secret as they are.
 */
export function buildTokenRequest(
  broker: Broker,
  skill: Skill,
  scheme: AccessTokenScheme,
  grant: readonly Param[],
  last: readonly Param[] = [],
): OutgoingRequest {
  const basic = scheme === 'HTTP_BASIC';
  const credentials: Param[] = basic
    ? []
    : [
        ['client_id', skill.clientId],
        ['client_secret', skill.clientSecret],
      ];
  const body = [...grant, ...credentials, ...last];
  const pair = Buffer.from(`${skill.clientId}:${skill.clientSecret}`).toString('base64');
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'User-Agent': userAgent,
    ...(basic ? { Authorization: `Basic ${pair}` } : {}),
  };
  return {
    method: 'POST',
    url: `${broker.url}/oauth/token`,
    headers,
    body: new URLSearchParams(body.map(([name, value]): [string, string] => [name, value])).toString(),
  };
}

async function ask(broker: Broker, request: OutgoingRequest, step: TokenStep, title: string): Promise<TokenOutcome> {
  try {
    const answer = await send(request, broker.deadlineMs);
    const verdict = judgeTokenAnswer(answer, step);
    return { exchange: { title, request: describeRequest(request), answer: describeAnswer(answer) }, verdict };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    // No answer at all is no verdict on the token: Alexa would keep the link and try again.
    const rule = error.reason === 'deadline' ? 'R12' : step === 'exchange' ? 'R92' : 'R94';
    const finding = must(rule, false, error.message);
    const answer = { problem: error.message, ms: error.ms };
    return {
      exchange: { title, request: describeRequest(request), answer },
      verdict: { findings: [finding], dead: false },
    };
  }
}

export interface CodeToRedeem {
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier?: string | undefined;
}

export function redeemCode(
  broker: Broker,
  skill: Skill,
  scheme: AccessTokenScheme,
  { code, redirectUri, codeVerifier }: CodeToRedeem,
): Promise<TokenOutcome> {
  const grant: Param[] = [
    ['grant_type', 'authorization_code'],
    ['code', code],
    ['redirect_uri', redirectUri],
  ];
  const last: Param[] = codeVerifier === undefined ? [] : [['code_verifier', codeVerifier]];
  return ask(broker, buildTokenRequest(broker, skill, scheme, grant, last), 'exchange', 'Alexa redeems the code');
}

export function refresh(
  broker: Broker,
  skill: Skill,
  scheme: AccessTokenScheme,
  refreshToken: string,
  title = 'Alexa refreshes',
): Promise<TokenOutcome> {
  const grant: Param[] = [
    ['grant_type', 'refresh_token'],
    ['refresh_token', refreshToken],
  ];
  return ask(broker, buildTokenRequest(broker, skill, scheme, grant), 'refresh', title);
}
