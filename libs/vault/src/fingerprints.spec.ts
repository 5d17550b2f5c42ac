import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import {
  DecryptionFailed,
  Fingerprints,
  parseMasterKeys,
  type FingerprintKeyRows,
  type WrappedFingerprintKeyRow,
} from './index.js';

const masterKeys = () => parseMasterKeys(`k1:${randomBytes(32).toString('base64')}`);
const deadline = performance.now() + 10_000;

/** The one row, as the database keeps it: the first writer wins. */
function rows(): FingerprintKeyRows {
  let stored: WrappedFingerprintKeyRow | undefined;
  return {
    fingerprintKey: () => Promise.resolve(stored),
    addFingerprintKey: (row) => {
      stored ??= row;
      return Promise.resolve();
    },
  };
}

test('are the same in every process that has the master key', async () => {
  const [keys, shared] = [masterKeys(), rows()];
  const [one, two] = await Promise.all([1, 2].map(() => Fingerprints.open(keys, shared, deadline)));
  expect(one?.of('domain', ['a', 'b'])).toEqual(two?.of('domain', ['a', 'b']));
  expect(one?.of('domain', ['a', 'b'])).toHaveLength(32);
});

test('differ by broker, purpose and every cut between parts', async () => {
  const keys = masterKeys();
  const here = await Fingerprints.open(keys, rows(), deadline);
  const elsewhere = await Fingerprints.open(keys, rows(), deadline);
  expect(here.of('p', ['a'])).not.toEqual(elsewhere.of('p', ['a']));
  const list = fc.array(fc.string(), { maxLength: 4 });
  fc.assert(
    fc.property(fc.string(), list, fc.string(), list, (purpose, parts, otherPurpose, otherParts) => {
      const same = JSON.stringify([purpose, parts]) === JSON.stringify([otherPurpose, otherParts]);
      expect(here.of(purpose, parts).equals(here.of(otherPurpose, otherParts))).toBe(same);
    }),
  );
});

test('do not open with another master key', async () => {
  const shared = rows();
  await Fingerprints.open(masterKeys(), shared, deadline);
  await expect(Fingerprints.open(masterKeys(), shared, deadline)).rejects.toThrow(DecryptionFailed);
});
