import type { Deadline } from '@linkbroker/contracts';
import { Agent } from 'undici';
import type { AddressPolicy, Purpose } from './address-policy.js';
import { checkedConnector, resolveHost, resolveOnce, type Resolve } from './checked-connector.js';
import { Circuits, type CircuitOptions, type Verdict } from './circuits.js';
import { EgressFailed, EgressRefused } from './egress-refused.js';
import { exchange, UnusableAnswer, type InboundResponse } from './exchange.js';
import { HostSlots } from './host-slots.js';
import { parseTarget } from './target.js';

export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly purpose: Purpose;
  readonly deadline: Deadline;
  /** What fails together, e.g. a connector: its circuit opens when the far end is sick. */
  readonly circuit?: string;
}

export interface EgressOptions {
  /** Requests in flight to one host; the others wait under their own deadline. */
  readonly perHost?: number;
  readonly circuits?: CircuitOptions;
  readonly resolve?: Resolve;
}

const PER_HOST = 16;
const MAX_HEADER_BYTES = 16 * 1024;
/**
 * A server that hangs up while we write leaves nobody knowing whether a single-use token was spent. So a connection is given
 * up before the shortest patience in use, two seconds; one that is busy is kept all the same.
 */
const KEEP_ALIVE_MS = 1_000;
/** The longest that a server can talk us into keeping a connection; two seconds less than it says are taken. */
const MAX_KEEP_ALIVE_MS = 60_000;
/** These are ours to say. `Host` would even choose the name that TLS verifies. */
const OWN_HEADERS = /^(?:host|connection|content-length|transfer-encoding|accept-encoding|expect|upgrade|te)$/i;

/**
 * The only way out. One deadline from waiting for a slot to the last octet of the body; redirects are handed back, not
 * followed; the address that policy has checked is the one connected to, so that DNS cannot change its mind between. A
 * request is written at most once: nothing is ever repeated here.
 */
export class Egress {
  private readonly agents: Readonly<Record<Purpose, Agent>>;
  private readonly slots: HostSlots;
  private readonly circuits: Circuits;

  constructor(policy: AddressPolicy, { perHost = PER_HOST, circuits, resolve = resolveHost }: EgressOptions = {}) {
    this.slots = new HostSlots(perHost);
    this.circuits = new Circuits(circuits);
    const once = resolveOnce(resolve);
    const agentFor = (purpose: Purpose): Agent =>
      new Agent({
        connections: perHost,
        pipelining: 1,
        allowH2: false,
        maxHeaderSize: MAX_HEADER_BYTES,
        // The deadline does it.
        headersTimeout: 0,
        bodyTimeout: 0,
        keepAliveTimeout: KEEP_ALIVE_MS,
        keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
        connect: checkedConnector(policy, purpose, once),
      });
    this.agents = { upstream: agentFor('upstream'), webhook: agentFor('webhook'), doctor: agentFor('doctor') };
  }

  /**
   * @throws EgressRefused when policy forbids it, EgressFailed when no usable answer came; its `sent` is false when
   * nothing has left
   */
  async send(outbound: OutboundRequest): Promise<InboundResponse> {
    const { circuit, deadline } = outbound;
    const target = parseTarget(outbound.url);
    const headers = headersOf(outbound);
    if (deadline <= performance.now()) throw new EgressFailed(`${target.host}: deadline had passed`, { sent: false });
    if (circuit !== undefined) this.circuits.check(circuit, target.host);
    const release = await this.slots.take(target.host, circuit ?? '', deadline);
    try {
      const report = circuit === undefined ? undefined : this.circuits.enter(circuit, target.host);
      return await this.judged(report, () =>
        exchange(this.agents[outbound.purpose], {
          ...{ method: outbound.method, target, headers, deadline },
          body: outbound.body ?? null,
        }),
      );
    } finally {
      release();
    }
  }

  /** Destroys what is under way. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.agents).map((agent) => agent.destroy()));
  }

  private async judged(
    report: ((verdict: Verdict) => void) | undefined,
    work: () => Promise<InboundResponse>,
  ): Promise<InboundResponse> {
    let verdict: Verdict = 'nothing';
    try {
      const response = await work();
      verdict = verdictOn(response.status);
      return response;
    } catch (error) {
      if (error instanceof UnusableAnswer) verdict = verdictOn(error.status);
      else if (error instanceof EgressFailed) verdict = 'sick';
      throw error;
    } finally {
      report?.(verdict);
    }
  }
}

/** A refusal, also 429, comes from a server that is well. */
const verdictOn = (status: number): Verdict => (status >= 500 ? 'sick' : 'well');

function headersOf({ headers = {} }: OutboundRequest): Record<string, string> {
  const own = Object.keys(headers).find((name) => OWN_HEADERS.test(name));
  if (own !== undefined) throw new EgressRefused(`the header ${own.toLowerCase()} is not the caller's`);
  return { 'user-agent': 'linkbroker', accept: 'application/json', 'accept-encoding': 'identity', ...headers };
}
