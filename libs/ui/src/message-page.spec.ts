import fc from 'fast-check';
import { renderMessagePage, type MessagePage } from './message-page.js';

const markup = (changes: Partial<MessagePage> = {}): string =>
  renderMessagePage({ language: 'en', message: 'expired', reference: 'K7QX-3M2P', ...changes }).markup;
const tags = (page: string): string[] => page.match(/<[^>]*>/g) ?? [];

it('shows the words and the reference', () => {
  const page = markup();
  expect(page).toContain('This attempt has expired');
  expect(page).toContain('<code>K7QX-3M2P</code>');
  expect(page).not.toMatch(/<form|<a /);
});

it.each([
  ['try-again', 'get', 'Try again'],
  ['start-here', 'post', 'Start again in this browser'],
] as const)('leads on by %s: method %s, %s', (label, method, words) => {
  const page = markup({ action: { path: '/link/1?a=1&b="2"', label } });
  const [form] = page.match(/<form[^>]*>/) ?? [];
  expect(form).toMatch(new RegExp(`method="${method}"`));
  expect(form).toContain('action="/link/1?a=1&amp;b=&quot;2&quot;"');
  expect(page).toMatch(new RegExp(`<button type="submit">${words}</button>`));
});

it('reloads an address as it is, its state byte for byte (R29)', () => {
  const page = markup({ action: { path: '/oauth/authorize?state=a+b%2F&c="', label: 'reload' } });
  expect(page).toContain('<a class="button" href="/oauth/authorize?state=a+b%2F&amp;c=&quot;">Try again</a>');
  expect(page).not.toContain('<form');
});

it('frightens nobody whose link is finished', () => {
  expect(markup({ message: 'finished' })).toContain('class="mark calm"');
  expect(markup({ message: 'unavailable' })).not.toContain('calm"');
});

it.each(['try-again', 'start-here', 'reload'] as const)('escapes the reference and the path: %s', (label) => {
  const usual = markup({ action: { path: '/', label } });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (reference, path) => {
      const page = markup({ reference, action: { path, label } });
      expect(page.split('<')).toHaveLength(tags(usual).length + 1);
      expect(page.split('"')).toHaveLength(usual.split('"').length);
    }),
  );
});
