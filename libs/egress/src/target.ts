import { isIP } from 'node:net';
import { EgressRefused } from './egress-refused.js';
import { isMetadataName } from './special-addresses.js';

/** Where a request goes, after the address was read as URLs are. */
export interface Target {
  /** Scheme, host, port. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** Host and port, for messages and for counting. */
  readonly host: string;
}

/**
 * Reads an address. Numbers in any base, short forms, percent-encoding, full-width letters and upper case become what
 * they mean, so that what is judged later is what is connected to.
 * @throws EgressRefused for anything but http(s), for credentials, port 0, metadata services by name, and a host that
 * cannot be one
 * @see WHATWG URL, host parsing
 */
export function parseTarget(text: string): Target {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new EgressRefused('not an http(s) address');
  if (url.username !== '' || url.password !== '') throw new EgressRefused('credentials in the address');
  if (url.port === '0') throw new EgressRefused(`${url.hostname}: port 0`);
  const name = url.hostname.replace(/\.$/, '');
  if (isMetadataName(name)) throw new EgressRefused(`${url.host} is a metadata service`);
  if (!url.hostname.startsWith('[') && isIP(name) === 0 && !isHostName(name)) {
    throw new EgressRefused('no host name in the address');
  }
  return { origin: url.origin, path: url.pathname + url.search, host: url.host };
}

/** Labels that DNS can hold, none of them empty. @see RFC 1035 2.3.4 */
function isHostName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => label.length > 0 && label.length <= 63);
}
