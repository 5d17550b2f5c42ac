import type { Branding } from '@linkbroker/contracts';
import { html, type Html } from './html.js';
import type { Language } from './language.js';
import { buildPage, type Page } from './page.js';
import { brandStyle } from './style.js';
import { TEXTS, type Texts } from './texts/index.js';

/** One button. */
export interface LinkChoice {
  readonly slug: string;
  readonly name: string;
  /** Whether its provider refuses to let anybody sign in where this page is looked at. @see R39 */
  readonly refused: boolean;
}

export interface LinkPage {
  readonly language: Language;
  readonly linkRequestId: string;
  /** The page's own address, for another browser. */
  readonly address: string;
  readonly skillName: string;
  readonly tenantName: string;
  readonly branding: Branding;
  readonly connectors: readonly LinkChoice[];
  /** Whether the sign-in of an existing link is renewed. */
  readonly repair: boolean;
}

/** A voice, as bars. */
const VOICE: Html = {
  markup:
    '<svg viewBox="0 0 24 24" width="30" height="30" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><path d="M4 10v4M8 7v10M12 4v16M16 8v8M20 10.5v3"/></svg>',
};

/**
 * The one page of every link: who is linked with what, and a button per connector. Those that are refused here come
 * last, with the way out, and can be pressed all the same.
 * @see docs/linking.md
 */
export function renderLinkPage(page: LinkPage): Page {
  const texts = TEXTS[page.language];
  const path = `/link/${page.linkRequestId}`;
  const title = page.repair ? texts.repairTitle(page.skillName) : texts.linkTitle(page.skillName);
  const logo = pictureOf(page.branding.logo);
  const open = page.connectors.filter(({ refused }) => !refused);
  const body = html`<div class="join" aria-hidden="true">
      ${logo ?? html`<span class="ours">${initialOf(page.skillName)}</span>`}<i></i><span>${VOICE}</span>
    </div>
    <h1>${title}</h1>
    <p>${introOf(texts, page)}</p>
    ${open.length > 0 && formOf(texts, path, open)} ${detourOf(texts, page, path)}
    <form class="actions" method="post" action="${path}/cancel">
      <button class="plain" type="submit">${texts.cancel}</button>
    </form>
    <p class="foot">${page.repair ? texts.repairNote : texts.linkNote}</p>`;
  const brand = brandStyle(page.branding.color);
  return buildPage({ language: page.language, title, body, brand, picture: logo !== undefined });
}

function introOf(texts: Texts, { repair, connectors, tenantName }: LinkPage): Html {
  if (repair) return html`${texts.repairIntro(connectors.map(({ name }) => name).join(' '))}`;
  const [before, tenant, after] = texts.linkIntro(tenantName);
  return html`${before}<strong>${tenant}</strong>${after}`;
}

function formOf(texts: Texts, path: string, connectors: readonly LinkChoice[], look?: 'quiet'): Html {
  const buttons = connectors.map(
    ({ slug, name }) =>
      html`<button ${look && html`class="${look}"`} type="submit" name="connector" value="${slug}">
        ${texts.continueWith(name)}
      </button> `,
  );
  return html`<form class="actions" method="post" action="${path}">${buttons}</form>`;
}

/** No link to Amazon: it would be one more host for the skill's domain list (R52). */
function detourOf(texts: Texts, { language, address, skillName, connectors }: LinkPage, path: string): Html | false {
  const refused = connectors.filter((connector) => connector.refused);
  if (refused.length === 0) return false;
  const { title, why, copy, paste, hold, website, anyway } = texts.detour;
  const names = new Intl.ListFormat(language, { type: 'disjunction' }).format(refused.map(({ name }) => name));
  return html`<section class="detour" aria-labelledby="detour">
    <h2 id="detour">${title(names)}</h2>
    <p>${why}</p>
    <ol>
      <li>${copy} <code class="address">${breakable(address)}</code></li>
      <li>${paste}</li>
    </ol>
    <p><a href="${address}">${hold}</a></p>
    <p>${website(skillName)}</p>
    <p>${anyway}</p>
    ${formOf(texts, path, refused, 'quiet')}
  </section>`;
}

/** An address that breaks after the slashes of its path first. A copy of it is the address. */
const breakable = (address: string): Html[] =>
  address.split(/(?<=[^:/]\/)/).map((part, index) => (index === 0 ? html`${part}` : html`<wbr />${part}`));

/** A logo, unless it would have to be fetched from somewhere. */
function pictureOf(logo: string | undefined): Html | undefined {
  if (!logo?.startsWith('data:image/')) return undefined;
  return html`<span class="logo"><img src="${logo}" alt="" /></span>`;
}

const initialOf = (name: string): string => String.fromCodePoint(name.trim().codePointAt(0) ?? 0x2022).toUpperCase();
