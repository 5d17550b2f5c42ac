import fc from 'fast-check';
import { adoptedSecretOf } from './adopted-secret.js';

const GRANT = '0190a1b2-0000-7000-8000-000000000001';

test('a token and a grant always give the same secret, and no other pair gives it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.uuid(), fc.uuid(), (token, other, grant, another) => {
      const secret = adoptedSecretOf(token, grant);
      expect(secret).toHaveLength(16);
      expect(adoptedSecretOf(token, grant)).toEqual(secret);
      fc.pre(Buffer.from(other, 'utf8').compare(Buffer.from(token, 'utf8')) !== 0 && another !== grant);
      expect(adoptedSecretOf(other, grant)).not.toEqual(secret);
      expect(adoptedSecretOf(token, another)).not.toEqual(secret);
    }),
  );
});

test('is what RFC 5869 makes of them', () => {
  expect(adoptedSecretOf('a token of another server', GRANT).toString('hex')).toBe('6fe4e730883e915364c8ab800954f277');
});
