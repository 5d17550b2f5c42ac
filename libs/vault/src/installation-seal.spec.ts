import { createHmac, randomBytes } from 'node:crypto';
import { DecryptionFailed, InstallationSeal } from './index.js';

const sealOf = (key: Buffer) =>
  new InstallationSeal({
    of: (purpose, parts) =>
      createHmac('sha256', key)
        .update([purpose, ...parts].join())
        .digest(),
  });

describe('a value of no tenant', () => {
  const key = randomBytes(32);
  const plain = Buffer.from('JBSWY3DPEHPK3PXP');
  const sealed = sealOf(key).seal('accounts.totp_secret|a', plain);

  test('opens at its place with its key, in another process too', () => {
    expect(sealOf(key).open('accounts.totp_secret|a', sealed)).toEqual(plain);
    expect(sealed.includes(plain)).toBe(false);
  });

  test.each([
    ['another place', 'accounts.totp_secret|b', sealed],
    ['nothing', 'accounts.totp_secret|a', Buffer.alloc(0)],
    ['another format', 'accounts.totp_secret|a', Buffer.concat([Buffer.from([2]), sealed.subarray(1)])],
    [
      'a changed octet',
      'accounts.totp_secret|a',
      Buffer.concat([sealed.subarray(0, -1), Buffer.from([sealed.at(-1)! ^ 1])]),
    ],
  ])('does not open for %s', (_, place, value) => {
    expect(() => sealOf(key).open(place, value)).toThrow(DecryptionFailed);
  });

  test('does not open with another key', () => {
    expect(() => sealOf(randomBytes(32)).open('accounts.totp_secret|a', sealed)).toThrow(DecryptionFailed);
  });
});
