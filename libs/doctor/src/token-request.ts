import type { HttpRequest } from './probes.js';
import type { Target } from './target.js';

export type Scheme = Target['scheme'];

/** How Alexa's cloud calls itself (R15). */
const USER_AGENT = 'Apache-HttpClient/4.5.x (Java/1.8.0_152)';

/** What of a token request is not as the target says. */
export interface Change {
  readonly scheme?: Scheme;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly contentType?: string;
}

const formEncode = (value: string): string => new URLSearchParams({ v: value }).toString().slice(2);

/** A request to the token endpoint as Alexa sends it. @see R65 R66 R67 RFC 6749 §2.3.1 */
export function buildTokenRequest(target: Target, form: Readonly<Record<string, string>>, change: Change): HttpRequest {
  const { tokenUrl } = target;
  const clientId = change.clientId ?? target.clientId;
  const secret = change.clientSecret ?? target.clientSecret;
  const headers = {
    'User-Agent': USER_AGENT,
    'Content-Type': change.contentType ?? 'application/x-www-form-urlencoded',
  };
  if ((change.scheme ?? target.scheme) === 'REQUEST_BODY_CREDENTIALS') {
    const body = new URLSearchParams({ ...form, client_id: clientId, client_secret: secret }).toString();
    return { method: 'POST', url: tokenUrl, headers, body };
  }
  const pair = Buffer.from(`${formEncode(clientId)}:${formEncode(secret)}`).toString('base64');
  const body = new URLSearchParams(form).toString();
  return { method: 'POST', url: tokenUrl, headers: { ...headers, Authorization: `Basic ${pair}` }, body };
}
