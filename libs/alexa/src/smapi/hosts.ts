const HOST = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether an entry of the Domain List is one host: no scheme, port, path or wildcard. @see R53 */
export function isExactHost(entry: string): boolean {
  return entry.length <= 253 && HOST.test(entry);
}

/** Whether an address leads to this machine, where Alexa never comes. */
export function isOnLoopback(address: string): boolean {
  return LOOPBACK.test(URL.parse(address)?.hostname ?? '');
}

/**
 * Whether Alexa can open an address: https on port 443, without credentials and fragment. One on this machine may be
 * anything, so that a trial can be looked at.
 * @see R6 R7
 */
export function isOpenToAlexa(address: string): boolean {
  const parsed = URL.parse(address);
  if (!parsed || parsed.username !== '' || parsed.password !== '' || address.includes('#')) return false;
  return isOnLoopback(address) || (parsed.protocol === 'https:' && parsed.port === '');
}
