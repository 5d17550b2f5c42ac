import fc from 'fast-check';
import { bytesToUuid, isUuid, uuidToBytes, uuidV7 } from './uuid.js';

const random = fc.uint8Array({ minLength: 10, maxLength: 10 }).map((octets) => Buffer.from(octets));
const moment = fc.nat({ max: 2 ** 45 });

describe('uuidV7', () => {
  it('gives the value of RFC 9562 appendix A.6', () => {
    const octets = Buffer.from('0cc318c4dc0c0c07398f', 'hex');
    expect(uuidV7(new Date(0x017f22e279b0), octets)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('is a version 7 UUID of the RFC 9562 variant, and does not change the octets it is given', () => {
    fc.assert(
      fc.property(moment, random, (at, octets) => {
        const before = Buffer.from(octets);
        expect(uuidV7(new Date(at), octets)).toMatch(
          /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
        );
        expect(octets).toEqual(before);
      }),
    );
  });

  it('sorts by time, as text and as octets', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 2 ** 40 }), random, random, (at, later, first, second) => {
        const [before, after] = [uuidV7(new Date(at), first), uuidV7(new Date(at + later), second)];
        expect(before < after).toBe(true);
        expect(Buffer.compare(uuidToBytes(before), uuidToBytes(after))).toBe(-1);
      }),
    );
  });

  it('differs by its random octets within a millisecond', () => {
    const ids = [0, 1, 2, 255].map((octet) => uuidV7(new Date(1), Buffer.alloc(10, octet)));
    expect(new Set(ids).size).toBe(4);
  });
});

it('text and octets give each other', () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      expect(uuidToBytes(uuid)).toHaveLength(16);
      expect(bytesToUuid(uuidToBytes(uuid))).toBe(uuid);
    }),
  );
});

it('knows what is written as a UUID', () => {
  fc.assert(fc.property(fc.uuid(), (uuid) => isUuid(uuid) && isUuid(uuid.toUpperCase())));
  for (const text of ['', 'me', '0cc318c4dc0c0c07398f', `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(13)}`])
    expect(isUuid(text)).toBe(false);
});
