import { html, type Html, type Piece } from '../../html/html.js';

export interface AlexaPage {
  readonly title: string;
  /** Where the arrow in the bar leads; none on the first page. */
  readonly back?: string;
  readonly main: Piece;
  /** What went over the wire: beside the phone on wide screens, below it on a phone. */
  readonly behind?: Piece;
}

/** A phone in the hand on wide screens, the whole screen on a phone; never a logo or a mark of Amazon's. */
export function alexaPage({ title, back, main, behind }: AlexaPage): Html {
  return html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title} · Alexa simulator</title>
      <link rel="stylesheet" href="/style/alexa.css" />
      <link rel="icon" href="data:," />
    </head>
    <body>
      <p class="strip"><b>Alexa simulator</b> <span>part of Linkbroker, not made by Amazon</span></p>
      <div class="stage ${behind ? 'wide' : ''}">
        <div class="phone">
          <header class="bar">
            ${back ? html`<a class="back" href="${back}" aria-label="Back">${chevron}</a>` : html`<span class="back"></span>`}
            <h1>${title}</h1>
            <span class="back"></span>
          </header>
          <main>${main}</main>
        </div>
        ${behind ? html`<aside class="behind" aria-label="Behind the screen">${behind}</aside>` : ''}
      </div>
    </body>
  </html>`;
}

const chevron = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M15 5l-7 7 7 7" /></svg>`;

export const checkMark = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12.5l4.5 4.5L19 7.5" /></svg>`;

export const crossMark = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 7l10 10M17 7L7 17" /></svg>`;

/** The coloured square with the first letter of the skill; its colour follows from the name. */
export function skillIcon(name: string, large = false): Html {
  const hue = Array.from(name).reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % 6;
  return html`<span class="icon hue-${hue} ${large ? 'large' : ''}" aria-hidden="true"
    >${name.slice(0, 1).toUpperCase()}</span
  >`;
}
