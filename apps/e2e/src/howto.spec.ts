import axe, { type AxeResults } from 'axe-core';
import { existsSync, readFileSync } from 'node:fs';
import { launchChromium } from './support/chromium.js';
import { ALEXA_CLIENT, ALEXA_REDIRECT_URIS, HOUSEHOLD } from './support/alexa-client.js';
import { examine } from './support/doctor-run.js';
import { startDjango, startExpress, startFlask, type HowtoServer } from './support/howto-servers.js';
import { findChromium, findPython } from './support/tools.js';

/** The examples of docs/howto, started as their guides say, and what the doctor finds: nothing. */
const chromium = await findChromium();
const python = await findPython();
const lacking = chromium.reason ?? python.reason;

/** What anybody can see of a server on this machine. All of it is right. */
const PASSED = [
  ...['R21', 'R32', 'R54', 'R130', 'R67'],
  ...['R23', 'R22', 'R58', 'R36', 'R37', 'R52'],
  ...['R57', 'R46', 'R27', 'R28', 'R29'],
  ...['R12', 'R74', 'R75', 'R76', 'R77', 'R79', 'R80', 'R84', 'R86', 'R78', 'R83', 'R103'],
  ...['R91', 'R90', 'R140'],
  ...['R4', 'R72', 'R63', 'R59', 'R60'],
  ...['R100', 'R102', 'R101', 'R106', 'R107', 'R69', 'R33', 'R65'],
];
/** There are no certificates here, and nobody waits until a code is ten minutes old. */
const NOT_TESTED = ['R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R48', 'R59'];

const EXAMPLES = [
  ['express', startExpress],
  ['flask', () => startFlask(python.found!)],
  ['django', () => startDjango(python.found!)],
] as const;

const suite = lacking === null ? describe.each(EXAMPLES) : describe.skip.each(EXAMPLES);

suite(`docs/howto/%s${lacking === null ? '' : ` (skipped: ${lacking})`}`, (name, start) => {
  let server: HowtoServer;
  beforeAll(async () => {
    server = await start();
  }, 60_000);
  afterAll(() => server.close());

  const signInAddress = (): string => {
    const query = {
      client_id: ALEXA_CLIENT.clientId,
      response_type: 'code',
      redirect_uri: ALEXA_REDIRECT_URIS[0]!,
      scope: ALEXA_CLIENT.scope,
      state: 'Amas',
    };
    return `${server.authorizeUrl}?${new URLSearchParams(query).toString()}`;
  };

  test('no rule fails, nothing is to be looked at, and the report is kept without a secret', async () => {
    const examined = await examine(`howto-${name}`, server, chromium.found!);
    expect([examined.failed, examined.warned, examined.code]).toEqual([[], [], 0]);
    expect(examined.passed).toEqual(expect.arrayContaining(PASSED));
    expect(examined.notTested).toEqual(expect.arrayContaining(NOT_TESTED));
    expect(examined.seconds).toBeLessThan(90);
    expect(existsSync(examined.reportFile)).toBe(true);
    for (const text of [examined.written, readFileSync(examined.reportFile, 'utf8'), server.said()]) {
      expect(text).not.toContain(ALEXA_CLIENT.clientSecret);
      expect(text).not.toContain(HOUSEHOLD.password);
    }
  }, 120_000);

  test.each([320, 390])(
    'the sign-in page and its complaint fit a screen of %i pixels, and people who cannot see them',
    async (width) => {
      const browser = await launchChromium(chromium.found!);
      try {
        const page = await browser.newPage({ viewport: { width, height: 844 } });
        const fits = async (): Promise<void> => {
          const across = await page.evaluate<number>('document.scrollingElement.scrollWidth');
          expect(across).toBeLessThanOrEqual(width);
          await page.evaluate(axe.source);
          const { violations } = await page.evaluate<AxeResults>('axe.run(document)');
          expect(violations.map(({ id }) => id)).toEqual([]);
        };
        await page.goto(signInAddress());
        await fits();
        await page.fill('input[name=username]', HOUSEHOLD.name);
        await page.fill('input[name=password]', 'not the password');
        await page.click('button[type=submit]');
        await page.waitForSelector('[role=alert]');
        expect(new URL(page.url()).origin).toBe(server.url);
        await fits();
      } finally {
        await browser.close();
      }
    },
  );
});
