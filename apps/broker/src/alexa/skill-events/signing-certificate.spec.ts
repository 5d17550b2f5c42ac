import {
  AuthorityInfoAccessExtension,
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  GeneralName,
  SubjectKeyIdentifierExtension,
} from '@peculiar/x509';
import { X509Certificate } from 'node:crypto';
import { issue, newKeys, type Issued } from '../../../test/certificates.js';
import { proveCertificate, readCertificates, UntrustedCertificate } from './signing-certificate.js';

const NAME = 'echo-api.amazon.com';
const DAY_MS = 24 * 60 * 60_000;
const NOW = new Date();
const days = (count: number): Date => new Date(NOW.getTime() + count * DAY_MS);
const read = ({ pem }: Issued): X509Certificate => new X509Certificate(pem);

let root: Issued;
let stranger: Issued;
let middle: Issued;
let leaf: Issued;
beforeAll(async () => {
  root = await issue({ subject: 'Root', authority: 5, until: days(365) });
  stranger = await issue({ subject: 'Stranger', authority: 5 });
  middle = await issue({ subject: 'Middle', authority: 0, until: days(20) }, root);
  leaf = await issue({ names: ['other.example', NAME] }, middle);
});

/** Name constraints: whoever has this may vouch for names of one domain. @see RFC 5280 §4.2.1.10 */
const onlyFor = (domain: string): Extension => {
  const name = Buffer.from(domain);
  const [tree, permitted, whole] = [name.length + 2, name.length + 4, name.length + 6];
  const head = [0x30, whole, 0xa0, permitted, 0x30, tree, 0x82, name.length];
  return new Extension('2.5.29.30', true, Buffer.concat([Buffer.from(head), name]));
};

const prove = (certificates: readonly Issued[], at = NOW, roots: readonly Issued[] = [root]) =>
  proveCertificate(certificates.map(({ pem }) => pem).join(''), roots.map(read), at);
const why = async (certificates: readonly Issued[], at?: Date, roots?: readonly Issued[]): Promise<string> => {
  const error: unknown = await prove(certificates, at, roots).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UntrustedCertificate);
  return (error as Error).message;
};

describe('a chain is proved', () => {
  test.each([
    ['leaf and middle', () => [leaf, middle]],
    ['with the root', () => [leaf, middle, root]],
    ['in any order behind the first', () => [leaf, root, middle]],
    ['with one that does not belong to it', () => [leaf, stranger, middle]],
    ['with one of them twice', () => [leaf, middle, middle]],
  ])('%s', async (_, chain) => {
    const { key, notBefore, notAfter } = await prove(chain());
    expect(key.equals(read(leaf).publicKey)).toBe(true);
    expect([notBefore <= NOW, notAfter]).toEqual([true, read(middle).validToDate]);
  });

  test('by a trusted authority alone', async () => {
    const direct = await issue({ names: [NAME] }, root);
    expect((await prove([direct])).notAfter).toEqual(read(direct).validToDate);
  });

  test('by a trusted authority in the middle, whatever stands above it', async () => {
    expect((await prove([leaf, middle], NOW, [middle])).notAfter).toEqual(read(middle).validToDate);
  });

  test('by the authority that is good now, of two with the same name and key', async () => {
    const old = await issue({ subject: 'Root', authority: 5, keys: root.keys, from: days(-60), until: days(-1) });
    expect((await prove([leaf, middle, old], NOW, [old, root])).notAfter).toEqual(read(middle).validToDate);
  });

  test('with all that public authorities put into theirs', async () => {
    const identifiers = async ({ keys }: Issued, above: Issued) => [
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(above.keys.publicKey),
    ];
    const more = [
      new CertificatePolicyExtension(['2.23.140.1.2.1']),
      new AuthorityInfoAccessExtension({ ocsp: new GeneralName('url', 'http://ocsp.example') }),
      new CRLDistributionPointsExtension(['http://crl.example/ca.crl']),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    ];
    const keys = await newKeys();
    const top = await issue({ subject: 'Public root', authority: 3 });
    const ofMiddle = { subject: 'Public middle', authority: 0, keys };
    const bare = await issue(ofMiddle, top);
    const between = await issue({ ...ofMiddle, extensions: [...(await identifiers(bare, top)), ...more] }, top);
    const end = await issue({ names: [NAME] }, between);
    const extensions = [
      ...(await identifiers(end, between)),
      ...more,
      new BasicConstraintsExtension(false, undefined, true),
    ];
    const full = await issue({ names: [NAME], keys: end.keys, extensions }, between);
    expect((await prove([full, between], NOW, [stranger, top])).key.equals(read(full).publicKey)).toBe(true);
    const constrained = await issue({ ...ofMiddle, extensions: [onlyFor('amazon.com')] }, top);
    expect((await prove([full, constrained], NOW, [top])).key.asymmetricKeyType).toBe('rsa');
    const elsewhere = await issue({ ...ofMiddle, extensions: [onlyFor('example.com')] }, top);
    expect(await why([full, elsewhere], NOW, [top])).toMatch(/not valid/);
  });

  test('with elliptic keys above it', async () => {
    const above = await issue({ subject: 'Elliptic', authority: 0, elliptic: true });
    const signed = await issue({ names: [NAME] }, above);
    expect((await prove([signed], NOW, [above])).key.asymmetricKeyType).toBe('rsa');
  });
});

