import type { Deadline } from '@linkbroker/contracts';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { normaliseAddress, type AddressPolicy, type Purpose } from './address-policy.js';
import { EgressFailed, EgressRefused } from './egress-refused.js';

export interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly purpose: Purpose;
  readonly deadline: Deadline;
}

export interface InboundResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Bytes of an answer worth reading; a token answer is a few kilobytes. */
const MAX_BODY_BYTES = 512 * 1024;

/**
 * The only way out. One deadline from the first byte of DNS to the last of the body; redirects are handed back, not
 * followed; the address that policy has checked is the one connected to, so that DNS cannot change its mind between.
 */
export class Egress {
  private readonly agents: Readonly<Record<Purpose, Agent>>;

  constructor(private readonly policy: AddressPolicy) {
    this.agents = {
      upstream: this.agentFor('upstream'),
      webhook: this.agentFor('webhook'),
      doctor: this.agentFor('doctor'),
    };
  }

  /** @throws EgressRefused when policy forbids it, EgressFailed when no usable answer came */
  async send(outbound: OutboundRequest): Promise<InboundResponse> {
    const remaining = outbound.deadline - performance.now();
    if (remaining <= 0) throw new EgressFailed('deadline had passed');
    const url = parseUrl(outbound.url);
    try {
      const response = await request(url, {
        method: outbound.method,
        headers: { 'user-agent': 'linkbroker', accept: 'application/json', ...outbound.headers },
        body: outbound.body ?? null,
        dispatcher: this.agents[outbound.purpose],
        signal: AbortSignal.timeout(Math.ceil(remaining)),
      });
      const body = await readBounded(response.body);
      return { status: response.statusCode, contentType: String(response.headers['content-type'] ?? ''), body };
    } catch (error) {
      throw toEgressError(error, url.host);
    }
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.agents).map((agent) => agent.destroy()));
  }

  private agentFor(purpose: Purpose): Agent {
    const connect = buildConnector({ timeout: 5_000 });
    return new Agent({
      connections: 32,
      keepAliveTimeout: 10_000,
      connect: (options, callback) => {
        const encrypted = options.protocol === 'https:';
        const port = Number(options.port) || (encrypted ? 443 : 80);
        this.checkedAddress(options.hostname, port, purpose, encrypted).then(
          (address) => {
            const servername = options.servername ?? (isIP(options.hostname) ? undefined : options.hostname);
            connect({ ...options, hostname: address, ...(servername ? { servername } : {}) }, callback);
          },
          (error: unknown) => {
            callback(error instanceof Error ? error : new Error(String(error)), null);
          },
        );
      },
    });
  }

  /** The first address of the host that policy allows. */
  private async checkedAddress(host: string, port: number, purpose: Purpose, encrypted: boolean): Promise<string> {
    const literal = normaliseAddress(host);
    const addresses = isIP(literal) ? [literal] : (await lookup(host, { all: true })).map((found) => found.address);
    let refusal = 'no address';
    for (const address of addresses) {
      const reason = this.policy.refusal(address, port, purpose, encrypted);
      if (reason === undefined) return address;
      refusal = reason;
    }
    throw new EgressRefused(`${host}:${String(port)} is ${refusal}`);
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new EgressRefused('not an http(s) address');
  if (url.username !== '' || url.password !== '') throw new EgressRefused('credentials in the address');
  return url;
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new EgressFailed('answer too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toEgressError(error: unknown, host: string): Error {
  if (error instanceof EgressRefused || error instanceof EgressFailed) return error;
  const reason = error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no answer';
  return new EgressFailed(`${host}: ${reason}`, { cause: error });
}
