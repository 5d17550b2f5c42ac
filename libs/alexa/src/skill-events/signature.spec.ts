import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { isSignedBy } from './signature.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const BODY = '{"version":"1.0","name":"Ünï"}';
const signed = (body: string, algorithm = 'sha256'): string =>
  sign(algorithm, Buffer.from(body), rsa.privateKey).toString('base64');

test('a body that was signed is known again, and any other is not', () => {
  expect(isSignedBy(rsa.publicKey, BODY, signed(BODY))).toBe(true);
  expect(isSignedBy(rsa.publicKey, `${BODY} `, signed(BODY))).toBe(false);
  expect(isSignedBy(rsa.publicKey, '', signed(BODY))).toBe(false);
});

test.each([
  ['SHA-1', signed(BODY, 'sha1')],
  [
    'another key',
    sign('sha256', Buffer.from(BODY), generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey).toString(
      'base64',
    ),
  ],
  ['nothing', ''],
  ['no base64', '$$$$'],
  ['two values', `${signed(BODY)}, ${signed(BODY)}`],
  ['something too long', 'A'.repeat(2_000)],
])('a signature by %s is none', (_, signature) => {
  expect(isSignedBy(rsa.publicKey, BODY, signature)).toBe(false);
});

test('a key that is not RSA signs nothing', () => {
  const signature = sign('sha256', Buffer.from(BODY), ec.privateKey).toString('base64');
  expect(isSignedBy(createPublicKey(ec.privateKey), BODY, signature)).toBe(false);
});
