import { parseObject } from '../http/redact.js';
import { NoAnswer, send, type Answer } from '../http/send.js';
import { backendRequest, type Backend } from './backend-request.js';
import { describeAnswer, describeRequest, type Exchange } from './exchange.js';
import { must, type Finding } from './rules.js';
import type { Broker } from './token-endpoint.js';

const rule = 'RFC 8693';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

/** What is wrong with the answer, or what it brought. */
function judge({ status, body }: Answer): Finding {
  const members = parseObject(body);
  const told = typeof members?.error === 'string' ? `: ${members.error}` : '';
  if (status !== 200) return must(rule, false, `the token exchange answered HTTP ${status}${told}`);
  const { access_token: token, expires_in: expiresIn, issued_token_type: type } = members ?? {};
  const lacks = [
    ...(typeof token === 'string' && token !== '' ? [] : ['access_token']),
    ...(type === accessTokenType ? [] : ['issued_token_type']),
    ...(typeof expiresIn === 'number' && expiresIn > 0 ? [] : ['expires_in']),
  ];
  if (lacks.length > 0) return must(rule, false, `the token exchange answered without a usable ${lacks.join(', ')}`);
  return must(rule, true, `an access token of the upstream's own, good for ${String(expiresIn)} s`);
}

/** Asks for the upstream's token with the access token that a directive brought, as the skill's own server would. */
export async function exchangeToken(
  broker: Broker,
  backend: Backend,
  accessToken: string,
): Promise<{ readonly exchange: Exchange; readonly finding: Finding }> {
  const request = backendRequest(broker, backend, '/oauth/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: accessToken,
    subject_token_type: accessTokenType,
  });
  const about = { title: "The skill's backend asks for the upstream's token", request: describeRequest(request) };
  try {
    const answer = await send(request, broker.deadlineMs);
    return { exchange: { ...about, answer: describeAnswer(answer) }, finding: judge(answer) };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const answer = { problem: error.message, ms: error.ms };
    return { exchange: { ...about, answer }, finding: must(rule, false, error.message) };
  }
}
