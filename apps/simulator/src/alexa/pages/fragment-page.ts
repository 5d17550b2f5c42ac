import { html, Html } from '../../html/html.js';
import { alexaPage } from './layout.js';

/**
 * What stands behind `#` never reaches a server: a script takes it out of the address and posts it to the app, as the page
 * at Amazon's redirect URI does by its own means.
 */
export const fragmentScript =
  "const form = document.forms[0]; form.elements['fragment'].value = location.hash.slice(1); " +
  "history.replaceState(null, '', location.pathname + location.search); form.submit();";

/** The page at the redirect URI of the implicit grant. @see R119 R25 */
export function fragmentPage(action: string): Html {
  return alexaPage({
    title: 'Account linking',
    main: html`<section class="outcome"><h2>Linking your account…</h2></section>
      <form method="post" action="${action}">
        <input type="hidden" name="fragment" value="" />
        <noscript><p class="muted">The Alexa app runs scripts; this browser has to as well.</p></noscript>
      </form>
      ${new Html(`<script>${fragmentScript}</script>`)}`,
  });
}
