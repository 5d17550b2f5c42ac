import {
  contentSecurityPolicy,
  LANGUAGES,
  renderLinkPage,
  renderMessagePage,
  TEXTS,
  type Language,
  type LinkPage,
  type MessageKey,
  type MessagePage,
  type Page as Rendered,
} from '@linkbroker/ui';
import axe, { type AxeResults } from 'axe-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { root } from './launcher/launch.js';
import { launchChromium } from './support/chromium.js';
import { findChromium } from './support/tools.js';

/** The pages as they are, under their own policy, in a browser; the broker that sends them is in `browser.spec.ts`. */
const { found, reason } = await findChromium();
const inBrowser = found ? test : test.skip;
const eachInBrowser = found ? test.each : test.skip.each;

const HOST = 'https://link.acme.example';
const ID = 'k2J8vNq0ZtYx4hB6sWcR1A';
const WIDTHS = [390, 1280];
const SCHEMES = ['light', 'dark'] as const;
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
/** A disc, 48 by 48. */
const LOGO =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAADAAAAAwCAYAAABXAvmHAAAAvUlEQVR42u2a0Q2AMAhEO4nzOIkjmziNJv6b2HIUuB4J377XpikFW1MQxbVv958sCZ1OxgoeJoIGnyriDe8mMQvcRSQKHiIRDW+WKC2QBX5IIht8t0RpAeQH7/N4c6oECvorXQU8wZEicIFeeKsEVGAU3iKRYvXhuxABD90FCVQTQMGPSkhAZ0ACbBdZ+VJi2WIuVTld/kFD8aRUV0K9IcLu3LrN3fLtdYoBB8WIiWbIRzFmpRl00/xqoDDGA7PZenNPDk6rAAAAAElFTkSuQmCC';

const home = { slug: 'home', name: 'Acme Home', refused: false };
const cloud = { slug: 'cloud', name: 'Cloud Nine', refused: true };

const link = (language: Language, changes: Partial<LinkPage> = {}): Rendered =>
  renderLinkPage({
    language,
    linkRequestId: ID,
    address: `${HOST}/link/${ID}`,
    skillName: 'Acme Lights',
    tenantName: 'Acme Lighting',
    branding: {},
    connectors: [home],
    repair: false,
    ...changes,
  });
const message = (language: Language, key: MessageKey): Rendered =>
  renderMessagePage({ language, message: key, reference: 'K7QX-3M2P', action: ACTIONS[key] });
/** What leads on from a message, where the broker offers something. */
const ACTIONS: Partial<Record<MessageKey, MessagePage['action']>> = {
  'no-cookie': { path: `/link/${ID}/restart`, label: 'start-here' },
  'repair-other-account': { path: `/link/${ID}`, label: 'try-again' },
  'upstream-unavailable': { path: `/link/${ID}`, label: 'try-again' },
  'upstream-misconfigured': { path: `/link/${ID}`, label: 'try-again' },
  'upstream-rejected': { path: `/link/${ID}`, label: 'try-again' },
  unavailable: { path: `/oauth/authorize?state=a+b`, label: 'reload' },
};

const KINDS: Readonly<Record<string, (language: Language) => Rendered>> = {
  link: (language) => link(language),
  branded: (language) =>
    link(language, {
      branding: { color: '#d9481e', logo: LOGO },
      connectors: [home, { ...cloud, refused: false }],
    }),
  repair: (language) => link(language, { repair: true, connectors: [home] }),
  'pale brand': (language) => link(language, { branding: { color: '#ffe600' }, connectors: [home, cloud] }),
  'dark brand': (language) => link(language, { branding: { color: '#001a3d' }, connectors: [home, cloud] }),
  'nothing but a browser': (language) =>
    link(language, { connectors: [cloud, { ...cloud, slug: 'sky', name: 'Sky' }] }),
  'long names': (language) =>
    link(language, {
      skillName: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau',
      tenantName: 'L'.repeat(80),
      connectors: [
        { ...home, name: 'W'.repeat(80) },
        { ...cloud, name: 'M'.repeat(80) },
      ],
    }),
  ...Object.fromEntries(
    (Object.keys(TEXTS.en.messages) as MessageKey[]).map((key) => [
      key,
      (language: Language) => message(language, key),
    ]),
  ),
};

