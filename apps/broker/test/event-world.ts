import { acceptGrantError, acceptGrantResponse, buildAcceptGrant } from '@linkbroker/alexa';
import { basic, linked, type Answer, type Client } from './alexa.js';
import { startGateways, type Gateways } from './gateways.js';
import { LWA_CLIENT, startLwa, type Lwa } from './lwa.js';
import { ALEXA, BACKEND, startTestBroker, type TestBroker } from './test-broker.js';

/** A broker whose skill may send events, before a model of Login with Amazon. */
export interface EventWorld {
  readonly broker: TestBroker;
  readonly lwa: Lwa;
  readonly gateways: Gateways;
  /** Posts what a skill's server hands on. */
  readonly hand: (body: unknown, options?: Handing) => Promise<Answer>;
  /** Hands on an AcceptGrant, of a household's access token. */
  readonly accept: (token: string, code?: string, correlationToken?: string) => Promise<Answer>;
  /** A household that has linked: its access token. */
  readonly household: () => Promise<string>;
  readonly close: () => Promise<void>;
}

interface Handing {
  readonly client?: Client | undefined;
  readonly skill?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
}

export const EVENTS = `events: { clientId: ${LWA_CLIENT.clientId}, clientSecret: "${LWA_CLIENT.clientSecret}", region: eu }`;

/** The test's config with the event permission of its first skill. */
export const withEvents = (yaml: string): string =>
  yaml.replace('        connectors: [home, gone]\n', `        connectors: [home, gone]\n        ${EVENTS}\n`);

export async function startEventWorld(): Promise<EventWorld> {
  const lwa = await startLwa();
  const gateways = await startGateways((token) => lwa.given.includes(token));
  const broker = await startTestBroker(undefined, { LWA_TOKEN_URL: lwa.url, ...gateways.variables });
  await broker.apply(withEvents);
  const hand = async (
    body: unknown,
    { client = BACKEND, skill = ALEXA.clientId, headers = {}, path = 'directives' }: Handing = {},
  ): Promise<Answer> => {
    const response = await fetch(`${broker.url}/alexa/${encodeURIComponent(skill)}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...basic(client.clientId, client.clientSecret), ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const read = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body: read };
  };
  const accept = (token: string, code = lwa.newCode(), correlationToken?: string): Promise<Answer> => {
    const { directive } = buildAcceptGrant({ code, token, messageId: 'one' });
    return hand({ directive: { ...directive, header: { ...directive.header, correlationToken } } });
  };
  const close = async (): Promise<void> => {
    await broker.close();
    await lwa.close();
    await gateways.close();
  };
  return { broker, lwa, gateways, hand, accept, household: async () => (await linked(broker, ALEXA)).access, close };
}

export function expectAccepted(answer: Answer): void {
  expect([answer.status, acceptGrantResponse.safeParse(answer.body).success, answer.body]).toMatchObject([
    200,
    true,
    {},
  ]);
}
export function expectRefused(answer: Answer, message?: RegExp): void {
  expect(answer.status).toBe(200);
  const { payload } = acceptGrantError.parse(answer.body).event;
  if (message) expect(payload.message).toMatch(message);
}
