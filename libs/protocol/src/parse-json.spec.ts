import fc from 'fast-check';
import { parseJson } from './parse-json.js';

test('gives back what was written', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(parseJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test.each(['', '{', '{"a":1}x', 'undefined', "{'a': 1}"])('takes %j for no JSON, without a complaint', (text) => {
  expect(parseJson(text)).toBeUndefined();
});
