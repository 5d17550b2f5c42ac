import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type Extension,
  type X509Certificate,
} from '@peculiar/x509';
import { webcrypto } from 'node:crypto';

export interface Issued {
  readonly certificate: X509Certificate;
  readonly pem: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

export interface Wanted {
  readonly subject?: string;
  /** DNS names; none without. */
  readonly names?: readonly string[];
  /** How many authorities may stand below it; not an authority without. */
  readonly authority?: number;
  readonly from?: Date;
  readonly until?: Date;
  readonly keys?: webcrypto.CryptoKeyPair;
  readonly elliptic?: boolean;
  /** What else stands in it. */
  readonly extensions?: readonly Extension[];
}

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const EC = { name: 'ECDSA', hash: 'SHA-256', namedCurve: 'P-256' };
const DAY_MS = 24 * 60 * 60_000;

export const newKeys = (elliptic = false, bits = RSA.modulusLength): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(elliptic ? EC : { ...RSA, modulusLength: bits }, true, ['sign', 'verify']);

let serial = 1;

/** A certificate of another library than the one under test; of `issuer`, or signed by itself. */
export async function issue(wanted: Wanted, issuer?: Issued): Promise<Issued> {
  serial += 1;
  const keys = wanted.keys ?? (await newKeys(wanted.elliptic));
  const subject = `CN=${wanted.subject ?? `certificate ${String(serial)}`}`;
  const { privateKey } = (issuer ?? { keys }).keys;
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    serialNumber: serial.toString(16).padStart(8, '0'),
    ...lifetimeOf(wanted),
    publicKey: keys.publicKey,
    signingKey: privateKey,
    signingAlgorithm: privateKey.algorithm.name === EC.name ? EC : RSA,
    extensions: extensionsOf(wanted),
  });
  return { certificate, keys, pem: `${certificate.toString('pem')}\n` };
}

const lifetimeOf = ({ from, until }: Wanted) => ({
  notBefore: from ?? new Date(Date.now() - DAY_MS),
  notAfter: until ?? new Date(Date.now() + 30 * DAY_MS),
});

function extensionsOf({ authority, names = [], extensions = [] }: Wanted): Extension[] {
  const usages = authority === undefined ? KeyUsageFlags.digitalSignature : KeyUsageFlags.keyCertSign;
  const hosts = names.map((value) => ({ type: 'dns' as const, value }));
  return [
    new KeyUsagesExtension(usages, true),
    ...(authority === undefined ? [] : [new BasicConstraintsExtension(true, authority, true)]),
    ...(hosts.length > 0 ? [new SubjectAlternativeNameExtension(hosts)] : []),
    ...extensions,
  ];
}
