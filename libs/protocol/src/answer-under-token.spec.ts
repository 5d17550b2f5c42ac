import fc from 'fast-check';
import { openUnderToken, sealUnderToken, type AnswerKey } from './answer-under-token.js';

const KEY: AnswerKey = { token: 'r1', salt: Buffer.alloc(32, 1), place: 'tenant|skill|hash' };
const NONCE = Buffer.alloc(12, 7);

it('opens with what it was sealed with', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.uint8Array({ minLength: 12, maxLength: 12 }), (token, plain, nonce) => {
      const key = { ...KEY, token };
      expect(openUnderToken(key, sealUnderToken(key, Buffer.from(nonce), plain))).toBe(plain);
    }),
  );
});

it.each<[string, Partial<AnswerKey>]>([
  ['another token', { token: 'r2' }],
  ['no token', { token: '' }],
  ['another salt', { salt: Buffer.alloc(32, 2) }],
  ['another place', { place: 'rival|skill|hash' }],
])('does not open with %s', (_, change) => {
  const sealed = sealUnderToken(KEY, NONCE, 'secret');
  expect(openUnderToken({ ...KEY, ...change }, sealed)).toBeUndefined();
});

it('does not open when an octet was changed or is missing', () => {
  const sealed = sealUnderToken(KEY, NONCE, 'secret');
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(openUnderToken(KEY, changed)).toBeUndefined();
    expect(openUnderToken(KEY, sealed.subarray(0, at))).toBeUndefined();
  }
});

it('shows nothing of what it holds', () => {
  expect(sealUnderToken(KEY, NONCE, 'secret').toString('latin1')).not.toContain('secret');
});