describe(`the pages in a browser${found ? '' : ` (skipped: ${reason ?? 'no Chromium'})`}`, () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let shown: Rendered;
  const errors: string[] = [];
  beforeAll(async () => {
    if (found) browser = await launchChromium(found);
  }, 60_000);
  afterAll(async () => {
    if (found) await browser.close();
  });
  beforeEach(async () => {
    if (!found) return;
    errors.length = 0;
    context = await browser.newContext({ deviceScaleFactor: 2 });
    context.on('console', (entry) => entry.type() === 'error' && errors.push(entry.text()));
    // Not a part of the page: the policy lets no script in, and has not to.
    await context.addInitScript(axe.source);
    await context.route('**/*', (route) => {
      const headers = {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': contentSecurityPolicy(shown, true),
      };
      return route.fulfill({ headers, body: shown.markup });
    });
    page = await context.newPage();
  });
  afterEach(async () => {
    if (!found) return;
    await context.close();
    // A style or a picture that the policy refused would be said here.
    expect(errors).toEqual([]);
  });

  async function show(rendered: Rendered, width: number): Promise<void> {
    shown = rendered;
    await page.setViewportSize({ width, height: width > 600 ? 800 : 700 });
    await page.goto(`${HOST}/link/${ID}`);
  }

  const evaluate = <T>(script: string): Promise<T> => page.evaluate<T>(script);

  async function violations(): Promise<string[]> {
    const rules = { 'target-size': { enabled: true } };
    const options = JSON.stringify({ runOnly: STANDARD, rules, resultTypes: ['violations'] });
    const results = await evaluate<AxeResults>(`axe.run(document, ${options})`);
    return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }

  /** Nothing to scroll sideways for, and nothing that sticks out of the card. */
  const sticksOut = (): Promise<string[]> =>
    evaluate<string[]>(`[
      ...(document.documentElement.scrollWidth > innerWidth ? ['the page'] : []),
      ...[...document.querySelectorAll('main :not(wbr)')]
        .filter((one) => {
          const [inner, outer] = [one.getBoundingClientRect(), document.querySelector('main').getBoundingClientRect()];
          return inner.right > outer.right + 0.5 || inner.left < outer.left - 0.5 || one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline';
        })
        .map((one) => one.outerHTML.slice(0, 120)),
    ]`);

  const smallTargets = (): Promise<string[]> =>
    evaluate<string[]>(
      `[...document.querySelectorAll('a, button')].filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)`,
    );

  eachInBrowser(LANGUAGES)(
    'each one in %s is accessible in light and in the dark, and fits 320 px',
    async (language) => {
      for (const [kind, render] of Object.entries(KINDS)) {
        await show(render(language), 320);
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme });
          expect([kind, colorScheme, await violations()]).toEqual([kind, colorScheme, []]);
        }
        expect([kind, await sticksOut(), await smallTargets()]).toEqual([kind, [], []]);
      }
    },
    120_000,
  );

  eachInBrowser(WIDTHS)(
    'each one at %d px is accessible, and fits',
    async (width) => {
      for (const [kind, render] of Object.entries(KINDS)) {
        await show(render('en'), width);
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme });
          expect([kind, colorScheme, await violations()]).toEqual([kind, colorScheme, []]);
        }
        expect([kind, await sticksOut(), await smallTargets()]).toEqual([kind, [], []]);
      }
    },
    120_000,
  );

  eachInBrowser(LANGUAGES)(
    'each one in %s can be read at twice the text size',
    async (language) => {
      for (const [kind, render] of Object.entries(KINDS)) {
        await show(render(language), 320);
        await evaluate(`void (document.documentElement.style.fontSize = '200%')`);
        expect([kind, await sticksOut()]).toEqual([kind, []]);
      }
    },
    120_000,
  );

  inBrowser('with forced colours buttons keep their edges, and nothing moves where motion is not wanted', async () => {
    await show(KINDS['pale brand']!('en'), 390);
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    expect(await violations()).toEqual([]);
    const styles = `[...document.querySelectorAll('button')].map((one) => getComputedStyle(one))`;
    expect(new Set(await evaluate<string[]>(`${styles}.map((style) => style.transitionDuration)`))).toEqual(
      new Set(['0s']),
    );
    expect(new Set(await evaluate<string[]>(`${styles}.map((style) => style.borderTopStyle)`))).toEqual(
      new Set(['solid']),
    );
  });

  inBrowser('a keyboard reaches everything in the order of the page, and shows where it is', async () => {
    await show(KINDS['pale brand']!('en'), 1280);
    const reached: unknown[] = [];
    for (let step = 0; step < 4; step += 1) {
      await page.keyboard.press('Tab');
      reached.push(
        await evaluate(
          `[document.activeElement.textContent.trim(), getComputedStyle(document.activeElement).outlineStyle, getComputedStyle(document.activeElement).outlineWidth]`,
        ),
      );
    }
    expect(reached).toEqual(
      ['Continue with Acme Home', 'Or touch and hold here to open it', 'Continue with Cloud Nine', 'Cancel'].map(
        (words) => [words, 'solid', '3px'],
      ),
    );
  });

  inBrowser('the picture and the colour are there', async () => {
    const pictures = join(root, 'tmp/screenshots');
    mkdirSync(pictures, { recursive: true });
    await show(KINDS['branded']!('en'), 390);
    expect(await evaluate(`document.querySelector('img').naturalWidth`)).toBe(48);
    expect(await evaluate(`getComputedStyle(document.querySelector('button')).backgroundColor`)).toBe(
      'rgb(217, 72, 30)',
    );
    for (const [kind, width, colorScheme] of [
      ['branded', 390, 'light'],
      ['branded', 1280, 'dark'],
      ['nothing but a browser', 390, 'light'],
      ['no-cookie', 390, 'dark'],
      ['repair', 390, 'light'],
      ['repaired', 390, 'dark'],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await show(KINDS[kind]!('en'), width);
      const name = `page-${kind.replaceAll(' ', '-')}-${String(width)}-${colorScheme}.png`;
      await page.screenshot({ path: join(pictures, name), fullPage: true });
    }
  });
});
