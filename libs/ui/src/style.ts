import { createHash } from 'node:crypto';
import { formatColour, parseColour, standOut, textOn, type Colour } from './colour.js';
import type { Html } from './html.js';

/** The colours that a card is drawn in, `#rrggbb`. Text is 4.5 to 1 and more on card and page, `rim` 3 to 1. */
export const PALETTE = {
  light: {
    ink: '#16202b',
    soft: '#4d5965',
    page: '#eef2f6',
    card: '#ffffff',
    line: '#d5dde5',
    rim: '#75828f',
    warn: '#8a3b00',
    accent: '#0b5cab',
    edge: '#0b5cab',
    'on-accent': '#ffffff',
  },
  dark: {
    ink: '#e9eef4',
    soft: '#a9b6c3',
    page: '#0e141b',
    card: '#18212b',
    line: '#2d3a47',
    rim: '#7d8b99',
    warn: '#ffb27a',
    accent: '#7cb8f5',
    edge: '#7cb8f5',
    'on-accent': '#06182b',
  },
} as const;

type Scheme = keyof typeof PALETTE;

const DARK = '@media (prefers-color-scheme:dark)';

const variables = (values: Readonly<Record<string, string>>): string =>
  `:root{${Object.entries(values)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')}}`;

/** The pages' whole style: no external host, readable at 320 px and at twice the text size, light and dark. */
export const STYLE = `
:root{color-scheme:light dark;-webkit-text-size-adjust:100%;text-size-adjust:100%}
${variables(PALETTE.light)}
${DARK}{${variables(PALETTE.dark)}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;align-items:center;justify-content:center;padding:min(1.5rem,5vw);background:var(--page);color:var(--ink);font:1.0625rem/1.5 -apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,system-ui,sans-serif;overflow-wrap:anywhere}
:lang(ja) body,:lang(hi) body{line-height:1.7}
:lang(ja) :is(h1,h2,button){word-break:auto-phrase}
main{width:100%;max-width:27rem;background:var(--card);border:1px solid var(--line);border-radius:1.25rem;padding:2rem min(1.75rem,6vw);box-shadow:0 1rem 3rem -1.5rem #0003}
h1{font-size:1.5rem;line-height:1.3;letter-spacing:-.01em;margin:0 0 .5rem;text-wrap:balance}
h2{font-size:1.125rem;line-height:1.4;margin:0 0 .25rem;text-wrap:balance}
p{margin:.5rem 0;color:var(--soft);text-wrap:pretty}
p strong{color:var(--ink)}
a{color:var(--ink);text-underline-offset:.2em}
.join{display:flex;align-items:center;gap:12px;margin:0 0 1.5rem}
.join span{display:grid;place-items:center;flex:none;width:56px;height:56px;border-radius:16px;border:1px solid var(--line);font-weight:700;font-size:22px;line-height:1;background:var(--page);color:var(--soft)}
.join .ours{background:var(--accent);border-color:var(--edge);color:var(--on-accent)}
.join .logo{width:auto;min-width:56px;max-width:60%;padding:6px;background:#fff}
.join img{display:block;max-width:100%;max-height:42px;object-fit:contain}
.join i{flex:0 0 36px;border-top:2px dashed var(--rim)}
.actions{display:grid;gap:.75rem;margin-top:1.5rem}
.actions+.actions{margin-top:.75rem}
button,.button{display:grid;place-items:center;width:100%;min-height:3.25rem;padding:.75rem min(1rem,4vw);border-radius:.875rem;border:1px solid var(--edge);font:inherit;font-weight:600;line-height:1.35;text-align:center;text-decoration:none;cursor:pointer;background:var(--accent);color:var(--on-accent);-webkit-tap-highlight-color:transparent;touch-action:manipulation}
.quiet{background:transparent;border-color:var(--rim);color:var(--ink);font-weight:500}
.plain{background:transparent;border-color:transparent;color:var(--soft);font-weight:500;text-decoration:underline;text-underline-offset:.2em}
@media (hover:hover){button:hover,.button:hover{box-shadow:0 0 0 3px var(--line)}}
button:active,.button:active{box-shadow:0 0 0 3px var(--rim)}
@media (prefers-reduced-motion:no-preference){button,.button{transition:box-shadow .15s}}
:focus-visible{outline:3px solid var(--edge);outline-offset:3px}
.mark{display:grid;place-items:center;width:3rem;height:3rem;border-radius:50%;border:2px solid var(--warn);color:var(--warn);font-weight:700;font-size:1.5rem;line-height:1;margin-bottom:1.25rem}
.mark.calm{border-color:var(--rim);color:var(--soft)}
.mark.done{border-color:var(--accent);color:var(--accent)}
.detour{margin-top:1.5rem;padding:1.25rem min(1.25rem,5vw);border:1px solid var(--line);border-radius:1rem;background:var(--page)}
.detour .actions{margin-top:.5rem}
.detour a{display:inline-block;padding:.625rem 0}
ol{margin:.75rem 0;padding-left:min(1.375rem,11vw)}
li{padding-left:.25rem;margin:.75rem 0}
.foot{margin-top:1.5rem;padding-top:1.25rem;border-top:1px solid var(--line);font-size:.9375rem}
code{font:600 .9375rem/1.5 ui-monospace,"SF Mono",Menlo,"Liberation Mono",monospace;color:var(--ink);-webkit-user-select:all;user-select:all}
.address{display:block;margin-top:.5rem;padding:.75rem min(.75rem,3vw);border:1px solid var(--rim);border-radius:.625rem;background:var(--card);font-weight:400}
@media (max-width:30rem){body{justify-content:flex-start;padding:0;background:var(--card)}main{flex:1;display:flex;flex-direction:column;border:0;border-radius:0;box-shadow:none;padding:2rem min(1.25rem,6vw)}main>:nth-last-child(2){margin-bottom:1.5rem}.foot{margin-top:auto}}
`.trim();

/**
 * The element a page puts in whole: the hash covers every character between the tags, so a template that is laid out
 * around {@link STYLE} would lose its style to the content security policy.
 */
export const STYLE_ELEMENT: Html = elementOf(STYLE);

/** The CSP source expression that allows exactly {@link STYLE_ELEMENT}. */
export const STYLE_HASH = hashOf(STYLE);

/** A style element that comes after {@link STYLE_ELEMENT}, and the CSP source expression that allows exactly it. */
export interface StyleSheet {
  readonly element: Html;
  readonly hash: string;
}

/**
 * The buttons in a tenant's colour. Its text is 4.5 to 1 on it, its edge and its focus ring 3 to 1 on the card, in
 * light and in the dark, where a colour that is nearly the card's becomes lighter. Undefined when it is no colour.
 */
export function brandStyle(color: string | undefined): StyleSheet | undefined {
  const brand = color === undefined ? undefined : parseColour(color);
  if (!brand) return undefined;
  const card = cardOf('dark');
  const inTheDark = standOut(brand, card, 3);
  const light = accentOf(brand, standOut(brand, cardOf('light'), 3));
  const style = `${light}${DARK}{${accentOf(inTheDark, inTheDark)}}`;
  return { element: elementOf(style), hash: hashOf(style) };
}

function accentOf(accent: Colour, edge: Colour): string {
  const values = { accent, edge, 'on-accent': textOn(accent) };
  return variables(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, formatColour(value)])));
}

function cardOf(scheme: Scheme): Colour {
  return parseColour(PALETTE[scheme].card) ?? [0, 0, 0];
}

function elementOf(style: string): Html {
  return { markup: `<style>${style}</style>` };
}

function hashOf(style: string): string {
  return `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
}
