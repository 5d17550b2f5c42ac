import fc from 'fast-check';
import { LANGUAGES } from './language.js';
import { renderLinkPage, type LinkPage } from './link-page.js';
import { contentSecurityPolicy } from './page.js';

const ID = 'k2J8vNq0ZtYx4hB6sWcR1A';
const LOGO = `data:image/png;base64,${'A'.repeat(64)}`;
const home = { slug: 'home', name: 'Acme Home', refused: false };
const cloud = { slug: 'cloud', name: 'Cloud Nine', refused: true };

const render = (changes: Partial<LinkPage> = {}) =>
  renderLinkPage({
    language: 'en',
    linkRequestId: ID,
    address: `https://link.example/link/${ID}`,
    skillName: 'Acme Lights',
    tenantName: 'Acme Lighting',
    branding: {},
    connectors: [home],
    repair: false,
    ...changes,
  });
const markup = (changes: Partial<LinkPage> = {}): string => render(changes).markup;
const tags = (page: string): string[] => page.match(/<[^>]*>/g) ?? [];
const buttons = (page: string): string[] =>
  [...page.matchAll(/<button[^>]*value="(\w+)"/g)].map(([, slug]) => slug ?? '');

it('names the skill and the tenant, and has a button per connector that changes something by POST', () => {
  const page = markup({ connectors: [home, { slug: 'pro', name: 'Acme Pro', refused: false }] });
  expect(page).toContain('<h1>Link Acme Lights with your Alexa account</h1>');
  expect(page).toContain('<strong>Acme Lighting</strong>');
  expect(buttons(page)).toEqual(['home', 'pro']);
  expect(page).toContain('Continue with Acme Pro');
  expect([...page.matchAll(/<form[^>]*method="(\w+)"/g)].map(([, method]) => method)).toEqual(['post', 'post']);
  expect(page).toContain(`action="/link/${ID}/cancel"`);
});

it('asks for the same account where a sign-in is renewed, and says that Alexa keeps its link', () => {
  const page = markup({ repair: true });
  expect(page).toContain('<h1>Keep Acme Lights working with Alexa</h1>');
  expect(page).toContain('Sign in again with Acme Home, with the same account as before.');
  expect(page).toContain('There is nothing to do in the Alexa app.');
  expect(buttons(page)).toEqual(['home']);
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
  const any = fc.oneof(name, evil);
  const usual = tags(markup({ connectors: [home, cloud] })).length;
  fc.assert(
    fc.property(any, any, any, (skillName, tenantName, connector) => {
      const connectors = [
        { ...home, name: connector },
        { ...cloud, name: connector },
      ];
      const page = markup({ skillName, tenantName, connectors });
      expect(tags(page)).toHaveLength(usual);
      expect(page.split('<')).toHaveLength(usual + 1);
    }),
  );
});

it.each(['', ' ', '  Ä', '🏠 Home', '\ud800', 'ﬁ'])('has a mark for a skill called %j', (skillName) => {
  expect(markup({ skillName })).toMatch(/<span class="ours">[^<]+<\/span>/);
});

describe('with branding', () => {
  it('shows the colour by a style of its own that the policy names, and the logo instead of the mark', () => {
    const page = render({ branding: { color: '#d9481e', logo: LOGO } });
    expect(page.markup).toContain('--accent:#d9481e');
    expect(page.markup).toContain(`<img src="${LOGO}" alt="" />`);
    expect(page.markup).not.toContain('class="ours"');
    expect(page.styleHashes).toHaveLength(2);
    expect(contentSecurityPolicy(page, true)).toContain('img-src data:;');
  });

  it('stays plain where the colour or the logo is not what it should be', () => {
    const page = render({ branding: { color: 'red;}</style>', logo: 'https://evil.example/logo.png' } });
    expect(page).toEqual(render());
  });

  it('cannot break out of its place', () => {
    const page = markup({ branding: { logo: 'data:image/png;base64,"><script>' } });
    expect(page).not.toContain('<script');
  });
});

describe('where a provider refuses to let anybody sign in (R39)', () => {
  it('puts it last, with the way out, and does not take its button away', () => {
    const page = markup({ connectors: [cloud, home] });
    expect(buttons(page)).toEqual(['home', 'cloud']);
    expect(page.indexOf('To use Cloud Nine, open this page in your browser')).toBeGreaterThan(
      page.indexOf('value="home"'),
    );
    expect(page.indexOf('Or try it here anyway')).toBeLessThan(page.indexOf('value="cloud"'));
    expect(page).toContain(`<a href="https://link.example/link/${ID}">`);
    // What is copied from the box is the address.
    const [, box = ''] = /<code class="address">(.*?)<\/code>/.exec(page) ?? [];
    expect(box.replaceAll('<wbr />', '')).toBe(`https://link.example/link/${ID}`);
  });

  it('explains first where none would let anybody in', () => {
    const page = markup({ connectors: [cloud, { slug: 'sky', name: 'Sky', refused: true }] });
    expect(page).toContain('To use Cloud Nine or Sky, open this page');
    expect(buttons(page)).toEqual(['cloud', 'sky']);
    expect(page.indexOf('class="detour"')).toBeLessThan(page.indexOf('<button'));
    expect(page.match(/<form/g)).toHaveLength(2);
  });

  it('says nothing of it elsewhere', () => {
    expect(markup()).not.toContain('class="detour"');
  });
});

it.each(LANGUAGES)('stays below 20 KB in %s with the largest logo, twenty connectors and long names', (language) => {
  const names = { skillName: 'S'.repeat(80), tenantName: 'T'.repeat(80) };
  const connectors = Array.from({ length: 20 }, (_, index) => {
    return { slug: `connector-${index}`, name: `Connector ${index} `.padEnd(40, 'x'), refused: index % 4 === 0 };
  });
  const branding = { color: '#d9481e', logo: 'data:image/png;base64,'.padEnd(8_192, 'A') };
  const page = markup({ language, connectors, branding, ...names });
  expect(buttons(page.replaceAll('connector-', ''))).toHaveLength(20);
  expect(Buffer.byteLength(page)).toBeLessThan(20_000);
});
