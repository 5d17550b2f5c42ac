import { readPath } from './dotted-path.js';

describe('readPath', () => {
  it.each<[string, unknown, unknown]>([
    ['a', { a: 1 }, 1],
    ['a.b', { a: { b: 'x' } }, 'x'],
    ['a.0.b', { a: [{ b: 'x' }] }, 'x'],
    ['a|b', { b: 'x' }, 'x'],
    ['a|b', { a: 0, b: 'x' }, 0],
    ['a|b', { a: null, b: 'x' }, 'x'],
    ['a|b.c', { a: '', b: { c: false } }, false],
    ['a.b', { a: 'text' }, undefined],
    ['a.b', { a: null }, undefined],
    ['a', null, undefined],
    ['a', 'text', undefined],
    ['length', 'text', undefined],
    ['a', undefined, undefined],
  ])('%s of %j', (path, json, found) => {
    expect(readPath(json, path)).toBe(found);
  });

  it.each(['constructor', '__proto__', 'toString', 'a.constructor.name', '__proto__.polluted'])(
    'does not see %s, which no answer has',
    (path) => {
      expect(readPath({ a: {} }, path)).toBeUndefined();
      expect(readPath(Object.create({ polluted: true }), 'polluted')).toBeUndefined();
    },
  );

  it('sees a member of that name when an answer really has it, and nothing changes by it', () => {
    const json: unknown = JSON.parse('{"__proto__":{"access_token":"at"}}');
    expect(readPath(json, 'access_token')).toBeUndefined();
    expect(readPath(json, '__proto__.access_token')).toBe('at');
    expect(({} as Record<string, unknown>)['access_token']).toBeUndefined();
  });
});
