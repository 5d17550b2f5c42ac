import { PasswordHashes, VerifierBusy } from './index.js';

describe('a password', () => {
  const hashes = new PasswordHashes();

  test('matches its own hash and no other, and is hashed anew each time', async () => {
    const [one, two] = await Promise.all([hashes.hash('correct horse battery'), hashes.hash('correct horse battery')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await hashes.verify('correct horse battery', one)).toBe(true);
    expect(await hashes.verify('correct horse batterz', one)).toBe(false);
  });

  test('of nobody is wrong', async () => {
    expect(await hashes.verify('', null)).toBe(false);
    expect(await hashes.verify('anything', null)).toBe(false);
  });

  test('is not hashed for more than can wait', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 40 }, () => hashes.verify('x', null)));
    const refused = asked.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(6);
    expect(refused[0]).toMatchObject({ reason: expect.any(VerifierBusy) as VerifierBusy });
    expect(await hashes.verify('x', null)).toBe(false);
  });
});
