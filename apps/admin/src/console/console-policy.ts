/** Where the build left a place for the nonce. */
const PLACE = '{{nonce}}';

/** The page with this answer's own nonce. */
export const pageWithNonce = (page: string, nonce: string): string => page.replaceAll(PLACE, nonce);

/**
 * What the console may do in a browser: run its own scripts, no other and none inside the page; talk to this app alone;
 * be shown in no frame. Pictures may stand in the page itself: a skill's logo does. Style elements that its scripts make carry the nonce; that of a page that was sent before is
 * worth nothing.
 * @see Content Security Policy Level 3
 */
export const consolePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
