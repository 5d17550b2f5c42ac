import { scryptSync } from 'node:crypto';
import { SecretVerifier, VerifierBusy, type SecretToMatch } from './secret-verifier.js';

/** As many checks as may run and wait at once. */
const FULL = 2 + 64;

/** A stored secret whose hash is cheap to check. */
function stored(id: string, secret: string): SecretToMatch {
  const hash = scryptSync(secret, id, 32, { N: 16, r: 1, p: 1 }).toString('base64url');
  return { id, hash: `scrypt$16$1$1$${Buffer.from(id).toString('base64url')}$${hash}` };
}
const current = stored('a', 'current');
const older = stored('b', 'older');

/** Starts as many checks of different wrong secrets as there is room for; tells how many have ended. */
function crowd(verifier: SecretVerifier) {
  const state = { ended: 0, judged: Promise.resolve<(string | undefined)[]>([]) };
  state.judged = Promise.all(
    Array.from({ length: FULL }, (_, index) =>
      verifier.verify(`wrong-${index}`, [current]).finally(() => {
        state.ended += 1;
      }),
    ),
  );
  return state;
}

describe('a secret', () => {
  it.each([
    ['current', 'a'],
    ['older', 'b'],
    ['wrong', undefined],
    ['', undefined],
    ['Current', undefined],
  ])('%j is %j, the first time and every time after', async (secret, id) => {
    const verifier = new SecretVerifier();
    for (let time = 0; time < 3; time += 1) expect(await verifier.verify(secret, [current, older])).toBe(id);
  });

  it('matches nothing where nothing is stored', async () => {
    const verifier = new SecretVerifier();
    await verifier.verify('current', [current]);
    expect(await verifier.verify('current', [])).toBeUndefined();
  });

  it('is not recognised by the hash of another client', async () => {
    const verifier = new SecretVerifier();
    expect(await verifier.verify('current', [current])).toBe('a');
    expect(await verifier.verify('current', [older])).toBeUndefined();
    expect(await verifier.verify('older', [current])).toBeUndefined();
  });

  it('that was retired is not recognised any more', async () => {
    const verifier = new SecretVerifier();
    expect(await verifier.verify('older', [current, older])).toBe('b');
    expect(await verifier.verify('older', [current])).toBeUndefined();
  });

  it('that was wrong may be right later, when its hash is stored', async () => {
    const verifier = new SecretVerifier();
    expect(await verifier.verify('older', [current])).toBeUndefined();
    expect(await verifier.verify('older', [current, older])).toBe('b');
  });
});

describe('a crowd with one secret', () => {
  it.each([
    ['current', 'a'],
    ['wrong', undefined],
  ])('%j shares one check, however many there are', async (secret, id) => {
    const verifier = new SecretVerifier();
    const answers = Array.from({ length: 2 * FULL }, () => verifier.verify(secret, [current]));
    expect(await Promise.all(answers)).toEqual(Array(2 * FULL).fill(id));
  });
});

describe('a crowd of wrong secrets', () => {
  it('never delays a recognised one, and is judged in the end', async () => {
    const verifier = new SecretVerifier();
    await verifier.verify('current', [current]);
    await verifier.verify('older', [current, older]);
    const others = crowd(verifier);
    expect(await verifier.verify('current', [current, older])).toBe('a');
    expect(await verifier.verify('older', [current, older])).toBe('b');
    expect(others.ended).toBe(0);
    expect(await others.judged).toEqual(Array(FULL).fill(undefined));
  });

  it('never delays one that is known to be wrong', async () => {
    const verifier = new SecretVerifier();
    await verifier.verify('wrong', [current]);
    const others = crowd(verifier);
    expect(await verifier.verify('wrong', [current])).toBeUndefined();
    expect(others.ended).toBe(0);
    await others.judged;
  });

  it('leaves no room for one more unknown secret, which may try again', async () => {
    const verifier = new SecretVerifier();
    const others = crowd(verifier);
    await expect(verifier.verify('current', [current])).rejects.toThrow(VerifierBusy);
    expect(others.ended).toBe(0);
    await others.judged;
    expect(await verifier.verify('current', [current])).toBe('a');
  });
});
