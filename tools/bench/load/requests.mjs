const tokenExchange = new URLSearchParams({
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
}).toString();

/**
 * The requests of one workload, written as Alexa's cloud writes them: a form, Basic credentials, and on a code exchange
 * the redirect URI. A token exchange comes from a skill's own server, in the same form (RFC 8693 §2.1).
 * @param {{ path: string, port: number, authorization: string, redirectUri: string }} target
 */
export function requestWriter({ path, port, authorization, redirectUri }) {
  const head =
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${authorization}\r\n` +
    'Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ';
  const write = (body) => `${head}${body.length}\r\n\r\n${body}`;
  const redirect = encodeURIComponent(redirectUri);
  return {
    refresh: (token) => write(`grant_type=refresh_token&refresh_token=${encodeURIComponent(token)}`),
    exchange: (code) =>
      write(`grant_type=authorization_code&code=${encodeURIComponent(code)}&redirect_uri=${redirect}`),
    exchangeToken: (token) => write(`${tokenExchange}&subject_token=${encodeURIComponent(token)}`),
  };
}

/**
 * Holds an answer to what every client needs of it. @param {boolean | null} follows must the refresh token be a new
 * one (true), the same one (false)? null: there was none before
 * @returns {{ refresh: string, access: string }} @throws {Error} for any other answer
 */
export function readAnswer(status, body, { presented, follows }) {
  if (status !== 200) throw new Error(`answered ${status}: ${body.slice(0, 200)}`);
  const { access_token: access, refresh_token: refresh, token_type: type, expires_in: ttl } = JSON.parse(body);
  if (typeof access !== 'string' || typeof refresh !== 'string' || type !== 'Bearer' || !(ttl >= 360)) {
    throw new Error(`answered without a token pair: ${Object.keys(JSON.parse(body)).join(', ')}`);
  }
  if (follows !== null && (refresh !== presented) !== follows) {
    throw new Error(follows ? 'the refresh token did not change' : 'the refresh token changed');
  }
  return { refresh, access };
}

/** Holds a token exchange to releasing the very token of that household. @throws {Error} for any other answer */
export function checkReleased(status, body, expected) {
  if (status !== 200) throw new Error(`answered ${status}: ${body.slice(0, 200)}`);
  if (JSON.parse(body).access_token !== expected) throw new Error('answered with another upstream token');
}
