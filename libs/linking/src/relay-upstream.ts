import type { Deadline } from '@linkbroker/contracts';
import {
  buildRelayedTokenRequest,
  judgeRelayedAnswer,
  presentedIn,
  type RelayedTokenRequest,
  type RelayVerdict,
} from '@linkbroker/protocol';
import { parseAnswer } from '@linkbroker/providers';
import type { RelayCall, RelayNeeds } from './relay-needs.js';

/** The token request for the existing server, with its own credentials or with those that Alexa presented. */
export async function prepareRelayedRequest(
  needs: Pick<RelayNeeds, 'open'>,
  { skill, relay, clientSecret, request }: RelayCall,
  deadline: Deadline,
): Promise<RelayedTokenRequest> {
  const place = { tenantId: skill.tenantId, row: skill.id, field: 'skills.relay_secret', version: 0 };
  const secret =
    relay.sealedSecret === null
      ? clientSecret
      : (await needs.open(place, Buffer.from(relay.sealedSecret, 'base64'), deadline)).toString('utf8');
  const credentials = { clientId: relay.clientId ?? skill.clientId, clientSecret: secret };
  return buildRelayedTokenRequest(relay.tokenUrl, relay.scheme, credentials, request);
}

/** A verdict with what it came of. */
export interface JudgedAnswer {
  readonly status: number;
  readonly ms: number;
  readonly verdict: RelayVerdict;
}

/**
 * Presents a token to the existing server, once.
 * @throws what egress throws: nothing usable came within the deadline
 */
export async function askRelayed(
  needs: Pick<RelayNeeds, 'egress'>,
  { skill, request }: RelayCall,
  wire: RelayedTokenRequest,
  deadline: Deadline,
): Promise<JudgedAnswer> {
  const began = performance.now();
  const response = await needs.egress.send({ ...wire, purpose: 'upstream', deadline, circuit: skill.id });
  const answer = parseAnswer(response);
  const isForm = typeof answer === 'object' && !/^\s*\{/.test(response.body.replace(/^\uFEFF/, ''));
  const { status, contentType = '' } = response;
  const { grantType } = request;
  const { accessTokenTtl } = skill;
  const verdict = judgeRelayedAnswer(
    { status, contentType, answer, isForm },
    { grantType, presented: presentedIn(request), accessTokenTtl },
  );
  return { status, ms: Math.round(performance.now() - began), verdict };
}
