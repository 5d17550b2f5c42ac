/** Everything a code exchange says upstream. */
export interface CodeExchange {
  readonly tokenEndpoint: string;
  readonly clientAuth: 'basic' | 'post';
  readonly clientId: string;
  readonly clientSecret: string;
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
}

/** A request ready for the wire. */
export interface WireRequest {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

/** Builds the token request of the authorization code grant. @see RFC 6749 §4.1.3, §2.3.1, RFC 7636 §4.5 */
export function buildCodeExchange(exchange: CodeExchange): WireRequest {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: exchange.code,
    redirect_uri: exchange.redirectUri,
    code_verifier: exchange.codeVerifier,
  });
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (exchange.clientAuth === 'basic') {
    const pair = `${formEncode(exchange.clientId)}:${formEncode(exchange.clientSecret)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  } else {
    body.set('client_id', exchange.clientId);
    body.set('client_secret', exchange.clientSecret);
  }
  return { method: 'POST', url: exchange.tokenEndpoint, headers, body: body.toString() };
}
