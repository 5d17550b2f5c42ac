import { buildGatewayRequest, readGatewayAnswer, type AlexaMessage, type GatewayVerdict } from '@linkbroker/alexa';
import { EVENT_REGIONS, type Deadline, type EventRegion, type TenantId } from '@linkbroker/contracts';
import {
  freshEventTokens,
  type EventLink,
  type FreshEventTokens,
  type FreshEventTokensNeeds,
} from './fresh-event-tokens.js';
import { reach } from './upstream-needs.js';

export interface DeliverAlexaEventNeeds extends FreshEventTokensNeeds {
  /** Address of each region's gateway, without a slash at its end. */
  readonly gateways: Readonly<Record<EventRegion, string>>;
  readonly eventGrants: FreshEventTokensNeeds['eventGrants'] & {
    use(
      tenantId: TenantId,
      grant: { id: string; region: EventRegion | null },
      now: Date,
      deadline: Deadline,
    ): Promise<void>;
    stop(tenantId: TenantId, grant: { id: string; version: number }, deadline: Deadline): Promise<boolean>;
  };
}

/** What came of one attempt to deliver an event. */
export type AlexaEventResult =
  | { readonly kind: 'delivered'; readonly status: number; readonly region: EventRegion }
  /** It will not be taken. `status` and `code` are the gateway's, where it was asked. */
  | {
      readonly kind: 'refused';
      readonly reason: 'no_event_grant' | 'skill_disabled' | 'event_refused';
      readonly status: number | null;
      readonly code: string | null;
    }
  | { readonly kind: 'later'; readonly status: number | null; readonly code: string | null };

type Fresh = Extract<FreshEventTokens, { kind: 'fresh' }>;
const HTTP_MS = 4_000;

/**
 * Delivers an event to the gateway of its household, once. A refused token is renewed once; a household that a gateway
 * does not know is looked for in the other regions, and remembered where it is found; one that has disabled the skill
 * loses its tokens.
 * @throws errors of the stores and the vault
 * @see R165–R173, ADR 0019
 */
export async function deliverAlexaEvent(
  needs: DeliverAlexaEventNeeds,
  link: EventLink,
  message: AlexaMessage,
  deadline: Deadline,
): Promise<AlexaEventResult> {
  let tokens = await freshEventTokens(needs, link, null, deadline);
  if (tokens.kind !== 'fresh') return withoutTokens(tokens);
  const home = tokens.grant.region;
  let verdict = await send(needs, tokens, home, message, deadline);
  if (verdict.kind === 'token') {
    tokens = await freshEventTokens(needs, link, tokens.grant.version, deadline);
    if (tokens.kind !== 'fresh') return withoutTokens(tokens);
    verdict = await send(needs, tokens, home, message, deadline);
  }
  if (verdict.kind !== 'token' && verdict.kind !== 'elsewhere') {
    return conclude(needs, link, tokens, verdict, home, deadline);
  }
  for (const region of EVENT_REGIONS.filter((other) => other !== home)) {
    const found = await send(needs, tokens, region, message, deadline);
    if (found.kind === 'delivered') return conclude(needs, link, tokens, found, region, deadline);
  }
  // Nobody knows the household yet: enablement takes a while to be known (R169). A token nobody takes is no use later.
  const { kind, status, code } = verdict;
  return kind === 'elsewhere'
    ? { kind: 'later', status, code }
    : { kind: 'refused', reason: 'event_refused', status, code };
}

const withoutTokens = ({ kind }: FreshEventTokens): AlexaEventResult =>
  kind === 'none'
    ? { kind: 'refused', reason: 'no_event_grant', status: null, code: null }
    : { kind: 'later', status: null, code: null };

async function send(
  needs: DeliverAlexaEventNeeds,
  { grant, accessToken }: Fresh,
  region: EventRegion,
  message: AlexaMessage,
  deadline: Deadline,
): Promise<GatewayVerdict> {
  const request = buildGatewayRequest(needs.gateways[region], accessToken, message);
  const until = Math.min(deadline, performance.now() + HTTP_MS);
  const outbound = {
    ...request,
    purpose: 'upstream',
    deadline: until,
    circuit: `gateway ${region} ${grant.id}`,
  } as const;
  try {
    return readGatewayAnswer(await reach(() => needs.egress.send(outbound)));
  } catch {
    return { kind: 'later', status: 0, code: null };
  }
}

async function conclude(
  needs: DeliverAlexaEventNeeds,
  { tenantId, skillId, linkId }: EventLink,
  { grant }: Fresh,
  { kind, status, code }: GatewayVerdict,
  region: EventRegion,
  deadline: Deadline,
): Promise<AlexaEventResult> {
  const where = { tenantId, skillId, linkId };
  if (kind === 'later') return { kind, status: status === 0 ? null : status, code };
  if (kind === 'delivered') {
    const learned = region === grant.region ? null : region;
    await needs.eventGrants
      .use(tenantId, { id: grant.id, region: learned }, needs.now(), deadline)
      .catch(() => undefined);
    if (learned) needs.trace({ name: 'event_grant.moved', ...where, outcome: region });
    return { kind, status, region };
  }
  if (kind !== 'disabled') return { kind: 'refused', reason: 'event_refused', status, code };
  const stopped = await needs.eventGrants.stop(tenantId, { id: grant.id, version: grant.version }, deadline);
  if (stopped) needs.trace({ name: 'event_grant.dead', ...where, outcome: 'skill_disabled' });
  return { kind: 'refused', reason: 'skill_disabled', status, code };
}
