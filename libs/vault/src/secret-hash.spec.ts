import { hashSecret, verifySecret } from './secret-hash.js';

describe('hashSecret', () => {
  it('gives scrypt with its cost and salt, another one each time, that the secret matches', async () => {
    const [first, second] = await Promise.all([hashSecret('s3cret'), hashSecret('s3cret')]);
    expect(first).toMatch(/^scrypt\$4096\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
    expect(first).not.toBe(second);
    expect(await Promise.all([verifySecret('s3cret', first), verifySecret('s3cret', second)])).toEqual([true, true]);
  });

  it.each(['', 'ä€🏠', 'x'.repeat(512), 'a\u0000b'])('takes %j', async (secret) => {
    expect(await verifySecret(secret, await hashSecret(secret))).toBe(true);
  });
});

describe('verifySecret', () => {
  it('knows the vector of RFC 7914 §12', async () => {
    const salt = Buffer.from('SodiumChloride').toString('base64url');
    const hash = Buffer.from('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2', 'hex');
    const stored = `scrypt$16384$8$1$${salt}$${hash.toString('base64url')}`;
    expect(await verifySecret('pleaseletmein', stored)).toBe(true);
    expect(await verifySecret('pleaseletmeiN', stored)).toBe(false);
  });

  it.each(['s3cre', 's3cret ', 'S3cret', '', 's3cretx'])('is false for %j', async (secret) => {
    expect(await verifySecret(secret, await hashSecret('s3cret'))).toBe(false);
  });

  it.each(['', 's3cret', 'scrypt', 'scrypt$1$2', '$2b$10$abc', 'argon2$16384$8$1$AAAA$AAAA'])(
    'is false for the stored value %j',
    async (stored) => {
      expect(await verifySecret('s3cret', stored)).toBe(false);
    },
  );

  it('is false for a hash cut short', async () => {
    expect(await verifySecret('s3cret', (await hashSecret('s3cret')).slice(0, -2))).toBe(false);
    expect(await verifySecret('s3cret', (await hashSecret('s3cret')).replace(/[^$]*$/, ''))).toBe(false);
  });
});
