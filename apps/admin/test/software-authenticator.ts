import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';

/** What the options of a ceremony say, as far as it matters here. */
interface Options {
  readonly challenge: string;
}

interface Ways {
  /** Where the browser says it is. */
  readonly origin?: string;
  /** Whether the authenticator looked at the person. */
  readonly verified?: boolean;
  readonly counter?: number;
  readonly challenge?: string;
}

const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 };
const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

/** A passkey in software, ES256 without attestation. @see Web Authentication Level 3 §6.1 */
export class SoftwareAuthenticator {
  readonly id = randomBytes(16).toString('base64url');
  private readonly key: KeyObject;
  private readonly cose: Buffer;

  constructor(
    private readonly relyingParty = 'localhost',
    private readonly origin = 'http://localhost:4100',
  ) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.key = privateKey;
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.cose = cborMap([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]);
  }

  /** What a browser answers to registration options. */
  register({ challenge }: Options, ways: Ways = {}) {
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, this.cose]);
    const authData = Buffer.concat([this.header(FLAGS.attested, ways), attested]);
    const attestationObject = cborMap([
      ['fmt', 'none'],
      ['attStmt', null],
      ['authData', authData],
    ]);
    return this.credential({
      clientDataJSON: this.clientData('webauthn.create', challenge, ways),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** What a browser answers to sign-in options. */
  signIn({ challenge }: Options, ways: Ways = {}) {
    const clientDataJSON = this.clientData('webauthn.get', challenge, ways);
    const authenticatorData = this.header(0, ways);
    const signed = Buffer.concat([authenticatorData, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    return this.credential({
      clientDataJSON,
      authenticatorData: authenticatorData.toString('base64url'),
      signature: createSign('sha256').update(signed).sign(this.key).toString('base64url'),
    });
  }

  private credential(response: Readonly<Record<string, unknown>>) {
    return { id: this.id, rawId: this.id, type: 'public-key', clientExtensionResults: {}, response };
  }

  private clientData(type: string, challenge: string, ways: Ways): string {
    const said = {
      type,
      challenge: ways.challenge ?? challenge,
      origin: ways.origin ?? this.origin,
      crossOrigin: false,
    };
    return Buffer.from(JSON.stringify(said)).toString('base64url');
  }

  private header(more: number, { verified = true, counter = 0 }: Ways): Buffer {
    const flags = FLAGS.present | (verified ? FLAGS.verified : 0) | more;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(this.relyingParty), Buffer.from([flags]), count]);
  }
}

/** Null is a map with nothing in it. */
type Cbor = number | string | Buffer | null;

/** As much of CBOR as an authenticator speaks. @see RFC 8949 §3 */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  return head(5, 0);
}

const cborMap = (entries: readonly (readonly [Cbor, Cbor])[]): Buffer =>
  Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, value]) => [cbor(key), cbor(value)])]);

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  return length < 256
    ? Buffer.from([(major << 5) | 24, length])
    : Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
}
