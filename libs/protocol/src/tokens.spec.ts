import fc from 'fast-check';
import { accessTokenExpiry, buildAccessToken, readAccessToken, type AccessTokenClaims } from './access-token.js';
import { buildRefreshToken, MAX_GENERATION, readRefreshToken, type RefreshTokenClaims } from './refresh-token.js';
import { buildRepairToken, readRepairToken, type RepairTokenClaims } from './repair-token.js';
import { accessSecretOf, deriveMacKey, macOf, type MacKeyLookup } from './token-mac.js';

const KEYS = [1, 2, 255].map((id) => deriveMacKey(id, Buffer.alloc(32, id)));
const keys: MacKeyLookup = (id) => KEYS.find((key) => key.id === id);
const SKILL = '0195e7a0-0000-7000-8000-000000000001';
const OTHER_SKILL = '0195e7a0-0000-7000-8000-000000000002';

const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((octets) => Buffer.from(octets));
const macKeyId = fc.constantFrom(...KEYS.map(({ id }) => id));
const refreshClaims: fc.Arbitrary<RefreshTokenClaims> = fc.record({
  macKeyId,
  grantId: fc.uuid(),
  grantSecret: sixteen,
  generation: fc.nat({ max: MAX_GENERATION }),
});
const accessClaims: fc.Arbitrary<AccessTokenClaims> = fc.record({
  macKeyId,
  grantId: fc.uuid(),
  accessSecret: sixteen,
  issuedAt: fc.nat({ max: 2 ** 47 }),
  ttlSeconds: fc.nat({ max: 0xffff_ffff }),
});
const repairClaims: fc.Arbitrary<RepairTokenClaims> = fc.record({
  macKeyId,
  tenantId: fc.uuid(),
  linkId: fc.uuid(),
  expiresAt: fc.nat({ max: 0x7fff_ffff }).map((seconds) => new Date(seconds * 1_000)),
});

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The token with its character at `at` replaced by another one of the alphabet. */
const flip = (token: string, at: number, by: number): string => {
  const other = ALPHABET[(ALPHABET.indexOf(token[at] ?? '') + 1 + (by % 63)) % 64];
  return `${token.slice(0, at)}${other ?? ''}${token.slice(at + 1)}`;
};
/** A change of the octet that names the key may end at a key nobody has; anywhere else it is a verdict. */
const KEY_ID_CHARACTERS = [1, 2];
const spoiled = (at: number): string[] => (KEY_ID_CHARACTERS.includes(at) ? ['forged', 'unknown-key'] : ['forged']);

