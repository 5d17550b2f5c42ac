import { html, type Html } from './html.js';
import type { Language } from './language.js';
import { STYLE_ELEMENT, STYLE_HASH, type StyleSheet } from './style.js';

/** A page to send, and what its content security policy has to allow. */
export interface Page {
  readonly markup: string;
  /** CSP source expressions of its style elements. */
  readonly styleHashes: readonly string[];
  /** Whether it holds a picture, as a `data:` address. */
  readonly picture: boolean;
}

export interface PageParts {
  readonly language: Language;
  readonly title: string;
  readonly body: Html;
  readonly brand?: StyleSheet | undefined;
  readonly picture?: boolean;
}

/** What all pages have around them. */
export function buildPage({ language, title, body, brand, picture = false }: PageParts): Page {
  const { markup } = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${STYLE_ELEMENT}${brand?.element}
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `;
  return { markup, styleHashes: [STYLE_HASH, ...(brand ? [brand.hash] : [])], picture };
}

/**
 * Allows a page's own style and picture and nothing else. `form-action` also judges the redirects that follow a form's
 * POST (Chrome), and a link's chain leads over the provider's hosts and back to Amazon's, which only the provider
 * knows: any https host, and http where we are not `secure` ourselves.
 * @see R40
 */
export function contentSecurityPolicy(page: Page, secure: boolean): string {
  return [
    "default-src 'none'",
    `style-src ${page.styleHashes.join(' ')}`,
    ...(page.picture ? ['img-src data:'] : []),
    `form-action 'self' https:${secure ? '' : ' http:'}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
