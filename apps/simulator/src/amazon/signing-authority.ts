import { BitString, Integer, PrintableString } from 'asn1js';
import { createHash, webcrypto } from 'node:crypto';
import { AttributeTypeAndValue, BasicConstraints, Certificate, Extension, GeneralName, GeneralNames } from 'pkijs';

interface Party {
  readonly certificate: Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** A certificate that events are signed with: its chain, the name of its file, and how it signs. */
export interface Signer {
  readonly file: string;
  /** In PEM, itself first. */
  readonly chain: string;
  readonly sign: (body: string) => Promise<string>;
}

interface Lifetime {
  readonly from: number;
  readonly until: number;
}

const signerName = 'echo-api.amazon.com';
const dayMs = 24 * 3_600_000;
const algorithm = {
  ...{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048 },
  publicExponent: new Uint8Array([1, 0, 1]),
};
const commonName = '2.5.4.3';
const basicConstraints = '2.5.29.19';
const keyUsage = '2.5.29.15';
const subjectAltName = '2.5.29.17';
const dnsName = 2;

/** An authority of the simulator's own, made when it is first needed: in memory, and trusted by whoever is given it. */
export class SigningAuthority {
  private readonly made: () => Promise<Party>;
  private readonly signers = new Map<string, Promise<Signer>>();

  constructor(private readonly now: () => number) {
    this.made = once(() => this.makeAuthority());
  }

  /** Its own certificate in PEM: what `SKILL_EVENT_CA` is for. */
  async certificate(): Promise<string> {
    return pem((await this.made()).certificate);
  }

  /** The certificate in use, or one that has expired. */
  signer(expired = false): Promise<Signer> {
    const kind = expired ? 'expired' : 'current';
    const known = this.signers.get(kind);
    if (known) return known;
    const now = this.now();
    const lifetime = expired
      ? { from: now - 60 * dayMs, until: now - dayMs }
      : { from: now - dayMs, until: now + 365 * dayMs };
    const making = this.makeSigner(lifetime);
    this.signers.set(kind, making);
    return making;
  }

  /** The chain in a file of its own, by its name. */
  async chainOf(file: string): Promise<string | undefined> {
    const signers = await Promise.all(this.signers.values());
    return signers.find((signer) => signer.file === file)?.chain;
  }

  private async makeAuthority(): Promise<Party> {
    const keys = await webcrypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
    const lifetime = { from: this.now() - 90 * dayMs, until: this.now() + 3_650 * dayMs };
    const certificate = await describe('Simulated authority', keys.publicKey, lifetime);
    certificate.issuer = certificate.subject;
    const constraints = new BasicConstraints({ cA: true, pathLenConstraint: 0 });
    certificate.extensions = [
      extension(basicConstraints, constraints.toSchema().toBER(), true),
      // keyCertSign and cRLSign.
      extension(keyUsage, bits(0b0000_0110, 1), true),
    ];
    await certificate.sign(keys.privateKey, 'SHA-256');
    return { certificate, keys };
  }

  private async makeSigner(lifetime: Lifetime): Promise<Signer> {
    const authority = await this.made();
    const keys = await webcrypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
    const certificate = await describe(signerName, keys.publicKey, lifetime);
    certificate.issuer = authority.certificate.subject;
    const names = new GeneralNames({ names: [new GeneralName({ type: dnsName, value: signerName })] });
    certificate.extensions = [
      extension(subjectAltName, names.toSchema().toBER(), false),
      // digitalSignature.
      extension(keyUsage, bits(0b1000_0000, 7), true),
    ];
    await certificate.sign(authority.keys.privateKey, 'SHA-256');
    const own = pem(certificate);
    const sign = async (body: string): Promise<string> => {
      const signature = await webcrypto.subtle.sign(algorithm.name, keys.privateKey, Buffer.from(body));
      return Buffer.from(signature).toString('base64');
    };
    // A new certificate is a new file, as at Amazon.
    const mark = createHash('sha256').update(own).digest('hex').slice(0, 12);
    return { file: `echo-api-cert-${mark}.pem`, chain: `${own}${pem(authority.certificate)}`, sign };
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

async function describe(name: string, key: webcrypto.CryptoKey, { from, until }: Lifetime): Promise<Certificate> {
  const certificate = new Certificate();
  certificate.version = 2;
  const serial = webcrypto.getRandomValues(new Uint8Array(16));
  // Positive, and without a leading zero.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  certificate.serialNumber = new Integer({ valueHex: serial.buffer });
  const value = new PrintableString({ value: name });
  certificate.subject.typesAndValues.push(new AttributeTypeAndValue({ type: commonName, value }));
  certificate.notBefore.value = new Date(from);
  certificate.notAfter.value = new Date(until);
  await certificate.subjectPublicKeyInfo.importKey(key);
  return certificate;
}

const extension = (extnID: string, value: ArrayBuffer, critical: boolean): Extension =>
  new Extension({ extnID, critical, extnValue: value });

const bits = (octet: number, unused: number): ArrayBuffer =>
  new BitString({ valueHex: new Uint8Array([octet]).buffer, unusedBits: unused }).toBER();

function pem(certificate: Certificate): string {
  const base64 = Buffer.from(certificate.toSchema().toBER()).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
