import { allowsForm } from './form-action.js';

const PAGE = 'https://id.example.com/login';

test.each([
  ["form-action 'self'", 'https://id.example.com/next', true],
  ["form-action 'self'", 'https://layla.amazon.com/', false],
  ["form-action 'none'", 'https://id.example.com/', false],
  ['form-action', 'https://id.example.com/', false],
  ['form-action *', 'https://layla.amazon.com/', true],
  ['form-action https:', 'https://layla.amazon.com/', true],
  ['form-action https:', 'http://layla.amazon.com/', false],
  ['form-action layla.amazon.com', 'https://layla.amazon.com/api', true],
  ['form-action https://layla.amazon.com/other/', 'https://layla.amazon.com/api', true],
  ['form-action http://layla.amazon.com', 'https://layla.amazon.com/', true],
  ['form-action *.amazon.com', 'https://layla.amazon.com/', true],
  ['form-action *.amazon.com', 'https://amazon.com/', false],
  ['form-action amazon.com', 'https://layla.amazon.com/', false],
  ['form-action layla.amazon.com:8443', 'https://layla.amazon.com/', false],
  ['form-action layla.amazon.com:*', 'https://layla.amazon.com:8443/', true],
  ['form-action layla.amazon.com', 'https://layla.amazon.com:8443/', false],
  ["default-src 'none'", 'https://layla.amazon.com/', true],
  ["FORM-ACTION 'SELF'", 'https://layla.amazon.com/', false],
  ["img-src *; form-action 'self' layla.amazon.com", 'https://layla.amazon.com/', true],
  ["form-action *, form-action 'self'", 'https://layla.amazon.com/', false],
])('%s lets a form lead to %s: %s', (policy, to, allowed) => {
  expect(allowsForm([policy], PAGE, to)).toBe(allowed);
});

test('no policy allows everything, and the strictest of several counts', () => {
  expect(allowsForm([], PAGE, 'https://layla.amazon.com/')).toBe(true);
  expect(allowsForm(['form-action *', "form-action 'self'"], PAGE, 'https://layla.amazon.com/')).toBe(false);
});
