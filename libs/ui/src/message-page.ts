import { html, type Html } from './html.js';
import type { Language } from './language.js';
import { buildPage, type Page } from './page.js';
import { TEXTS, type MessageKey, type Texts } from './texts/index.js';

/** What leads on from a message. */
export interface MessageAction {
  readonly path: string;
  /**
   * `try-again` reads a page, `start-here` changes something, `reload` repeats an address with its query as it is,
   * which a form would write anew (R29).
   */
  readonly label: 'try-again' | 'start-here' | 'reload';
}

export interface MessagePage {
  readonly language: Language;
  readonly message: MessageKey;
  /** What support finds the attempt by. */
  readonly reference: string;
  readonly action?: MessageAction | undefined;
}

/** Nothing went wrong in these: a household that comes back to a finished link must not be frightened. */
const CALM: ReadonlySet<MessageKey> = new Set(['finished', 'not-found', 'repair-cancelled']);

/** A page that says what happened, who has to do what, and what to tell support. */
export function renderMessagePage({ language, message, reference, action }: MessagePage): Page {
  const texts = TEXTS[language];
  const [title, text] = texts.messages[message];
  const mark =
    message === 'repaired'
      ? html`<div class="mark done" aria-hidden="true">✓</div>`
      : CALM.has(message)
        ? html`<div class="mark calm" aria-hidden="true">i</div>`
        : html`<div class="mark" aria-hidden="true">!</div>`;
  const body = html`${mark}
    <h1>${title}</h1>
    <p>${text}</p>
    ${action && actionOf(texts, action)}
    <p class="foot">${texts.reference} <code>${reference}</code></p>`;
  return buildPage({ language, title, body });
}

function actionOf(texts: Texts, { path, label }: MessageAction): Html {
  if (label === 'reload') {
    return html`<p class="actions"><a class="button" href="${path}">${texts.tryAgain}</a></p>`;
  }
  const again = label === 'try-again';
  return html`<form class="actions" method="${again ? 'get' : 'post'}" action="${path}">
    <button type="submit">${again ? texts.tryAgain : texts.startHere}</button>
  </form>`;
}
