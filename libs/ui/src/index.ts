/**
 * The pages a household sees: plain, server-rendered, no script, no external host. Owns their words and looks. Does
 * not decide which page is shown.
 */
export * from './html.js';
export * from './pages.js';
export { STYLE, STYLE_ELEMENT, STYLE_HASH } from './style.js';
export * from './texts.js';
