import fc from 'fast-check';
import { malformedParameters, parameter, parseParameters, repeatedParameters } from './parameters.js';

describe('parseParameters', () => {
  it.each([
    ['', []],
    ['&&', []],
    [
      'a=1&b=2',
      [
        ['a', ['1']],
        ['b', ['2']],
      ],
    ],
    ['a=1&a=2', [['a', ['1', '2']]]],
    ['a', [['a', ['']]]],
    ['a=b=c', [['a', ['b=c']]]],
    ['=x', [['', ['x']]]],
    ['client%5Fid=x', [['client_id', ['x']]]],
    ['a+b=x', [['a b', ['x']]]],
    ['a=%2B+', [['a', ['%2B+']]]],
    ['%zz=x&a=1', [['a', ['1']]]],
    ['%ff=x', []],
  ] as [string, [string, string[]][]][])('splits %j and leaves values as they were sent', (raw, expected) => {
    expect([...parseParameters(raw)]).toEqual(expected);
  });

  it('reads back whatever URLSearchParams writes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme', minLength: 1 }))),
        (pairs) => {
          const parameters = parseParameters(new URLSearchParams(pairs).toString());
          for (const [name] of pairs) {
            expect(parameter(parameters, name)).toBe(pairs.find(([other]) => other === name)?.[1]);
          }
        },
      ),
    );
  });

  it('never throws, whatever the body is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (raw, name) => {
        const parameters = parseParameters(raw);
        expect(['string', 'undefined']).toContain(typeof parameter(parameters, name));
        for (const known of parameters.keys()) malformedParameters(parameters, [known]);
      }),
    );
  });
});

describe('parameter', () => {
  const read = (raw: string): string | undefined => parameter(parseParameters(raw), 'p');

  it.each([
    ['q=1', undefined],
    ['p', undefined],
    ['p=', undefined],
    ['p=%', undefined],
    ['p=%C3', undefined],
    ['p=1&p=2', '1'],
    ['p=a+b%20c%2B', 'a b c+'],
    ['p=%C3%A4', 'ä'],
  ])('reads %j as %j', (raw, expected) => {
    expect(read(raw)).toBe(expected);
  });
});

describe('repeated and malformed names', () => {
  const parameters = parseParameters('once=1&twice=1&twice=1&bad=%zz&empty=&unknown=1&unknown=2');
  const names = ['absent', 'once', 'twice', 'bad', 'empty'];

  it('names what is given more than once, even with the same value, and only what was asked about', () => {
    expect(repeatedParameters(parameters, names)).toEqual(['twice']);
  });

  it('names what cannot be decoded', () => {
    expect(malformedParameters(parameters, names)).toEqual(['bad']);
  });
});
