import { EgressRefused } from './egress-refused.js';
import { parseTarget } from './target.js';

/** Where a proxied connection goes, read as URLs are. */
export interface Place {
  /** In lower case, without brackets of IPv6. */
  readonly host: string;
  readonly port: number;
}

/** A request that is passed on without a tunnel. */
export interface PlainTarget extends Place {
  /** Host and port, as the Host header has them. */
  readonly authority: string;
  readonly path: string;
}

const HTTP_PORT = 80;
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '').toLowerCase();

/**
 * Reads what a CONNECT asks for: `host:port`.
 * @throws EgressRefused
 * @see RFC 9110 §9.3.6
 */
export function readAuthority(text: string): Place {
  const [, port] = /^(?:\[[0-9a-fA-F:.]+\]|[^[\]:/?#@]+):(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) throw new EgressRefused('not a host and a port');
  parseTarget(`http://${text}/`);
  return { host: hostOf(new URL(`http://${text}/`)), port: Number(port) };
}

/**
 * Reads the absolute form of a request to a proxy; whatever is encrypted goes through a tunnel.
 * @throws EgressRefused
 * @see RFC 9112 §3.2.2
 */
export function readPlainTarget(text: string): PlainTarget {
  const { path, host: authority } = parseTarget(text);
  const url = new URL(text);
  if (url.protocol !== 'http:') throw new EgressRefused('not a plain http address');
  return { host: hostOf(url), port: Number(url.port) || HTTP_PORT, authority, path };
}
