import { OAuthError } from './oauth-error.js';
import { parameter, type Parameters } from './parameters.js';
import { decodeForm } from './percent-encoding.js';

/** One reading of the presented credentials; Basic may have several, because its encoding is ambiguous (R67). */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

const MAX_READINGS = 6;

/**
 * Reads client credentials from the Authorization header or the body, whichever is there.
 * @returns every reading of what was sent, most likely first; never empty
 * @throws OAuthError `invalid_client` when nothing usable was sent, `invalid_request` when header and body disagree
 * @see RFC 6749 §2.3.1, R66–R69
 */
export function parseClientCredentials(authorization: string | undefined, body: Parameters): ClientCredentials[] {
  const clientId = parameter(body, 'client_id');
  const clientSecret = parameter(body, 'client_secret');
  if (authorization === undefined) {
    if (clientId === undefined || clientSecret === undefined) throw noCredentials();
    return [{ clientId, clientSecret }];
  }
  const readings = parseBasic(authorization).filter(
    (reading) =>
      (clientId === undefined || clientId === reading.clientId) &&
      (clientSecret === undefined || clientSecret === reading.clientSecret),
  );
  if (readings.length === 0) {
    throw new OAuthError('invalid_request', 'Authorization header and body name different clients.');
  }
  return readings;
}

function noCredentials(): OAuthError {
  return new OAuthError('invalid_client', 'Client authentication is missing.');
}

function parseBasic(authorization: string): ClientCredentials[] {
  const match = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(authorization);
  if (!match?.[1]) throw noCredentials();
  const text = Buffer.from(match[1], 'base64').toString('utf8');
  const readings: ClientCredentials[] = [];
  for (
    let colon = text.indexOf(':');
    colon > 0 && readings.length < MAX_READINGS;
    colon = text.indexOf(':', colon + 1)
  ) {
    addReadings(readings, text.slice(0, colon), text.slice(colon + 1));
  }
  if (readings.length === 0) throw noCredentials();
  return readings;
}

/** Both encodings: as it is, and form-decoded as RFC 6749 §2.3.1 asks. */
function addReadings(readings: ClientCredentials[], id: string, secret: string): void {
  readings.push({ clientId: id, clientSecret: secret });
  const clientId = decodeForm(id);
  const clientSecret = decodeForm(secret);
  if (clientId === undefined || clientSecret === undefined) return;
  if (clientId !== id || clientSecret !== secret) readings.push({ clientId, clientSecret });
}
