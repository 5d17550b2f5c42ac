import { bodyOf, domainsOf, EMPTY_RUN, hostsOf, missingIn, type RunFields } from './run-fields.js';

const FULL: RunFields = {
  ...EMPTY_RUN,
  authorizeUrl: ' https://id.example.com:8443/authorize ',
  tokenUrl: 'https://token.example.com/token',
  clientId: 'alexa',
  clientSecret: 'typed',
  redirectUri: 'https://layla.amazon.com/api/skill/link/M1',
  domains: 'cdn.example.com, fonts.example.com\n',
};

test('hosts of the addresses, once, and those of the domain list', () => {
  expect(hostsOf(FULL)).toEqual(['id.example.com', 'token.example.com']);
  expect(hostsOf({ ...FULL, tokenUrl: 'https://id.example.com/token' })).toEqual(['id.example.com']);
  expect(hostsOf({ ...FULL, tokenUrl: 'id.exa' })).toEqual(['id.example.com']);
  expect(domainsOf(FULL)).toEqual(['cdn.example.com', 'fonts.example.com']);
});

test.each([
  ['nothing', {}, []],
  ['an address', { tokenUrl: 'id.example.com/token' }, ['tokenUrl']],
  ['another kind of address', { redirectUri: 'javascript:1' }, ['redirectUri']],
  ['who it is', { clientId: '', clientSecret: '' }, ['clientId', 'clientSecret']],
  ['every step', { steps: [] }, ['steps']],
  ['a selector', { steps: [{ key: 1, kind: 'click' as const, selector: ' ', value: '' }] }, ['steps']],
])('%s is missing', (_, change, missing) => {
  expect([...missingIn({ ...FULL, ...change })]).toEqual(missing);
});

test('what is sent has no spaces around it, and values of what is filled in alone', () => {
  const steps = [
    { key: 1, kind: 'fill' as const, selector: ' input ', value: ' kept ' },
    { key: 2, kind: 'waitFor' as const, selector: 'form', value: 'left over' },
    { key: 3, kind: 'click' as const, selector: 'button', value: '' },
  ];
  const { target } = bodyOf({ ...FULL, steps, scope: ' lights ' });
  expect(target).toMatchObject({ authorizeUrl: 'https://id.example.com:8443/authorize', scope: 'lights' });
  expect(target.login).toEqual([{ fill: 'input', value: ' kept ' }, { waitFor: 'form' }, { click: 'button' }]);
  expect(target).not.toHaveProperty('skill');
});
