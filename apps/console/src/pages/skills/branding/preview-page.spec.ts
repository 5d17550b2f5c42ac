import { renderLinkPage } from '@linkbroker/ui';
import { previewPage } from './preview-page.js';

const { markup } = renderLinkPage({
  language: 'en',
  linkRequestId: 'preview',
  address: 'https://link.example.com/link/preview',
  skillName: 'Lights',
  tenantName: 'Acme',
  branding: { color: '#8a1c5b' },
  connectors: [{ slug: 'home', name: 'Home', refused: false }],
  repair: false,
});

test.each(['light', 'dark'] as const)('every style of the page is let in, in %s', (scheme) => {
  const page = previewPage(markup, { scheme, nonce: 'abc+/=' });
  expect(page.match(/<style/g)).toHaveLength(2);
  expect(page.match(/<style nonce="abc\+\/=">/g)).toHaveLength(2);
  expect(page).not.toContain('prefers-color-scheme');
  expect(page.match(scheme === 'dark' ? /@media all\{/g : /@media not all\{/g)?.length).toBe(2);
});

test('its own policy comes before anything it could stop', () => {
  const page = previewPage(markup, { scheme: 'light', nonce: 'abc' });
  expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style'));
  expect(page).toContain("default-src 'none'; style-src 'nonce-abc'; img-src data:; form-action 'none'");
});