describe('a refresh token', () => {
  it('has 72 characters and says what it was made of, to its own client', () => {
    fc.assert(
      fc.property(refreshClaims, fc.uuid(), (claims, skillId) => {
        const token = buildRefreshToken(claims, skillId, keys);
        expect(token).toMatch(/^[A-Za-z0-9_-]{72}$/);
        expect(readRefreshToken(token, skillId, keys)).toEqual({ kind: 'valid', claims });
      }),
    );
  });

  it('is the same for the same claims, so that concurrent refreshes answer with one successor', () => {
    fc.assert(
      fc.property(refreshClaims, fc.nat({ max: 1_000 }), (claims, ahead) => {
        const successor = { ...claims, generation: (claims.generation + 1 + ahead) % (MAX_GENERATION + 1) };
        const token = buildRefreshToken(claims, SKILL, keys);
        expect(buildRefreshToken({ ...claims }, SKILL, keys)).toBe(token);
        expect(buildRefreshToken(successor, SKILL, keys)).not.toBe(token);
      }),
    );
  });

  it('is forged when another client presents it', () => {
    fc.assert(
      fc.property(refreshClaims, fc.uuid(), fc.uuid(), (claims, skillId, otherId) => {
        fc.pre(skillId !== otherId);
        expect(readRefreshToken(buildRefreshToken(claims, skillId, keys), otherId, keys)).toEqual({ kind: 'forged' });
      }),
    );
  });

  it('is never valid with one character changed', () => {
    fc.assert(
      fc.property(refreshClaims, fc.nat(71), fc.nat(62), (claims, at, by) => {
        const changed = flip(buildRefreshToken(claims, SKILL, keys), at, by);
        expect(spoiled(at)).toContain(readRefreshToken(changed, SKILL, keys).kind);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has one spelling: the other base64 alphabet is forged', () => {
    fc.assert(
      fc.property(refreshClaims, (claims) => {
        const token = buildRefreshToken(claims, SKILL, keys);
        const respelled = token.replaceAll('-', '+').replaceAll('_', '/');
        fc.pre(respelled !== token);
        expect(readRefreshToken(respelled, SKILL, keys)).toEqual({ kind: 'forged' });
      }),
    );
  });

  it('cannot be built with a key that is not there', () => {
    const claims = { macKeyId: 9, grantId: SKILL, grantSecret: Buffer.alloc(16), generation: 1 };
    expect(() => buildRefreshToken(claims, SKILL, keys)).toThrow(RangeError);
  });
});

describe('an access token', () => {
  it('has 80 characters and says what it was made of', () => {
    fc.assert(
      fc.property(accessClaims, (claims) => {
        const token = buildAccessToken(claims, keys);
        expect(token).toMatch(/^[A-Za-z0-9_-]{80}$/);
        expect(readAccessToken(token, keys)).toEqual({ kind: 'valid', claims });
      }),
    );
  });

  it('is never valid with one character changed', () => {
    fc.assert(
      fc.property(accessClaims, fc.nat(79), fc.nat(62), (claims, at, by) => {
        expect(spoiled(at)).toContain(readAccessToken(flip(buildAccessToken(claims, keys), at, by), keys).kind);
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends its lifetime, in seconds, after it was issued, in milliseconds', () => {
    const claims = { macKeyId: 1, grantId: SKILL, accessSecret: Buffer.alloc(16), issuedAt: 1_000, ttlSeconds: 360 };
    expect(accessTokenExpiry(claims)).toBe(361_000);
  });
});

describe('a repair token', () => {
  it('says what it was made with, is 72 characters, and any changed character makes it forged', () => {
    fc.assert(
      fc.property(repairClaims, fc.nat({ max: 71 }), fc.nat(), (claims, at, by) => {
        const token = buildRepairToken(claims, keys);
        expect(token).toHaveLength(72);
        expect(readRepairToken(token, keys)).toEqual({ kind: 'valid', claims });
        expect(readRepairToken(flip(token, at, by), keys).kind).not.toBe('valid');
      }),
    );
  });
});

describe('the kinds', () => {
  it('never read as each other', () => {
    fc.assert(
      fc.property(refreshClaims, accessClaims, repairClaims, (refresh, access, repair) => {
        expect(readRepairToken(buildRefreshToken(refresh, SKILL, keys), keys)).toEqual({ kind: 'forged' });
        expect(readRepairToken(buildAccessToken(access, keys), keys)).toEqual({ kind: 'forged' });
        expect(readRefreshToken(buildRepairToken(repair, keys), SKILL, keys)).toEqual({ kind: 'forged' });
        expect(readAccessToken(buildRepairToken(repair, keys), keys)).toEqual({ kind: 'forged' });
        expect(readAccessToken(buildRefreshToken(refresh, SKILL, keys), keys)).toEqual({ kind: 'forged' });
        expect(readRefreshToken(buildAccessToken(access, keys), SKILL, keys)).toEqual({ kind: 'forged' });
      }),
    );
  });

  it('stay apart even for one who cuts and relabels them', () => {
    fc.assert(
      fc.property(refreshClaims, fc.uint8Array({ minLength: 6, maxLength: 6 }), (claims, filler) => {
        const octets = Buffer.from(buildRefreshToken(claims, SKILL, keys), 'base64url');
        const relabelled = Buffer.concat([octets.subarray(0, 38), filler, octets.subarray(38)]);
        relabelled[0] = 0x12;
        expect(readAccessToken(relabelled.toString('base64url'), keys)).toEqual({ kind: 'forged' });
      }),
    );
  });

  it.each(['', 'x', 'A'.repeat(72), 'A'.repeat(80), '='.repeat(72), `${'A'.repeat(71)}ä`, 'A'.repeat(4_096)])(
    'take %j for forged without looking for a key',
    (text) => {
      const noLookup: MacKeyLookup = () => {
        throw new Error('looked');
      };
      expect(readRefreshToken(text, SKILL, noLookup)).toEqual({ kind: 'forged' });
      expect(readAccessToken(text, noLookup)).toEqual({ kind: 'forged' });
      expect(readRepairToken(text, noLookup)).toEqual({ kind: 'forged' });
    },
  );

  it('read any text without an exception, and none of it as valid', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        expect(readRefreshToken(text, SKILL, keys).kind).not.toBe('valid');
        expect(readAccessToken(text, keys).kind).not.toBe('valid');
        expect(readRepairToken(text, keys).kind).not.toBe('valid');
      }),
    );
  });
});

describe('the key', () => {
  const claims = { macKeyId: 2, grantId: SKILL, grantSecret: Buffer.alloc(16, 7), generation: 3 };
  const token = buildRefreshToken(claims, SKILL, keys);

  it('that is not in the ring is a failure to look, not a verdict', () => {
    expect(readRefreshToken(token, SKILL, () => undefined)).toEqual({ kind: 'unknown-key', macKeyId: 2 });
  });

  it('of another ring under the same id makes it forged', () => {
    const foreign = deriveMacKey(2, Buffer.alloc(32, 99));
    expect(readRefreshToken(token, SKILL, () => foreign)).toEqual({ kind: 'forged' });
    expect(readRefreshToken(token, OTHER_SKILL, keys)).toEqual({ kind: 'forged' });
  });

  it('has a subkey per purpose, of its own secret', () => {
    const body = Buffer.from('the same body');
    const ring = [1, 2].map((octet) => deriveMacKey(1, Buffer.alloc(32, octet)));
    const macs = ring.flatMap(({ refresh, access, repair }) =>
      [refresh, access, repair].map((subkey) => macOf(subkey, body, body)),
    );
    expect(new Set(macs.map((mac) => mac.toString('hex'))).size).toBe(6);
    expect(new Set(macs.map((mac) => mac.length))).toEqual(new Set([16]));
  });
});

it('the secret in access tokens follows from the grant secret and does not contain it', () => {
  fc.assert(
    fc.property(sixteen, (secret) => {
      expect(accessSecretOf(secret)).toEqual(accessSecretOf(Buffer.from(secret)));
      expect(accessSecretOf(secret)).toHaveLength(16);
      expect(accessSecretOf(secret).equals(secret)).toBe(false);
    }),
  );
});
