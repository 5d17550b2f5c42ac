import fc from 'fast-check';
import { supportReference } from './support-reference.js';

it('is eight letters and digits that read aloud without mistakes, always the same for an id', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (id) => {
      const reference = supportReference(id);
      expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(supportReference(id)).toBe(reference);
    }),
  );
});

it('does not show the id it stands for, and differs between ids', () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => `K7QX3M2P-${String(index)}`);
  const references = ids.map(supportReference);
  expect(new Set(references).size).toBe(ids.length);
  expect(references.every((reference) => !reference.startsWith('K7QX'))).toBe(true);
});
