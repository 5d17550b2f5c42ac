import fc from 'fast-check';
import { toLocalInput } from './local-time.js';
import { readDiff } from './read-diff.js';
import { readLookUp } from './reference.js';
import { readTimeline } from './timeline.js';

describe('what somebody looks up', () => {
  test.each(['K7QX-3M2P', 'k7qx3m2p', ' K7QX 3M2P ', 'k7qx-3m2p'])('%s is a reference', (text) => {
    expect(readLookUp(text)).toEqual({ kind: 'reference', reference: 'K7QX-3M2P' });
  });
  test('letters that a reference has not are taken for what they look like', () => {
    expect(readLookUp('OIL0-1234')).toEqual({ kind: 'reference', reference: '0110-1234' });
  });
  test('a link is known by its id', () => {
    const id = '2F1C9A3E-0D5B-4C59-9E1A-8A4C8F6B7D10';
    expect(readLookUp(id)).toEqual({ kind: 'link', id: id.toLowerCase() });
  });
  test.each(['', 'K7QX', 'K7QX-3M2', 'K7QX-3M2P9', 'hello you', 'UUUU-UUUU'])('"%s" is neither', (text) => {
    expect(readLookUp(text)).toBeUndefined();
  });
});

describe('a diff of the audit log', () => {
  test('is read as from and to, or as what was set', () => {
    expect(
      readDiff({
        role: { from: 'viewer', to: 'owner' },
        days: { from: null, to: 90 },
        label: 'Grace',
        changes: ['+ skill', '~ name'],
      }),
    ).toEqual([
      { name: 'role', from: 'viewer', to: 'owner' },
      { name: 'days', from: '–', to: '90' },
      { name: 'label', from: undefined, to: 'Grace' },
      { name: 'changes', from: undefined, to: '+ skill\n~ name' },
    ]);
  });
  test('whatever it holds can be shown', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (diff) => {
        expect(readDiff(diff).every(({ to }) => typeof to === 'string')).toBe(true);
      }),
    );
  });
});

test('whatever a timeline holds, what the page shows of it has the right shape', () => {
  const loose = fc.array(fc.dictionary(fc.string(), fc.jsonValue()));
  fc.assert(
    fc.property(loose, loose, fc.jsonValue(), (entries, causes, link) => {
      const read = readTimeline({ entries, causes, link });
      expect(read.entries).toHaveLength(entries.length);
      expect(read.entries.every(({ at, figures }) => typeof at === 'string' && typeof figures === 'object')).toBe(true);
      expect(read.causes.every(({ rules, title }) => Array.isArray(rules) && typeof title === 'string')).toBe(true);
    }),
  );
});

test('a time in an input is that of the viewer, and comes back the same', () => {
  const at = '2026-01-31T12:00:05.000Z';
  expect(new Date(toLocalInput(at)).toISOString()).toBe(at);
});
