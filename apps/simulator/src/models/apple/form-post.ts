import type { FastifyReply } from 'fastify';
import { html, Html } from '../../html/html.js';
import { sendPage } from '../../html/send-page.js';
import { providerPage } from '../../upstream/pages.js';

const script = 'document.forms[0].submit();';
const inline = new Html(`<script>${script}</script>`);

/**
 * `response_mode=form_post`: the answer comes as a cross-site POST that a script sends, or the household's tap where
 * scripts do not run. The page names its origin, as Apple's does; the cookies of SameSite=Lax do not come along.
 * @see OAuth 2.0 Form Post Response Mode §2
 */
export function sendFormPost(
  reply: FastifyReply,
  action: string,
  result: Readonly<Record<string, string>>,
): FastifyReply {
  const fields = Object.entries(result).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  const page = providerPage(
    'Apple',
    'Signed in',
    html`<h1>Signed in</h1>
      <form method="post" action="${action}">${fields}<button type="submit">Continue</button></form>
      ${inline}`,
  );
  return sendPage(reply, 200, page, { script, referrerPolicy: 'strict-origin' });
}
