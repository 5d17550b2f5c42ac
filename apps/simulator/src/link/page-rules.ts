import { must, type Finding } from '../alexa/rules.js';
import { readTags, type Tag } from './html-forms.js';
import type { Page } from './phone-browser.js';

/** A pop-up in a script or an event handler, or a link into a new window; undefined when there is none. */
function findPopUp(body: string, tags: readonly Tag[]): string | undefined {
  if (tags.some(({ attributes }) => attributes.get('target')?.toLowerCase() === '_blank')) return 'target=_blank';
  const handlers = tags.flatMap(({ attributes }) => [...attributes].filter(([name]) => name.startsWith('on')));
  const inline = [...body.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script/gi)].map((match) => match[1] ?? '');
  const code = [...inline, ...handlers.map(([, value]) => value)].join('\n');
  return /\bwindow\.open\b|(?<![.\w])(?:alert|confirm|prompt)(?=\s*\()/.exec(code)?.[0];
}

/** Hosts that the page would load something from or send a form to, other than its own. */
function otherHosts(page: Page, tags: readonly Tag[]): readonly string[] {
  const own = new URL(page.url).host;
  const addresses = tags.flatMap(({ name, attributes }) => {
    const loaded = name === 'link' ? attributes.get('href') : attributes.get('src');
    return [loaded ?? '', (name === 'form' && attributes.get('action')) || ''];
  });
  const hosts = addresses
    .filter((address) => address !== '' && URL.canParse(address, page.url))
    .map((address) => new URL(address, page.url))
    .filter((url) => /^https?:$/.test(url.protocol))
    .map((url) => url.host);
  return [...new Set(hosts)].filter((host) => host !== own);
}

/** Whether a page of the broker would work inside the Alexa app on a phone. */
export function judgeLinkPage(page: Page): readonly Finding[] {
  const { body, headers } = page.answer;
  const tags = readTags(body);
  const isHtml = /^text\/html\b/i.test(headers['content-type'] ?? '');
  const viewport = tags.some(({ attributes }) => attributes.get('name')?.toLowerCase() === 'viewport');
  const popUp = findPopUp(body, tags);
  const hosts = otherHosts(page, tags);
  const phone = isHtml ? 'the page has no viewport' : 'not an HTML page';
  return [
    must('R36', isHtml && viewport, isHtml && viewport ? 'an HTML page with a viewport' : phone),
    must('R37', popUp === undefined, popUp === undefined ? 'no pop-ups' : `the page has ${popUp}`),
    must('R52', hosts.length === 0, hosts.length === 0 ? 'nothing from other hosts' : `loads from ${hosts.join(', ')}`),
  ];
}
