import fc from 'fast-check';
import { html } from './html.js';

describe('html', () => {
  it('escapes every character that could leave its place', () => {
    expect(html`<p title="${`"'<>&`}">${`"'<>&`}</p>`.markup).toBe(
      '<p title="&quot;&#39;&lt;&gt;&amp;">&quot;&#39;&lt;&gt;&amp;</p>',
    );
  });

  it.each([
    ['', ''],
    [null, ''],
    [undefined, ''],
    [false, ''],
    [0, '0'],
    [7, '7'],
    [['a', '<', 1], 'a&lt;1'],
    [[html`<b>${'<'}</b>`, [html`<i></i>`]], '<b>&lt;</b><i></i>'],
    [{ a: '<' }, '{&quot;a&quot;:&quot;&lt;&quot;}'],
  ])('puts in %j', (value, markup) => {
    expect(html`${value}`.markup).toBe(markup);
  });

  it('lets nothing through that a browser would read as markup, whatever is put in', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.anything({ maxDepth: 2, withBigInt: false }));
    const harmless = fc
      .oneof(value, fc.array(value))
      .filter((input) => !(JSON.stringify(input) as string | undefined)?.includes('"markup"'));
    fc.assert(
      fc.property(harmless, (input) => {
        expect(html`${input}`.markup).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  it('loses nothing: unescaped, the text is what it was', () => {
    const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.markup.replace(/&([^;]+);/g, (_, name: string) => names[name] ?? '?')).toBe(text);
      }),
    );
  });
});
