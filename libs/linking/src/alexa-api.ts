import {
  buildEndpointDiscovery,
  readEndpoints,
  type EnablementRequest,
  type EnablementVerdict,
} from '@linkbroker/alexa';
import { EVENT_REGIONS, type Deadline, type EventRegion } from '@linkbroker/contracts';
import { reach, type UpstreamNeeds } from './upstream-needs.js';

export interface AlexaApiNeeds extends Pick<UpstreamNeeds, 'egress'> {
  /** Alexa's address in each region, without a slash at its end. */
  readonly gateways: Readonly<Record<EventRegion, string>>;
}

const DISCOVERY_MS = 2_000;
/** Alexa redeems a code at our token endpoint while we wait. */
const CALL_MS = 6_000;

/**
 * Alexa's addresses for a household, of those we know: the ones that discovery names, or all where it says nothing of use.
 * @see R193
 */
export async function findApis(
  needs: AlexaApiNeeds,
  skillId: string,
  token: string,
  deadline: Deadline,
): Promise<readonly string[]> {
  const known = EVENT_REGIONS.map((region) => needs.gateways[region]);
  const request = buildEndpointDiscovery(needs.gateways.na, token);
  const until = Math.min(deadline, performance.now() + DISCOVERY_MS);
  const outbound = { ...request, purpose: 'upstream', deadline: until, circuit: `alexa ${skillId}` } as const;
  const answer = await reach(() => needs.egress.send(outbound)).catch(() => undefined);
  const named = answer ? readEndpoints(answer, known) : [];
  return named.length > 0 ? named : known;
}

type Answer = Parameters<typeof readEndpoints>[0];

/**
 * Sends requests one after the other, until one is done. Where none is, the word of the region that knows most counts:
 * trouble before a refusal, a refusal before "not found".
 */
export async function callAlexa(
  needs: AlexaApiNeeds,
  skillId: string,
  requests: readonly EnablementRequest[],
  read: (answer: Answer) => EnablementVerdict,
  deadline: Deadline,
): Promise<EnablementVerdict> {
  let best: EnablementVerdict | undefined;
  for (const request of requests) {
    const until = Math.min(deadline, performance.now() + CALL_MS);
    const outbound = { ...request, purpose: 'upstream', deadline: until, circuit: `alexa ${skillId}` } as const;
    const later: EnablementVerdict = { kind: 'later', status: 0 };
    const verdict = await reach(() => needs.egress.send(outbound)).then(read, () => later);
    if (verdict.kind === 'done') return verdict;
    if (!best || weight(verdict) > weight(best)) best = verdict;
  }
  return best ?? { kind: 'later', status: 0 };
}

const weight = (verdict: EnablementVerdict): number => {
  if (verdict.kind === 'later') return 2;
  return verdict.kind === 'refused' && verdict.reason !== 'not_found' ? 1 : 0;
};
