import type { ConnectorFacts } from './connector-facts.js';
import type { Upstream } from './resolve-upstream.js';
import { signedClientSecret } from './signed-client-secret.js';
import type { HookRequest } from './upstream-provider.js';
import type { WireRequest } from './wire.js';

const FORM = 'application/x-www-form-urlencoded';

/** What a client shows of itself: a header or parameters. */
export interface ClientProof {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

/** Basic credentials, form-encoded before they are joined. @see RFC 6749 §2.3.1 */
export function basicHeader(connector: Pick<ConnectorFacts, 'clientId' | 'clientSecret'>): string {
  const pair = `${formEncode(connector.clientId)}:${formEncode(connector.clientSecret)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** The client's authentication, the way this provider wants it. @throws UpstreamError where a key is to sign and is none */
export function proveClient(upstream: Upstream, connector: ConnectorFacts, now: Date): ClientProof {
  if (upstream.clientAuthentication === 'basic') {
    return { headers: { authorization: basicHeader(connector) }, parameters: {} };
  }
  const signed = upstream.clientAuthentication === 'signed-secret';
  const secret = signed ? signedClientSecret(upstream, connector, now) : connector.clientSecret;
  return { headers: {}, parameters: { client_id: connector.clientId, client_secret: secret } };
}

/** Lets the provider's hook have its say and writes the parameters: into the address with GET, else into the body. */
export function writeRequest(upstream: Upstream, request: HookRequest, bodyFormat: 'form' | 'json'): WireRequest {
  const adapted = upstream.provider.hooks?.adaptRequest?.(request) ?? request;
  const { method, url, parameters } = adapted;
  const headers = { accept: 'application/json', ...adapted.headers };
  if (method === 'GET') return { method, url: withQuery(url, parameters), headers };
  if (Object.keys(parameters).length === 0) return { method, url, headers };
  return bodyFormat === 'json'
    ? { method, url, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(parameters) }
    : { method, url, headers: { 'content-type': FORM, ...headers }, body: new URLSearchParams(parameters).toString() };
}

function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(parameters).toString();
  if (query === '') return url;
  return `${url}${url.includes('?') ? '&' : '?'}${query}`;
}
