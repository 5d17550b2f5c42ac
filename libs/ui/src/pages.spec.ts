import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { renderLinkPage, renderMessagePage, type LinkPage, type MessagePage } from './pages.js';
import { STYLE, STYLE_HASH } from './style.js';
import { TEXTS, type Language, type MessageKey } from './texts.js';

const LANGUAGES = Object.keys(TEXTS) as Language[];
const KEYS = Object.keys(TEXTS.en.messages) as MessageKey[];

const linkPage = (changes: Partial<LinkPage> = {}): string =>
  renderLinkPage({
    language: 'en',
    linkRequestId: '0195e7a0-0000-7000-8000-000000000001',
    skillName: 'Acme Lights',
    tenantName: 'Acme Lighting',
    connectors: [{ slug: 'home', name: 'Acme Home' }],
    ...changes,
  });
const messagePage = (changes: Partial<MessagePage> = {}): string =>
  renderMessagePage({ language: 'en', message: 'expired', reference: 'K7QX-3M2P', ...changes });

/** Every page there is. */
const ALL: [string, string][] = LANGUAGES.flatMap((language) => [
  [`${language} link`, linkPage({ language })],
  ...KEYS.map((message): [string, string] => [
    `${language} ${message}`,
    messagePage({ language, message, action: { path: '/link/x', label: 'try-again' } }),
  ]),
]);
const tags = (page: string): string[] => page.match(/<[^>]*>/g) ?? [];

describe.each(ALL)('the page %s', (name, page) => {
  it('is small, made for a phone, in its language, and not for search engines', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(20_000);
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1" />');
    expect(page).toContain('<meta charset="utf-8" />');
    expect(page).toContain('<meta name="robots" content="noindex" />');
    expect(page).toContain(`<html lang="${name.slice(0, 2)}">`);
  });

  it('has no script, no pop-up and nothing from another host (R37, R52)', () => {
    expect(page).not.toMatch(/<script|<iframe|<link|<img|<object|target=|\son\w+=|javascript:|style="/i);
    expect(page).not.toMatch(/(?:https?:)?\/\/|url\(|@import/i);
  });

  it('has one heading, which is its title', () => {
    const [heading] = /(?<=<h1>)[^<]+(?=<\/h1>)/.exec(page) ?? [];
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page).toContain(`<title>${heading ?? '-'}</title>`);
  });
});

describe('the link page', () => {
  it('names the skill and the tenant, and has a button per connector that changes something by POST', () => {
    const page = linkPage({
      connectors: [
        { slug: 'home', name: 'Acme Home' },
        { slug: 'pro', name: 'Acme Pro' },
      ],
    });
    expect(page).toContain('Link Acme Lights with your Alexa account');
    expect(page).toContain('<strong>Acme Lighting</strong>');
    expect(page.match(/<button[^>]*name="connector" value="(?:home|pro)"/g)).toHaveLength(2);
    expect(page).toContain('Continue with Acme Pro');
    expect([...page.matchAll(/<form[^>]*method="(\w+)"/g)].map(([, method]) => method)).toEqual(['post', 'post']);
    expect(page).toContain('action="/link/0195e7a0-0000-7000-8000-000000000001/cancel"');
  });

  it('escapes whatever names it is given: the same tags as ever, and the words in full', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 });
    const evil = fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=a>',
      "' onclick='x",
      '</title>',
      '&lt;',
    );
    const usual = tags(linkPage()).length;
    fc.assert(
      fc.property(
        fc.oneof(name, evil),
        fc.oneof(name, evil),
        fc.oneof(name, evil),
        (skillName, tenantName, connector) => {
          const page = linkPage({ skillName, tenantName, connectors: [{ slug: 'home', name: connector }] });
          expect(tags(page)).toHaveLength(usual);
          expect(page.split('<')).toHaveLength(usual + 1);
        },
      ),
    );
  });

  it.each(['', ' ', '  Ä', '🏠 Home', '\ud800', 'ﬁ'])('has a mark for a skill called %j', (skillName) => {
    expect(linkPage({ skillName })).toMatch(/<span>[^<]+<\/span>/);
  });
});

describe('a message page', () => {
  it('shows the words and the reference', () => {
    const page = messagePage();
    expect(page).toContain('This attempt has expired');
    expect(page).toContain('<code>K7QX-3M2P</code>');
    expect(page).not.toContain('<form');
  });

  it.each([
    ['try-again', 'get', 'Try again'],
    ['start-here', 'post', 'Start again in this browser'],
  ] as const)('leads on by %s: method %s, %s', (label, method, words) => {
    const page = messagePage({ action: { path: '/link/1?a=1&b="2"', label } });
    const [form] = page.match(/<form[^>]*>/) ?? [];
    expect(form).toMatch(new RegExp(`method="${method}"`));
    expect(form).toContain('action="/link/1?a=1&amp;b=&quot;2&quot;"');
    expect(page).toMatch(new RegExp(`<button type="submit">${words}</button>`));
  });

  it('escapes the reference and the path', () => {
    const usual = tags(messagePage({ action: { path: '/', label: 'try-again' } })).length;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (reference, path) => {
        const page = messagePage({ reference, action: { path, label: 'try-again' } });
        expect(page.split('<')).toHaveLength(usual + 1);
        expect(page.split('"')).toHaveLength(
          messagePage({ action: { path: '/', label: 'try-again' } }).split('"').length,
        );
      }),
    );
  });
});

describe('the style', () => {
  it('is inside the page as it was hashed for the content security policy', () => {
    const [, inside = ''] = /<style>([^]*)<\/style>/.exec(messagePage()) ?? [];
    const hash = createHash('sha256').update(inside).digest('base64');
    expect(inside).toBe(STYLE);
    expect(STYLE_HASH).toBe(`'sha256-${hash}'`);
  });
});
