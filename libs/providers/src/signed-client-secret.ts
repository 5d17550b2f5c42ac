import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import type { ConnectorFacts } from './connector-facts.js';
import type { Upstream } from './resolve-upstream.js';
import { UpstreamError } from './upstream-error.js';

/** Enough for two clocks that differ; the provider allows half a year. @see R228 */
const LIFETIME_SECONDS = 300;

/**
 * A client secret that is made for one request: a JWT that the connector's private key signs with ES256.
 * @throws UpstreamError `misconfigured` when the key is none, without a word of it
 * @see R228, RFC 7518 §3.4
 */
export function signedClientSecret(upstream: Upstream, connector: ConnectorFacts, now: Date): string {
  const issuedAt = Math.floor(now.getTime() / 1_000);
  const header = { alg: 'ES256', kid: connector.parameters['keyId'] };
  const claims = {
    iss: connector.parameters['teamId'],
    iat: issuedAt,
    exp: issuedAt + LIFETIME_SECONDS,
    aud: upstream.issuer,
    sub: connector.clientId,
  };
  const input = `${encode(header)}.${encode(claims)}`;
  const key = readKey(connector.clientSecret);
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A PEM out of a variable often has its line breaks written as `\n`. */
function readKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem.replaceAll('\\n', '\n'));
  } catch {
    key = undefined;
  }
  if (key?.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new UpstreamError('misconfigured', 'the client secret must be a P-256 private key in PKCS#8 PEM');
  }
  return key;
}
