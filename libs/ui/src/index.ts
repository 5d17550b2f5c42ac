/**
 * The pages a household sees: plain, server-rendered, no script, no external host. Owns their words, languages and
 * looks, and the policy they are sent under. Does not decide which page is shown.
 */
export * from './html.js';
export * from './language.js';
export * from './link-page.js';
export * from './message-page.js';
export { contentSecurityPolicy, type Page } from './page.js';
export { PALETTE, STYLE_ELEMENT, STYLE_HASH } from './style.js';
export { TEXTS, type MessageKey, type Texts } from './texts/index.js';
