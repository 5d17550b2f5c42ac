import { parseJson } from '@linkbroker/protocol';
import { z } from 'zod';

/** Endpoints that one report may hold. @see R170 */
const MAX_ENDPOINTS = 300;

const printable = z.string().regex(/^[\x21-\x7E]{1,200}$/);
const header = z.looseObject({
  namespace: printable,
  name: printable,
  payloadVersion: z.literal('3'),
  /** The same event has the same one, however often it is sent. */
  messageId: printable,
});
const payload = z.looseObject({
  endpoints: z.array(z.unknown()).max(MAX_ENDPOINTS, 'may hold at most 300 endpoints (R170)').optional(),
});
const message = {
  event: z.looseObject({ header, endpoint: z.looseObject({}).optional(), payload }),
  context: z.looseObject({}).optional(),
};

/** An event for Alexa as a skill's server writes it: everything but the bearer token. */
export const alexaMessage = z.object(message);
export type AlexaMessage = z.infer<typeof alexaMessage>;

/** What a skill's server asks to be sent: for which link, and whether it waits for what comes of it. */
export const eventOrder = z.strictObject({ link: z.uuid(), ...message, async: z.boolean().default(false) });
export type EventOrder = z.infer<typeof eventOrder>;

export interface GatewayRequest {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * An event with its bearer token, for a gateway. Reports of discovery hold the token in their payload, everything else in
 * its endpoint.
 * @param gateway address of a region's gateway, without a slash at its end
 * @see R165 R166
 */
export function buildGatewayRequest(gateway: string, token: string, { event, context }: AlexaMessage): GatewayRequest {
  const scope = { type: 'BearerToken', token };
  const isDiscovery = event.header.namespace === 'Alexa.Discovery';
  const filled = {
    ...event,
    ...(event.endpoint && { endpoint: { ...event.endpoint, scope } }),
    payload: isDiscovery ? { ...event.payload, scope } : event.payload,
  };
  return {
    method: 'POST',
    url: `${gateway}/v3/events`,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(context ? { context, event: filled } : { event: filled }),
  };
}

/** What a gateway's answer asks for. `code` is Amazon's, where it is one. */
export interface GatewayVerdict {
  readonly kind:
    | 'delivered'
    /** Another token, or another region. */
    | 'token'
    /** Another region, or later. */
    | 'elsewhere'
    /** The household has disabled the skill. */
    | 'disabled'
    /** This event will not be taken. */
    | 'refused'
    | 'later';
  readonly status: number;
  readonly code: string | null;
}

const code = z.string().regex(/^[A-Z_]{1,60}$/);
const exception = z.object({ payload: z.object({ code: code.optional(), type: code.optional() }) });

/** Reads a gateway's answer. @see R166–R172 */
export function readGatewayAnswer({
  status,
  body,
}: {
  readonly status: number;
  readonly body: string;
}): GatewayVerdict {
  const read = exception.safeParse(parseJson(body)).data?.payload;
  const named = read?.code ?? read?.type ?? null;
  return { kind: kindOf(status, named), status, code: named };
}

function kindOf(status: number, named: string | null): GatewayVerdict['kind'] {
  if (status >= 200 && status < 300) return 'delivered';
  if (status === 401) return 'token';
  if (status === 403 && named === 'SKILL_DISABLED_EXCEPTION') return 'disabled';
  if (status === 403 && named === 'SKILL_NEVER_ENABLED_EXCEPTION') return 'elsewhere';
  const refuses = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return refuses ? 'refused' : 'later';
}
