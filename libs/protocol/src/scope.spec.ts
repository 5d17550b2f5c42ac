import fc from 'fast-check';
import { parseScope } from './scope.js';

it.each([
  ['', []],
  ['  ', []],
  ['a', ['a']],
  ['a b', ['a', 'b']],
  [' b  a ', ['b', 'a']],
  ['a a b a', ['a', 'b']],
  ['alexa::devices:all:read https://a.example/x', ['alexa::devices:all:read', 'https://a.example/x']],
  ['a "b"', undefined],
  ['a\\b', undefined],
  ['a\tb', undefined],
  ['ä', undefined],
  ['a\u007f', undefined],
])('reads %j as %j', (scope, tokens) => {
  expect(parseScope(scope)).toEqual(tokens);
});

it('reads back what was joined, once each', () => {
  const token = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
  });
  const tokens = fc.uniqueArray(token.filter((text) => !/["\\]/.test(text)));
  fc.assert(
    fc.property(tokens, (wanted) => {
      expect(parseScope(wanted.join(' '))).toEqual(wanted);
    }),
  );
});
