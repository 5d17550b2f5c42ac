import fc from 'fast-check';
import { codeChallengeOf, isCodeChallenge, isCodeVerifier } from './pkce.js';

const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

it('gives the challenge of RFC 7636 appendix B', () => {
  expect(codeChallengeOf(VERIFIER)).toBe(CHALLENGE);
});

it('takes every verifier RFC 7636 §4.1 allows, and every challenge made of one', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'.split('');
  const verifiers = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 43, maxLength: 128 });
  fc.assert(
    fc.property(verifiers, (verifier) => {
      expect(isCodeVerifier(verifier)).toBe(true);
      expect(isCodeChallenge(codeChallengeOf(verifier))).toBe(true);
    }),
  );
});

it.each([
  ['', false],
  ['a'.repeat(42), false],
  ['a'.repeat(43), true],
  ['a'.repeat(128), true],
  ['a'.repeat(129), false],
  [`${'a'.repeat(43)}+`, false],
  [`${'a'.repeat(43)}\n`, false],
  [`${'a'.repeat(43)}ä`, false],
])('verifier %j: %s', (verifier, valid) => {
  expect(isCodeVerifier(verifier)).toBe(valid);
});

it.each([
  ['', false],
  [CHALLENGE, true],
  [`${CHALLENGE}=`, false],
  [`${CHALLENGE}\n`, false],
  [CHALLENGE.slice(1), false],
  [CHALLENGE.replace('-', '+'), false],
  [CHALLENGE.replace('-', '.'), false],
])('challenge %j: %s', (challenge, valid) => {
  expect(isCodeChallenge(challenge)).toBe(valid);
});
