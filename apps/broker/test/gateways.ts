import type { EventRegion } from '@linkbroker/contracts';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An event as a gateway got it. */
export interface GatewayEvent {
  readonly region: EventRegion;
  readonly token: string;
  readonly at: number;
  readonly body: Record<string, unknown>;
}

interface GatewayReply {
  readonly status: number;
  readonly code?: string;
}

/** The event gateways of the three regions. @see R165–R172 */
export interface Gateways {
  readonly variables: Record<string, string>;
  readonly events: GatewayEvent[];
  /** Where the household is, and which of its tokens are good. */
  home: EventRegion;
  accepts: (token: string) => boolean;
  /** What happens to the next events at its home, one each. */
  readonly faults: GatewayReply[];
  close(): Promise<void>;
}

const REGIONS = ['na', 'eu', 'fe'] as const;

async function jsonOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
}

export async function startGateways(accepts: (token: string) => boolean): Promise<Gateways> {
  const state = { home: 'eu' as EventRegion, accepts, events: [] as GatewayEvent[], faults: [] as GatewayReply[] };
  const replyOf = (region: EventRegion, token: string): GatewayReply => {
    if (region !== state.home) return { status: 403, code: 'SKILL_NEVER_ENABLED_EXCEPTION' };
    const fault = state.faults.shift();
    if (fault) return fault;
    return state.accepts(token) ? { status: 202 } : { status: 401, code: 'INVALID_ACCESS_TOKEN_EXCEPTION' };
  };
  const answer = async (region: EventRegion, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const at = performance.now();
    state.events.push({ region, token, at, body: await jsonOf(request) });
    const { status, code } =
      request.url === '/v3/events' ? replyOf(region, token) : { status: 404, code: 'NO_SUCH_PATH' };
    const header = { namespace: 'System', name: 'Exception', messageId: 'x' };
    const body = code === undefined ? '' : JSON.stringify({ header, payload: { code, description: `with ${token}` } });
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
  const servers = REGIONS.map((region) => createServer((request, response) => void answer(region, request, response)));
  await Promise.all(servers.map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))));
  const urls = servers.map((server) => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  const close = async (): Promise<void> => {
    for (const server of servers) server.closeAllConnections();
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  };
  const variables = Object.fromEntries(
    REGIONS.map((region, i) => [`ALEXA_API_${region.toUpperCase()}`, urls[i] ?? '']),
  );
  return Object.assign(state, { variables, close });
}
