import { createHash } from 'node:crypto';
import type { Html } from './html.js';

/** The link pages' whole style: no external host, readable at 320 px, light and dark. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#16202b;--soft:#55616e;--page:#eef2f6;--card:#fff;--line:#d5dde5;--accent:#0b5cab;--on-accent:#fff;--warn:#8a3b00}
@media (prefers-color-scheme:dark){:root{--ink:#e9eef4;--soft:#a7b4c1;--page:#0e141b;--card:#18212b;--line:#2d3a47;--accent:#7cb8f5;--on-accent:#06182b;--warn:#ffb27a}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;align-items:center;justify-content:center;padding:1.25rem;background:var(--page);color:var(--ink);font:1.0625rem/1.5 -apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,system-ui,sans-serif}
main{width:100%;max-width:26rem;background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.75rem 1.5rem}
h1{font-size:1.375rem;line-height:1.3;margin:0 0 .5rem;text-wrap:balance}
p{margin:.5rem 0;color:var(--soft)}
p strong{color:var(--ink)}
.join{display:flex;align-items:center;justify-content:center;gap:.75rem;margin:0 0 1.25rem}
.join span{display:grid;place-items:center;width:3.25rem;height:3.25rem;border-radius:.9rem;border:1px solid var(--line);font-weight:700;font-size:1.25rem;background:var(--page)}
.join span:first-child{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
.join i{flex:0 0 2.5rem;border-top:2px dashed var(--line)}
.actions{display:grid;gap:.75rem;margin-top:1.5rem}
button{width:100%;min-height:3.125rem;padding:.75rem 1rem;border-radius:.75rem;border:1px solid transparent;font:inherit;font-weight:600;cursor:pointer;background:var(--accent);color:var(--on-accent)}
button.quiet{background:transparent;border-color:var(--line);color:var(--ink);font-weight:500}
button:hover{filter:brightness(1.06)}
button:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
.mark{display:grid;place-items:center;width:2.75rem;height:2.75rem;border-radius:50%;border:2px solid var(--warn);color:var(--warn);font-weight:700;font-size:1.375rem;margin-bottom:1rem}
.reference{margin-top:1.5rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.875rem}
code{font:600 .9375rem ui-monospace,"SF Mono",Menlo,"Liberation Mono",monospace;color:var(--ink);user-select:all}
`.trim();

/**
 * The element a page puts in whole: the hash covers every character between the tags, so a template that is laid out
 * around {@link STYLE} would lose its style to the content security policy.
 */
export const STYLE_ELEMENT: Html = { markup: `<style>${STYLE}</style>` };

/** The CSP source expression that allows exactly {@link STYLE_ELEMENT}. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;
