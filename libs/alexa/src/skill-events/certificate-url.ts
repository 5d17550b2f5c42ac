/** Below it Amazon keeps the certificates that it signs requests with; compared letter by letter. @see R202 */
const PATH = '/echo.api/';
/** Printable ASCII without what could be read in two ways: no percent-encoding, no backslash. */
const PLAIN = /^[!-$&-[\]-~]{1,1000}$/;

export type CheckedCertificateUrl =
  /** In one spelling, to fetch it and to remember it by. */
  { readonly ok: true; readonly url: string } | { readonly ok: false; readonly reason: string };

const refused = (reason: string): CheckedCertificateUrl => ({ ok: false, reason });

/**
 * Judges where a request says that its certificate is: scheme, host and port of `origin`, a path below `/echo.api/` once
 * `..` is resolved, no credentials. Stricter than Amazon's rule in what no address of Amazon's has: a query, a fragment,
 * percent-encoding.
 * @param origin Amazon's, or what a test put in its place; without a slash at the end
 * @see R202
 */
export function checkCertificateUrl(text: string, origin: string): CheckedCertificateUrl {
  const url = PLAIN.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return refused('it is no plain address');
  const wanted = new URL(origin);
  if (url.protocol !== wanted.protocol) return refused(`its scheme is not ${wanted.protocol.slice(0, -1)}`);
  if (url.hostname !== wanted.hostname) return refused(`its host is not ${wanted.hostname}`);
  if (url.port !== wanted.port) return refused(`its port is not ${wanted.port || 'the usual one'}`);
  if (url.username !== '' || url.password !== '') return refused('it has credentials in it');
  if (/[?#]/.test(text)) return refused('it has a query or a fragment');
  if (!url.pathname.startsWith(PATH)) return refused(`its path does not begin with ${PATH}`);
  return { ok: true, url: url.href };
}
