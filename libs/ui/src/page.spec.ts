import { createHash } from 'node:crypto';
import { LANGUAGES } from './language.js';
import { renderLinkPage } from './link-page.js';
import { renderMessagePage } from './message-page.js';
import { contentSecurityPolicy, type Page } from './page.js';
import { TEXTS, type MessageKey } from './texts/index.js';

const KEYS = Object.keys(TEXTS.en.messages) as MessageKey[];
const ADDRESS = 'https://link.example/link/x';
const facts = { linkRequestId: 'x', address: ADDRESS, skillName: 'Acme Lights', tenantName: 'Acme Lighting' };
const branding = { color: '#d9481e', logo: 'data:image/png;base64,AAAA' };

/** Every page there is. */
const ALL: [string, Page][] = LANGUAGES.flatMap((language): [string, Page][] => [
  ...[{}, branding].flatMap((look) =>
    (['link', 'refused link', 'repair'] as const).map((kind): [string, Page] => [
      `${language} ${kind}, ${'color' in look ? 'branded' : 'plain'}`,
      renderLinkPage({
        ...facts,
        language,
        branding: look,
        connectors: [{ slug: 'home', name: 'Acme Home', refused: kind === 'refused link' }],
        repair: kind === 'repair',
      }),
    ]),
  ),
  ...KEYS.map((message): [string, Page] => [
    `${language} ${message}`,
    renderMessagePage({ language, message, reference: 'K7QX-3M2P', action: { path: '/link/x', label: 'try-again' } }),
  ]),
]);

describe.each(ALL)('the page %s', (name, page) => {
  const { markup } = page;

  it('is small, made for a phone, in its language, and not for search engines', () => {
    expect(Buffer.byteLength(markup)).toBeLessThan(10_000);
    expect(markup).toMatch(/^<!doctype html>/);
    expect(markup).toContain('<meta name="viewport" content="width=device-width, initial-scale=1" />');
    expect(markup).toContain('<meta charset="utf-8" />');
    expect(markup).toContain('<meta name="robots" content="noindex" />');
    expect(markup).toContain(`<html lang="${name.split(' ')[0] ?? ''}">`);
  });

  it('has no script, no pop-up, no other host and no style but its own (R37, R52)', () => {
    expect(markup).not.toMatch(/<script|<iframe|<link|<object|target=|\son\w+=|javascript:|style=/i);
    expect(markup.replaceAll(/https:\/\/link\.example\//g, '')).not.toMatch(/https?:|\/\/|url\(|@import/i);
    expect(markup.match(/<img/g)?.length ?? 0).toBe(page.picture ? 1 : 0);
  });

  it('has one heading, which is its title', () => {
    const [heading] = /(?<=<h1>)[^<]+(?=<\/h1>)/.exec(markup) ?? [];
    expect(markup.match(/<h1>/g)).toHaveLength(1);
    expect(markup).toContain(`<title>${heading ?? '-'}</title>`);
  });

  it('comes under a policy that allows its style elements, letter by letter, and no others', () => {
    const styles = [...markup.matchAll(/<style>([^]*?)<\/style>/g)].map(([, style]) => style ?? '');
    const hashes = styles.map((style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(page.styleHashes).toEqual(hashes);
    expect(contentSecurityPolicy(page, true).split('; ')).toContain(`style-src ${hashes.join(' ')}`);
  });
});

describe('the content security policy', () => {
  const page: Page = { markup: '', styleHashes: ["'sha256-a'"], picture: false };

  it('is closed but for what the page needs, and the chain of redirects (R40)', () => {
    expect(contentSecurityPolicy(page, true)).toBe(
      "default-src 'none'; style-src 'sha256-a'; form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'",
    );
  });

  it('lets a picture in where there is one, and http where we are http', () => {
    const policy = contentSecurityPolicy({ ...page, picture: true }, false);
    expect(policy).toContain('; img-src data:; ');
    expect(policy).toContain("form-action 'self' https: http:;");
  });
});
