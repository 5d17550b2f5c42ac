import { X509Certificate, type KeyObject } from 'node:crypto';
import type { BasicConstraints, Certificate } from 'pkijs';

/** A certificate that Alexa signs with, proved at one moment, and the time for which its whole chain is good. */
export interface SigningCertificate {
  readonly key: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Certificates that prove nothing: why, without what they hold. */
export class UntrustedCertificate extends Error {
  override readonly name = 'UntrustedCertificate';
}

/** Whose name the certificate has to bear. @see R203 */
const SIGNER = 'echo-api.amazon.com';
const MOST_CERTIFICATES = 10;
const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,20000}-----END CERTIFICATE-----/g;
const BASIC_CONSTRAINTS = '2.5.29.19';

export type ReadRoots = (pem: string) => readonly X509Certificate[];

/** The certificates of a text in PEM, in order. @throws UntrustedCertificate when one cannot be read */
export function readCertificates(pem: string, most = Infinity): X509Certificate[] {
  const blocks = pem.match(PEM) ?? [];
  if (blocks.length === 0 || blocks.length > most) throw new UntrustedCertificate('it is no chain of certificates');
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new UntrustedCertificate('it cannot be read');
  }
}

/**
 * Proves a chain: the first certificate is Alexa's, each is of its time, and they lead to one of `roots`. Who issued whom
 * is found with node's own crypto, one path and no branches; what may stand on a path is judged by RFC 5280's algorithm in
 * pkijs.
 * @throws UntrustedCertificate
 * @see R203, RFC 5280 §6, ADR 0020
 */
export async function proveCertificate(
  pem: string,
  roots: readonly X509Certificate[],
  at: Date,
): Promise<SigningCertificate> {
  const [leaf, ...others] = readCertificates(pem, MOST_CERTIFICATES);
  if (!leaf) throw new UntrustedCertificate('it is empty');
  if (!isOfItsTime(leaf, at)) throw new UntrustedCertificate('it has expired or is not valid yet');
  if (leaf.checkHost(SIGNER, { subject: 'never', wildcards: false }) === undefined) {
    throw new UntrustedCertificate(`it does not bear the name ${SIGNER}`);
  }
  const path = findPath(leaf, others, roots, at);
  if (!path.every(isStrong)) throw new UntrustedCertificate('one of its keys is too short');
  await checkPath(path, at);
  const starts = path.map(({ validFromDate }) => validFromDate.getTime());
  const ends = path.map(({ validToDate }) => validToDate.getTime());
  const window = { notBefore: new Date(Math.max(...starts)), notAfter: new Date(Math.min(...ends)) };
  return { key: leaf.publicKey, ...window };
}

/** What the web's authorities may still issue. @see CA/Browser Forum Baseline Requirements §6.1.5 */
const RSA_BITS = 2_048;
const isStrong = ({ publicKey }: X509Certificate): boolean =>
  publicKey.asymmetricKeyType !== 'rsa' || (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_BITS;

const isOfItsTime = ({ validFromDate, validToDate }: X509Certificate, at: Date): boolean =>
  validFromDate <= at && at <= validToDate;

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/** From the signing certificate to a trusted one, both included. */
function findPath(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  at: Date,
): X509Certificate[] {
  const path = [leaf];
  for (let last = leaf; path.length <= MOST_CERTIFICATES;) {
    const issuer = (one: X509Certificate): boolean => isOfItsTime(one, at) && isIssuedBy(last, one);
    const root = roots.find(issuer);
    if (root) return [...path, root];
    const next = others.find((one) => !path.includes(one) && issuer(one));
    if (!next) break;
    path.push(next);
    last = next;
  }
  throw new UntrustedCertificate('it leads to no trusted authority');
}

async function checkPath(path: readonly X509Certificate[], at: Date): Promise<void> {
  // Only now: most brokers see no such event, and it is twenty megabytes.
  const pkijs = await import('pkijs');
  const read = path.map(({ raw }) => pkijs.Certificate.fromBER(raw));
  const engine = new pkijs.CertificateChainValidationEngine({
    trustedCerts: read.slice(-1),
    // What is to be proved stands last.
    certs: read.slice(0, -1).reverse(),
    checkDate: at,
  });
  const { result, resultMessage } = await engine.verify();
  if (!result) throw new UntrustedCertificate(`its chain is not valid: ${resultMessage}`);
  if (!read.every((certificate, depth) => depth === 0 || mayStandAbove(certificate, depth - 1))) {
    throw new UntrustedCertificate('its chain is longer than one of its authorities allows');
  }
}

/** Whether an authority allows so many others below it. @see RFC 5280 §4.2.1.9 */
function mayStandAbove({ extensions }: Certificate, below: number): boolean {
  const found = extensions?.find(({ extnID }) => extnID === BASIC_CONSTRAINTS);
  const { pathLenConstraint } = (found?.parsedValue ?? {}) as BasicConstraints;
  return typeof pathLenConstraint !== 'number' || pathLenConstraint >= below;
}
