import { checkCertificateUrl, isOfNow, isSignedBy } from '@linkbroker/alexa';
import { SkillRequestSignatureVerifier, TimestampVerifier } from 'ask-sdk-express-adapter';
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { issue } from '../../../test/certificates.js';
import { skillEvent } from '../../../test/alexa-signer.js';

/** Amazon's own verifier for skills written in JavaScript, held against ours wherever it can be asked without a network. */
const AMAZON = 'https://s3.amazonaws.com';
const CERTIFICATE = `${AMAZON}/echo.api/echo-api-cert.pem`;

/** Its parts that are not public, by the names they have in the version that package.json pins. */
interface Parts {
  _validateCertificateUrl(url: string): void;
  _validateCertChain(pem: string): void;
  readonly certCache: Map<string, string>;
}
const verifier = () => new SkillRequestSignatureVerifier();
const parts = (of = verifier()) => of as unknown as Parts;
const accepts = (act: () => unknown): boolean => {
  try {
    act();
    return true;
  } catch {
    return false;
  }
};

describe('the address of a certificate', () => {
  test.each([
    [CERTIFICATE],
    [`${AMAZON}:443/echo.api/echo-api-cert.pem`],
    [`${AMAZON}/echo.api/../echo.api/echo-api-cert.pem`],
    ['HTTPS://s3.amazonaws.com/echo.api/echo-api-cert.pem'],
    ['https://S3.AMAZONAWS.COM/echo.api/echo-api-cert.pem'],
    ['http://s3.amazonaws.com/echo.api/echo-api-cert.pem'],
    ['https://notamazon.com/echo.api/echo-api-cert.pem'],
    ['https://s3.amazonaws.com.evil.example/echo.api/echo-api-cert.pem'],
    [`${AMAZON}/EcHo.aPi/echo-api-cert.pem`],
    [`${AMAZON}/invalid.path/echo-api-cert.pem`],
    [`${AMAZON}:563/echo.api/echo-api-cert.pem`],
    [''],
  ])('%s is judged alike', (url) => {
    expect(checkCertificateUrl(url, AMAZON).ok).toBe(accepts(() => parts()._validateCertificateUrl(url)));
  });

  test.each([
    ['leaves the folder', `${AMAZON}/echo.api/../evil/echo-api-cert.pem`],
    ['has credentials', 'https://user:secret@s3.amazonaws.com/echo.api/echo-api-cert.pem'],
    ['has a query', `${CERTIFICATE}?x`],
    ['has a fragment', `${CERTIFICATE}#x`],
    ['is encoded', `${AMAZON}/echo.api/%2e%2e/evil.pem`],
  ])('that %s is refused here alone', (_, url) => {
    expect(accepts(() => parts()._validateCertificateUrl(url))).toBe(true);
    expect(checkCertificateUrl(url, AMAZON).ok).toBe(false);
  });
});

describe('a signature', () => {
  const body = skillEvent('SkillEnabled', new Date());
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signed = (text: string) => sign('sha256', Buffer.from(text), own.privateKey).toString('base64');

  test.each([
    ['of this body', signed(body)],
    ['of another body', signed(`${body} `)],
    ['with SHA-1', sign('sha1', Buffer.from(body), own.privateKey).toString('base64')],
    ['of nothing', 'AAAA'],
  ])('%s is judged alike', async (_, signature) => {
    const theirs = verifier();
    const pem = own.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    parts(theirs).certCache.set(CERTIFICATE, pem);
    const headers = { signaturecertchainurl: CERTIFICATE, 'signature-256': signature };
    const verdict = await theirs.verify(body, headers).then(
      () => true,
      () => false,
    );
    expect(isSignedBy(createPublicKey(pem), body, signature)).toBe(verdict);
    expect(verdict).toBe(signature === signed(body));
  });
});

describe('a time', () => {
  test.each([
    ['SkillEnabled', -3_500],
    ['SkillEnabled', -3_700],
    ['SkillDisabled', -3_500],
    ['SkillAccountLinked', -3_700],
    ['LaunchRequest', -140],
    ['LaunchRequest', -160],
    ['LaunchRequest', 0],
  ])('%s, %i seconds old, is judged alike', async (name, seconds) => {
    const now = new Date();
    const timestamp = new Date(now.getTime() + seconds * 1_000);
    const body = skillEvent(name, now, { timestamp });
    const verdict = await new TimestampVerifier().verify(body).then(
      () => true,
      () => false,
    );
    const { type } = (JSON.parse(body) as { request: { type: string } }).request;
    expect(isOfNow(type, timestamp, now)).toBe(verdict);
  });

  test('that is far in the future is refused here alone', async () => {
    const now = new Date();
    const timestamp = new Date(now.getTime() + 3_600_000);
    await new TimestampVerifier().verify(skillEvent('LaunchRequest', now, { timestamp }));
    expect(isOfNow('LaunchRequest', timestamp, now)).toBe(false);
  });
});

test('a chain that no public authority has issued is refused by it too', async () => {
  const authority = await issue({ subject: 'Nobody', authority: 1 });
  const leaf = await issue({ names: ['echo-api.amazon.com'] }, authority);
  expect(accepts(() => parts()._validateCertChain(leaf.pem + authority.pem))).toBe(false);
});
