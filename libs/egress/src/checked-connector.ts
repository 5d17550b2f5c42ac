import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { normaliseAddress, type AddressPolicy, type Purpose } from './address-policy.js';
import { EgressFailed, EgressRefused } from './egress-refused.js';

/** Every address behind a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Milliseconds for a name, and again for the connection with TLS. */
const CONNECT_MS = 5_000;

/** The operating system's way, which knows /etc/hosts. */
export const resolveHost: Resolve = async (host) => {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
};

/**
 * Addresses, asked for once for all who want the same name at the same time: node looks up few names at a time, and
 * one host whose name servers hang must not take all of them.
 */
export function resolveOnce(resolve: Resolve): Resolve {
  const running = new Map<string, Promise<readonly string[]>>();
  return (host) => {
    const known = running.get(host);
    if (known) return known;
    const asked = resolve(host).finally(() => running.delete(host));
    running.set(host, asked);
    return asked;
  };
}

/**
 * Connects to an address that policy has judged, and to no other: the name is looked up once, and the connection is
 * opened to the first of its addresses that is allowed. TLS verifies the name against the system's authorities.
 */
export function checkedConnector(policy: AddressPolicy, purpose: Purpose, resolve: Resolve): buildConnector.connector {
  // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED cannot unsay it.
  const connect = buildConnector({ timeout: CONNECT_MS, allowH2: false, rejectUnauthorized: true });
  return (options, callback) => {
    const encrypted = options.protocol === 'https:';
    const port = Number(options.port) || (encrypted ? 443 : 80);
    const host = options.hostname;
    const allowed = async (): Promise<string> =>
      firstAllowed(host, port, await addressesOf(host, port, resolve), (address) =>
        policy.refusal(address, port, purpose, encrypted),
      );
    allowed().then(
      (hostname) => {
        const { servername: _, ...rest } = options;
        const name = host.replace(/\.$/, '');
        connect({ ...rest, hostname, ...(isIP(normaliseAddress(host)) === 0 && { servername: name }) }, callback);
      },
      (error: unknown) => callback(error as Error, null),
    );
  };
}

/** The addresses behind a name, or the literal address itself. @throws EgressFailed where none comes in time */
export function addressesOf(host: string, port: number, resolve: Resolve): Promise<readonly string[]> {
  const literal = normaliseAddress(host);
  if (isIP(literal) !== 0) return Promise.resolve([literal]);
  return new Promise((answer, reject) => {
    const late = (): void => reject(new EgressFailed(`${host}:${port}: no address in time`, { sent: false }));
    const timer = setTimeout(late, CONNECT_MS).unref();
    resolve(host)
      .then(answer, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** The first address that is not refused. @throws EgressRefused with the reason of the last one */
export function firstAllowed(
  host: string,
  port: number,
  addresses: readonly string[],
  refusal: (address: string) => string | undefined,
): string {
  let reason = 'without an address';
  for (const address of addresses) {
    const refused = refusal(address);
    if (refused === undefined) return normaliseAddress(address);
    reason = refused;
  }
  throw new EgressRefused(`${host}:${port} is ${reason}`);
}
