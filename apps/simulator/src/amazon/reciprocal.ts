import { describeAnswer, describeRequest, type Exchange } from '../alexa/exchange.js';
import { must, type Finding } from '../alexa/rules.js';
import type { Broker } from '../alexa/token-endpoint.js';
import { redact, redactText } from '../http/redact.js';
import { NoAnswer, send, type OutgoingRequest } from '../http/send.js';
import type { Skill } from '../skills.js';
import type { Grant } from './accept-grant.js';

export interface BroughtCode {
  readonly taken: boolean;
  readonly exchange: Exchange;
  readonly findings: readonly Finding[];
}

const title = 'Alexa brings a code of Login with Amazon';

function buildRequest({ url }: Broker, { clientId }: Skill, { code, token }: Grant): OutgoingRequest {
  const form = { grant_type: 'reciprocal_authorization_code', client_id: clientId, code };
  return {
    method: 'POST',
    url: `${url}/alexa/${encodeURIComponent(clientId)}/reciprocal`,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  };
}

/** Posts a code to the skill's reciprocal address once somebody has linked, as Alexa does. @see R174–R177 */
export async function bringReciprocalCode(broker: Broker, skill: Skill, grant: Grant): Promise<BroughtCode> {
  const request = buildRequest(broker, skill, grant);
  const shown = { ...describeRequest(request), authorization: `Bearer ${redact(grant.token)}` };
  try {
    const answer = await send(request, broker.deadlineMs);
    const taken = answer.status === 200;
    const says = taken ? 'it was taken' : `HTTP ${String(answer.status)}: ${redactText(answer.body)}`;
    return {
      taken,
      exchange: { title, request: shown, answer: describeAnswer(answer) },
      findings: [must('R177', taken, says)],
    };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const exchange = { title, request: shown, answer: { problem: error.message, ms: error.ms } };
    return { taken: false, exchange, findings: [must('R177', false, error.message)] };
  }
}
