import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AddressPolicy, Purpose } from './address-policy.js';
import { addressesOf, firstAllowed, resolveHost, resolveOnce, type Resolve } from './checked-connector.js';
import { EgressFailed, EgressRefused } from './egress-refused.js';
import { forwardPlain } from './forward-plain.js';
import { readAuthority, readPlainTarget, type Place } from './proxied-place.js';

/** What one proxy carries at most. */
export interface ProxyLimits {
  /** Connections to it at once. */
  readonly connections: number;
  /** Connections to it in its life. */
  readonly total: number;
  /** Octets in both directions together. */
  readonly bytes: number;
  /** Milliseconds without an octet after which a connection is ended. */
  readonly idleMs: number;
}

export interface ForwardProxyOptions {
  readonly policy: AddressPolicy;
  readonly purpose: Purpose;
  /** The names that may be asked for, in lower case and without ports; nobody else is connected to. */
  readonly hosts: ReadonlySet<string>;
  readonly resolve?: Resolve;
  readonly limits?: Partial<ProxyLimits>;
}

const LIMITS: ProxyLimits = { connections: 64, total: 4_000, bytes: 100 * 1024 * 1024, idleMs: 60_000 };
const CONNECT_MS = 5_000;
const HEADERS_MS = 10_000;
const MAX_HEADER_BYTES = 32 * 1024;
const HTTPS_PORT = 443;

/**
 * A proxy on loopback through which one other process goes out, and sees no more of the network than the policy lets it:
 * it asks by name, the proxy looks the name up, judges each address and connects to the one that it has judged, so that
 * neither a redirect nor a second answer of DNS leads anywhere else. A tunnel to port 443 counts as encrypted, anything
 * else as plain, which the policy opens only where an operator has said so.
 * @see docs/operations.md `EGRESS_ALLOW`, RFC 9110 §9.3.6
 */
export class ForwardProxy {
  private readonly server: Server;
  private readonly limits: ProxyLimits;
  private readonly resolve: Resolve;
  private readonly secret = randomBytes(32).toString('base64url');
  private readonly open = new Set<Duplex>();
  private connections = 0;
  private bytes = 0;
  private spent = false;

  private constructor(private readonly options: ForwardProxyOptions) {
    this.limits = { ...LIMITS, ...options.limits };
    this.resolve = resolveOnce(options.resolve ?? resolveHost);
    this.server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_MS, requestTimeout: 0 });
    this.server.on('connection', (socket: Socket) => this.admit(socket));
    this.server.on('connect', (request, client, head) => void this.tunnel(request, client, head));
    this.server.on('request', (request, response) => void this.forward(request, response));
    this.server.on('clientError', (_error, socket) => socket.destroy());
  }

  /** Starts one, on a port of the system's choice. */
  static async start(options: ForwardProxyOptions): Promise<ForwardProxy> {
    const proxy = new ForwardProxy(options);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** `name:password`, as Basic authentication has it; nobody else on this machine gets through. */
  get credential(): string {
    return `run:${this.secret}`;
  }

  /** Ends everything that goes through it. */
  async close(): Promise<void> {
    this.spent = true;
    for (const socket of this.open) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private admit(socket: Socket): void {
    this.connections += 1;
    if (this.spent || this.open.size >= 2 * this.limits.connections || this.connections > this.limits.total) {
      socket.destroy();
      return;
    }
    this.watch(socket);
  }

  /** Counts what a connection carries, and ends it when it stands still. */
  private watch(socket: Socket): void {
    this.open.add(socket);
    socket.setTimeout(this.limits.idleMs, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.open.delete(socket));
  }

  private count = (chunk: Buffer): void => {
    this.bytes += chunk.length;
    if (this.bytes <= this.limits.bytes || this.spent) return;
    this.spent = true;
    for (const socket of this.open) socket.destroy();
  };

  private async tunnel(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    if (!this.knows(request)) {
      refuseTunnel(client, '407 Proxy Authentication Required', CHALLENGE);
      return;
    }
    try {
      const upstream = await this.connect(readAuthority(request.url ?? ''));
      if (client.destroyed) {
        upstream.destroy();
        return;
      }
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) upstream.write(head);
      client.on('data', this.count).once('close', () => upstream.destroy());
      upstream.on('data', this.count).once('close', () => client.destroy());
      client.pipe(upstream).pipe(client);
    } catch (error) {
      refuseTunnel(client, isPolicy(error) ? '403 Forbidden' : '502 Bad Gateway', `X-Reason: ${reasonOf(error)}\r\n`);
    }
  }

  private async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.knows(request)) {
      response.writeHead(407, { 'Proxy-Authenticate': REALM, Connection: 'close' }).end();
      return;
    }
    try {
      const target = readPlainTarget(request.url ?? '');
      const upstream = await this.connect(target);
      request.on('data', this.count);
      upstream.on('data', this.count);
      await forwardPlain({ request, response, upstream, target });
    } catch (error) {
      if (response.headersSent) response.destroy();
      else response.writeHead(isPolicy(error) ? 403 : 502, { 'X-Reason': reasonOf(error), Connection: 'close' }).end();
    }
  }

  /** @throws EgressRefused by policy, EgressFailed where nobody answers */
  private async connect({ host, port }: Place): Promise<Socket> {
    const { policy, purpose, hosts } = this.options;
    if (!hosts.has(host)) throw new EgressRefused(`${host} is not one of the hosts that were named`);
    const addresses = await addressesOf(host, port, this.resolve).catch((error: unknown) => {
      throw new EgressFailed(`${host}: ${codeOf(error)}`, { sent: false });
    });
    const encrypted = port === HTTPS_PORT;
    const address = firstAllowed(host, port, addresses, (one) => policy.refusal(one, port, purpose, encrypted));
    if (this.spent) throw new EgressRefused('all that this run may carry has been carried');
    const socket = connect({ host: address, port });
    this.watch(socket);
    socket.setTimeout(CONNECT_MS, () => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
    await once(socket, 'connect').catch((error: unknown) => {
      throw new EgressFailed(`${host}: ${codeOf(error)}`, { sent: false });
    });
    socket.setTimeout(this.limits.idleMs, () => socket.destroy());
    return socket;
  }

  private knows({ headers }: IncomingMessage): boolean {
    const expected = `Basic ${Buffer.from(this.credential).toString('base64')}`;
    return timingSafeEqual(digest(headers['proxy-authorization'] ?? ''), digest(expected));
  }
}

const REALM = 'Basic realm="linkbroker"';
const CHALLENGE = `Proxy-Authenticate: ${REALM}\r\n`;
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isPolicy = (error: unknown): boolean => error instanceof EgressRefused;

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : 'no connection';
};

/** Why, fit for a header: printable, and of no great length. */
function reasonOf(error: unknown): string {
  const text = (error as Error).message.replace(/^outbound request (?:refused|failed): /, '');
  return text.replace(/[^ -~]/g, '?').slice(0, 200);
}

function refuseTunnel(client: Duplex, status: string, header: string): void {
  client.on('error', () => undefined);
  client.end(`HTTP/1.1 ${status}\r\n${header}Content-Length: 0\r\nConnection: close\r\n\r\n`);
}
