import { html, type Html } from './html.js';
import { STYLE_ELEMENT } from './style.js';
import { TEXTS, type Language, type MessageKey } from './texts.js';

export interface LinkPage {
  readonly language: Language;
  readonly linkRequestId: string;
  readonly skillName: string;
  readonly tenantName: string;
  readonly connectors: readonly { readonly slug: string; readonly name: string }[];
}

export interface MessagePage {
  readonly language: Language;
  readonly message: MessageKey;
  /** What support finds the attempt by. */
  readonly reference: string;
  /** What leads on, when there is a way on: trying again reads a page, starting anew changes something. */
  readonly action?: { readonly path: string; readonly label: 'try-again' | 'start-here' };
}

function layout(language: Language, title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `.markup;
}

const initial = (name: string): string => String.fromCodePoint(name.trim().codePointAt(0) ?? 0x2022).toUpperCase();

/** The one page of every link: who is linked with what, and a button per connector. @see docs/linking.md */
export function renderLinkPage(page: LinkPage): string {
  const texts = TEXTS[page.language];
  const path = `/link/${page.linkRequestId}`;
  const title = texts.linkTitle(page.skillName);
  const [before, tenant, after] = texts.linkIntro(page.tenantName);
  const buttons = page.connectors.map(
    ({ slug, name }) =>
      html`<button type="submit" name="connector" value="${slug}">${texts.continueWith(name)}</button> `,
  );
  return layout(
    page.language,
    title,
    html`<div class="join" aria-hidden="true"><span>${initial(page.skillName)}</span><i></i><span>a</span></div>
      <h1>${title}</h1>
      <p>${before}<strong>${tenant}</strong>${after}</p>
      <form class="actions" method="post" action="${path}">${buttons}</form>
      <form class="actions" method="post" action="${path}/cancel">
        <button class="quiet" type="submit">${texts.cancel}</button>
      </form>
      <p class="reference">${texts.linkNote}</p>`,
  );
}

/** A page that says what happened, what to do, and what to tell support. */
export function renderMessagePage(page: MessagePage): string {
  const texts = TEXTS[page.language];
  const [title, body] = texts.messages[page.message];
  const label = page.action?.label === 'start-here' ? texts.startHere : texts.tryAgain;
  const action =
    page.action &&
    html`<form
      class="actions"
      method="${page.action.label === 'try-again' ? 'get' : 'post'}"
      action="${page.action.path}"
    >
      <button type="submit">${label}</button>
    </form>`;
  return layout(
    page.language,
    title,
    html`<div class="mark" aria-hidden="true">!</div>
      <h1>${title}</h1>
      <p>${body}</p>
      ${action}
      <p class="reference">${texts.reference} <code>${page.reference}</code></p>`,
  );
}
