import fc from 'fast-check';
import { EntryBatches } from './entry-batches.js';

const all = (batches: EntryBatches): unknown[] => {
  const found: unknown[] = [];
  for (let batch = batches.first(); batch; batch = batches.first()) {
    found.push(...(JSON.parse(batch.read(0, batch.count).toString()) as unknown[]));
    batches.removeFirst();
  }
  return found;
};

test('gives back what was added, in order, in arrays of no more than asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (values, most) => {
      const batches = new EntryBatches(most);
      for (const value of values) batches.add(JSON.stringify(value));
      expect(batches.count).toBe(values.length);
      expect(batches.first()?.count ?? 0).toBe(Math.min(most, values.length));
      expect(all(batches)).toEqual(JSON.parse(JSON.stringify(values)));
      expect(batches.count).toBe(0);
    }),
  );
});

test('any part of a batch can be read, also after the whole, and nothing is added to one that was read', () => {
  const batches = new EntryBatches(500);
  for (let entry = 0; entry < 9; entry += 1) batches.add(String(entry));
  const batch = batches.first()!;
  batches.add('9');
  expect(batch.count).toBe(9);
  const read = (from: number, to: number) => batch.read(from, to).toString();
  expect([read(0, 9), read(0, 5), read(5, 9), read(3, 4), read(0, 9)]).toEqual([
    '[0,1,2,3,4,5,6,7,8]',
    '[0,1,2,3,4]',
    '[5,6,7,8]',
    '[3]',
    '[0,1,2,3,4,5,6,7,8]',
  ]);
  expect(all(batches)).toHaveLength(10);
});

test('an entry that is larger than a batch has one of its own', () => {
  const batches = new EntryBatches(500);
  const texts = ['small', 'ä€😀'.repeat(100_000), 'after'];
  for (const text of texts) batches.add(JSON.stringify(text));
  expect(all(batches)).toEqual(texts);
});

test('a batch that is removed takes nothing with it that comes later', () => {
  const batches = new EntryBatches(2);
  for (const text of ['1', '2', '3', '4', '5']) batches.add(text);
  const read = () => batches.first()?.read(0, batches.first()!.count).toString();
  expect(read()).toBe('[1,2]');
  batches.removeFirst();
  for (const text of ['6', '7']) batches.add(text);
  const found = [];
  for (let batch = read(); batch; batch = read()) {
    found.push(batch);
    batches.removeFirst();
  }
  expect(found).toEqual(['[3,4]', '[5,6]', '[7]']);
});