describe('a chain proves nothing', () => {
  test.each([
    ['before its time', -2, /expired or is not valid yet/],
    ['after its time', 40, /expired or is not valid yet/],
    ['when what is above it has expired', 25, /no trusted authority/],
  ])('%s', async (_, when, message) => {
    expect(await why([leaf, middle], days(when))).toMatch(message);
  });

  test.each([
    ['another name', { names: ['other.example'] }],
    ['a name that only begins or ends with it', { names: [`x.${NAME}`, `${NAME}.example`] }],
    ['a name that stands for many', { names: ['*.amazon.com'] }],
    ['its name in the subject only', { subject: NAME }],
  ])('with %s', async (_, wanted) => {
    expect(await why([await issue(wanted, middle), middle])).toMatch(/does not bear the name/);
  });

  test('of an authority that nobody trusts', async () => {
    expect(await why([await issue({ names: [NAME] }, stranger), stranger])).toMatch(/no trusted authority/);
    expect(await why([leaf, middle], NOW, [])).toMatch(/no trusted authority/);
    expect(await why([await issue({ names: [NAME], authority: 0 })])).toMatch(/no trusted authority/);
  });

  test('without the certificate in the middle', async () => {
    expect(await why([leaf])).toMatch(/no trusted authority/);
  });

  test('signed by somebody who only has the name of an authority', async () => {
    const impostor = await issue({ subject: 'Root', authority: 5 });
    const signed = await issue({ names: [NAME] }, impostor);
    expect(await why([signed])).toMatch(/no trusted authority/);
    expect(await why([signed, impostor])).toMatch(/no trusted authority/);
  });

  test('signed by a certificate that is no authority', async () => {
    const plain = await issue({ names: ['plain.example'] }, root);
    expect(await why([await issue({ names: [NAME] }, plain), plain])).toMatch(/no trusted authority|not valid/);
  });

  test('longer than an authority allows', async () => {
    const below = await issue({ subject: 'Below', authority: 0 }, middle);
    expect(await why([await issue({ names: [NAME] }, below), below, middle])).toMatch(/longer|not valid/);
  });

  test('that leads in a circle', async () => {
    const [oneKeys, twoKeys] = [await newKeys(), await newKeys()];
    const seed = await issue({ subject: 'Two', authority: 3, keys: twoKeys });
    const one = await issue({ subject: 'One', authority: 3, keys: oneKeys }, seed);
    const two = await issue({ subject: 'Two', authority: 3, keys: twoKeys }, one);
    expect(await why([await issue({ names: [NAME] }, one), one, two])).toMatch(/no trusted authority/);
  });

  test('of nothing, of something else, of too many', async () => {
    for (const text of ['', 'nonsense', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n']) {
      await expect(proveCertificate(text, [read(root)], NOW)).rejects.toThrow(UntrustedCertificate);
    }
    await expect(proveCertificate(leaf.pem.repeat(11), [read(root)], NOW)).rejects.toThrow(/no chain/);
    expect(readCertificates(leaf.pem.repeat(11))).toHaveLength(11);
  });
});

test('a key that is too short proves nothing, wherever it stands in the chain', async () => {
  const short = await newKeys(false, 1_024);
  expect(await why([await issue({ names: [NAME], keys: short }, middle), middle])).toBe('one of its keys is too short');
  const weak = await issue({ subject: 'Weak', authority: 5, keys: short });
  expect(await why([await issue({ names: [NAME] }, weak)], NOW, [weak])).toBe('one of its keys is too short');
});
