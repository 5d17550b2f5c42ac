import { randomUUID } from 'node:crypto';
import type { Backend } from '../alexa/backend-request.js';
import { describeAnswer, type Exchange, type ShownRequest } from '../alexa/exchange.js';
import { must, type Finding } from '../alexa/rules.js';
import { parseObject, redact, redactText } from '../http/redact.js';
import { NoAnswer, send, type Answer } from '../http/send.js';
import type { Skill } from '../skills.js';

/** Where a skill's Lambda hands the directive on, and as whom. */
export interface Handler {
  readonly url: string;
  readonly backend: Backend;
}

/** What the directive brings: a code of Login with Amazon, and the household's access token. */
export interface Grant {
  readonly code: string;
  readonly token: string;
}

export interface AcceptedGrant {
  readonly accepted: boolean;
  readonly exchange: Exchange;
  readonly findings: readonly Finding[];
}

/** How long Alexa waits for a skill. @see R147 */
const skillDeadlineMs = 8000;
const namespace = 'Alexa.Authorization';

export const handlerOf = (brokerUrl: string, { clientId }: Skill, backend: Backend): Handler => ({
  url: `${brokerUrl}/alexa/${encodeURIComponent(clientId)}/directives`,
  backend,
});

/** Hands AcceptGrant on as a skill's Lambda would, and holds the answer against what Alexa takes. @see R148–R154 */
export async function acceptGrant({ url, backend }: Handler, { code, token }: Grant): Promise<AcceptedGrant> {
  const header = { namespace, name: 'AcceptGrant', payloadVersion: '3', messageId: randomUUID() };
  const payload = { grant: { type: 'OAuth2.AuthorizationCode', code }, grantee: { type: 'BearerToken', token } };
  const pair = Buffer.from(`${backend.clientId}:${backend.clientSecret}`).toString('base64');
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json', Authorization: `Basic ${pair}` };
  const request: ShownRequest = {
    method: 'POST',
    url,
    authorization: `Basic ${backend.clientId}:…`,
    params: [
      ['directive', `${namespace} AcceptGrant`],
      ['grant.code', redact(code)],
      ['grantee.token', redact(token)],
    ],
  };
  const title = 'Alexa hands the skill a grant for events';
  try {
    const body = JSON.stringify({ directive: { header, payload } });
    const answer = await send({ method: 'POST', url, headers, body }, skillDeadlineMs);
    const findings = judge(answer);
    const accepted = findings.every(({ ok }) => ok);
    return { accepted, exchange: { title, request, answer: describeAnswer(answer) }, findings };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const exchange = { title, request, answer: { problem: error.message, ms: error.ms } };
    return { accepted: false, exchange, findings: [must('R148', false, error.message)] };
  }
}

type Members = Readonly<Record<string, unknown>>;
const membersOf = (value: unknown): Members => (typeof value === 'object' && value !== null ? (value as Members) : {});

function judge({ status, body }: Answer): readonly Finding[] {
  const event = membersOf(parseObject(body)?.event);
  const header = membersOf(event.header);
  if (status !== 200 || header.name === undefined) {
    return [must('R148', false, `the answer is HTTP ${String(status)} and no event`)];
  }
  return [
    header.name === 'ErrorResponse' ? judgeRefusal(header, event.payload) : judgeAcceptance(header, event.payload),
  ];
}

const isFramed = (header: Members): boolean =>
  header.namespace === namespace && header.payloadVersion === '3' && typeof header.messageId === 'string';

function judgeRefusal(header: Members, payload: unknown): Finding {
  const { type, message } = membersOf(payload);
  const isKnown = isFramed(header) && type === 'ACCEPT_GRANT_FAILED' && typeof message === 'string' && message !== '';
  if (!isKnown) return must('R153', false, 'the refusal is none that Alexa knows');
  return must('R148', false, `it was not accepted: ${redactText(message)}`);
}

function judgeAcceptance(header: Members, payload: unknown): Finding {
  const isEmpty = typeof payload === 'object' && payload !== null && Object.keys(payload).length === 0;
  const isAccepted = isFramed(header) && header.name === 'AcceptGrant.Response' && isEmpty;
  const wanted = 'AcceptGrant.Response with an empty payload';
  return must('R152', isAccepted, isAccepted ? wanted : `the answer is no ${wanted}`);
}
