import fc from 'fast-check';
import { checkCertificateUrl } from './certificate-url.js';

const AMAZON = 'https://s3.amazonaws.com';
const check = (text: string, origin = AMAZON) => checkCertificateUrl(text, origin);

test.each([
  ['https://s3.amazonaws.com/echo.api/echo-api-cert.pem'],
  ['https://s3.amazonaws.com:443/echo.api/echo-api-cert.pem'],
  ['https://s3.amazonaws.com/echo.api/../echo.api/echo-api-cert.pem'],
  ['https://s3.amazonaws.com/x/../echo.api/./echo-api-cert.pem'],
  ['HTTPS://S3.AmazonAWS.com/echo.api/echo-api-cert.pem'],
])('%s is where Amazon keeps its certificate, in one spelling', (text) => {
  expect(check(text)).toEqual({ ok: true, url: 'https://s3.amazonaws.com/echo.api/echo-api-cert.pem' });
});

test.each([
  ['http://s3.amazonaws.com/echo.api/echo-api-cert.pem', /scheme/],
  ['ftp://s3.amazonaws.com/echo.api/echo-api-cert.pem', /scheme/],
  ['https://notamazon.com/echo.api/echo-api-cert.pem', /host/],
  ['https://s3.amazonaws.com.evil.example/echo.api/echo-api-cert.pem', /host/],
  ['https://evil.s3.amazonaws.com/echo.api/echo-api-cert.pem', /host/],
  ['https://s3.amazonaws.com./echo.api/echo-api-cert.pem', /host/],
  ['https://s3.amazonaws.com@evil.example/echo.api/echo-api-cert.pem', /host/],
  ['https://s3.amazonaws.com:563/echo.api/echo-api-cert.pem', /port/],
  ['https://s3.amazonaws.com:80/echo.api/echo-api-cert.pem', /port/],
  ['https://user@s3.amazonaws.com/echo.api/echo-api-cert.pem', /credentials/],
  ['https://:secret@s3.amazonaws.com/echo.api/echo-api-cert.pem', /credentials/],
  ['https://s3.amazonaws.com/EcHo.aPi/echo-api-cert.pem', /path/],
  ['https://s3.amazonaws.com/invalid.path/echo-api-cert.pem', /path/],
  ['https://s3.amazonaws.com/echo.api/../evil/echo-api-cert.pem', /path/],
  ['https://s3.amazonaws.com/echo.api/x/../../evil.pem', /path/],
  ['https://s3.amazonaws.com/echo.api/..', /path/],
  ['https://s3.amazonaws.com/echo.api', /path/],
  ['https://s3.amazonaws.com//echo.api/echo-api-cert.pem', /path/],
  ['https://s3.amazonaws.com', /path/],
  ['https://s3.amazonaws.com/echo.api/%2e%2e/evil.pem', /plain/],
  ['https://s3.amazonaws.com/echo.api\\..\\evil.pem', /plain/],
  ['https://s3.amazonaws.com/echo.api/\t../evil.pem', /plain/],
  ['https://s3.amazonaws.com/echo.api/echo-api-cert.pem?x=/../..', /query/],
  ['https://s3.amazonaws.com/echo.api/echo-api-cert.pem#x', /fragment/],
  ['//s3.amazonaws.com/echo.api/echo-api-cert.pem', /plain/],
  ['/echo.api/echo-api-cert.pem', /plain/],
  ['', /plain/],
  [`https://s3.amazonaws.com/echo.api/${'x'.repeat(1_000)}`, /plain/],
])('%s is refused', (text, reason) => {
  expect(check(text)).toEqual({ ok: false, reason: expect.stringMatching(reason) as string });
});

test('another origin takes the place of Amazon’s, and only its own addresses are good', () => {
  const origin = 'http://localhost:4200';
  expect(check(`${origin}/echo.api/cert.pem`, origin).ok).toBe(true);
  for (const other of [
    AMAZON,
    'https://localhost:4200',
    'http://localhost:4201',
    'http://localhost',
    'http://127.0.0.1:4200',
  ]) {
    expect(check(`${other}/echo.api/cert.pem`, origin).ok).toBe(false);
  }
  expect(check(`${origin}/echo.api/../cert.pem`, origin).ok).toBe(false);
});

test('whatever is accepted leads to the origin and below the path, and is its own spelling', () => {
  const piece = fc.constantFrom('/', '..', '.', 'echo.api', 'x', '@', ':', '?', '#', '%2e', '\\', 'evil.example');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const checked = check(`${AMAZON}/echo.api/${pieces.join('')}`);
      if (!checked.ok) return;
      expect(checked.url.startsWith(`${AMAZON}/echo.api/`)).toBe(true);
      expect(check(checked.url)).toEqual(checked);
    }),
  );
});
