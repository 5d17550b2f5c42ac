import fc from 'fast-check';
import { parseAnswer } from './parse-answer.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const read = (body: string, contentType?: string): unknown => parseAnswer({ body, contentType });

describe('parseAnswer', () => {
  it.each([
    ['JSON', '{"a":"b"}', JSON_TYPE],
    ['a form', 'a=b', FORM_TYPE],
    ['a form with a charset', 'a=b', `${FORM_TYPE}; charset=utf-8`],
    ['JSON that calls itself a form', '{"a":"b"}', FORM_TYPE],
    ['a form that calls itself JSON', 'a=b', JSON_TYPE],
    ['JSON that calls itself HTML', ' {"a":"b"}\n', 'text/html'],
    ['a form that calls itself text', 'a=b', 'text/plain'],
    ['JSON that calls itself nothing', '{"a":"b"}', undefined],
    ['JSON behind a byte order mark', '\uFEFF{"a":"b"}', JSON_TYPE],
    ['JSON of a type of its own', '{"a":"b"}', 'application/vnd.example+JSON'],
  ])('reads %s', (_, body, contentType) => {
    expect(read(body, contentType)).toEqual({ a: 'b' });
  });

  it.each([
    ['HTML', '<html><body class="x">a=b</body></html>', 'text/html'],
    ['HTML that calls itself JSON', '<!doctype html>', JSON_TYPE],
    ['cut-off JSON', '{"access_token":"at","ex', JSON_TYPE],
    ['cut-off JSON without a type', '{"access_token":"at"', undefined],
    ['a form with a parameter twice', 'access_token=a&access_token=b', FORM_TYPE],
    ['words', 'Service temporarily unavailable', 'text/plain'],
    ['nothing', '', JSON_TYPE],
    ['more than anybody needs', `{"a":"${'x'.repeat(262_144)}"}`, JSON_TYPE],
  ])('makes nothing of %s', (_, body, contentType) => {
    expect(read(body, contentType)).toBeUndefined();
  });

  it('lets no name reach a prototype', () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      read(`{"${name}":{"polluted":true}}`, JSON_TYPE);
      read(`${name}=polluted`, FORM_TYPE);
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('throws nothing, whatever it is given', () => {
    const type = fc.constantFrom(JSON_TYPE, FORM_TYPE, 'text/html', '', undefined);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), type, (body, contentType) => {
        expect(() => read(body, contentType)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
