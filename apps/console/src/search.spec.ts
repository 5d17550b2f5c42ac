import fc from 'fast-check';
import { readDeliveriesSearch, readLinksSearch, readSignInSearch, readTracesSearch } from './search.js';

test('an address is read as far as it makes sense', () => {
  expect(readLinksSearch({ state: 'dead', skill: 'lights', more: 1 })).toEqual({ state: 'dead', skill: 'lights' });
  expect(readLinksSearch({ state: 'fine', skill: '' })).toEqual({});
  expect(readTracesSearch({ ref: 12_345_678, at: 'yesterday', name: 'page.shown' })).toEqual({
    ref: '12345678',
    name: 'page.shown',
  });
  expect(readTracesSearch({ at: '2026-01-31T12:00:00Z' })).toEqual({ at: '2026-01-31T12:00:00Z' });
  expect(readDeliveriesSearch({ delivery: 'dead' })).toEqual({ delivery: 'dead' });
  expect(readSignInSearch({ back: '/account' })).toEqual({ back: '/account' });
});

test('whatever stands in an address, what is read is texts of a bounded length', () => {
  const any = fc.dictionary(
    fc.constantFrom('ref', 'at', 'name', 'outcome', 'skill', 'before', 'state', 'back', 'x'),
    fc.anything(),
  );
  fc.assert(
    fc.property(any, (given) => {
      for (const read of [
        readLinksSearch(given),
        readTracesSearch(given),
        readDeliveriesSearch(given),
        readSignInSearch(given),
      ]) {
        expect(Object.values(read).every((value) => typeof value === 'string' && value.length <= 500)).toBe(true);
      }
    }),
  );
});
