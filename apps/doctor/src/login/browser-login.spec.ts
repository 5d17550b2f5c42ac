import { parseTarget, type Seen, type SignedIn, type Target } from '@linkbroker/doctor';
import { chromium, type Browser } from 'playwright-core';
import { CA } from '../../test/certificate.js';
import { servePage, type Page } from '../../test/page-server.js';
import { CLIENT, REDIRECT_URI } from '../../test/provider.js';
import { CannotRun } from '../cannot-run.js';
import { loginByBrowser } from './browser-login.js';
import { HandLogin } from './hand-login.js';
import { startLogin } from './start-login.js';

const { LINKBROKER_CHROMIUM: executablePath, LINKBROKER_CHROMIUM_ENV: more } = process.env;
const withChromium = executablePath ? test : test.skip;

const targetOf = (url: string, change: Partial<Target> = {}): Target => ({
  ...parseTarget(
    JSON.stringify({
      authorizeUrl: url,
      tokenUrl: url,
      ...CLIENT,
      scheme: 'HTTP_BASIC',
      redirectUri: REDIRECT_URI,
      scope: '',
    }),
  ),
  ...change,
});

let browser: Browser;
beforeAll(async () => {
  if (!executablePath) return;
  const env = { ...process.env, ...(JSON.parse(more ?? '{}') as Record<string, string>) };
  browser = await chromium.launch({ executablePath, env, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
}, 60_000);
afterAll(async () => {
  if (executablePath) await browser.close();
});

async function signIn(page: Page, change: Partial<Target> = {}): Promise<SignedIn> {
  const { url, close } = await servePage(page);
  try {
    const steps = [{ click: 'button' }];
    return await loginByBrowser({ browser, target: targetOf(url, change), steps, photographs: true }, url);
  } finally {
    await close();
  }
}

const CLEAN: Partial<Seen> = {
  otherHosts: [],
  windows: [],
  blocked: [],
  insecure: [],
  errors: [],
  cookieOctets: 0,
  width: 390,
};

withChromium('a page without faults: nothing is noticed but the way back and its picture', async () => {
  const done = await signIn({});
  expect(done).toMatchObject({ kind: 'returned', url: `${REDIRECT_URI}?code=one&state=x`, status: 303, seen: CLEAN });
  const picture = Buffer.from(done.seen?.screenshot ?? []);
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([390, 844]);
});

withChromium.each<[string, Page, Partial<Seen>, Partial<Target>]>([
  ['a script that fails', { html: '<script>null.secret</script>' }, { errors: ['TypeError'] }, {}],
  [
    'what a script says of itself, and a promise that fails',
    { html: '<script>console.error("secret"); Promise.reject(new RangeError("secret"))</script><img src="/gone.png">' },
    { errors: ['RangeError', 'console.error'] },
    {},
  ],
  ['a page that is too wide', { html: '<div style="width:700px">wide</div>' }, { width: 708 }, {}],
  ['cookies', { headers: { 'set-cookie': [`a=${'x'.repeat(100)}`, 'b=1; HttpOnly'] } }, { cookieOctets: 109 }, {}],
  ['another host', { html: '<img src="https://cdn.test/a.png">' }, { otherHosts: ['cdn.test'] }, {}],
  [
    'plain http on an https page',
    { html: '<img src="http://cdn.test/a.png">', secure: true },
    { insecure: ['cdn.test'] },
    { domains: ['cdn.test'], ca: CA },
  ],
])('%s: noticed, and the sign-in goes on', async (_, page, seen, change) => {
  expect(await signIn(page, change)).toMatchObject({ kind: 'returned', seen: { ...CLEAN, ...seen } });
});

withChromium('a policy that does not let the form lead to Alexa: noticed, and nobody comes back', async () => {
  const done = await signIn({ headers: { 'content-security-policy': "form-action 'self'" } });
  expect(done).toMatchObject({ kind: 'astray', seen: { ...CLEAN, blocked: ['localhost'] } });
});

/** Somebody who presses the button. The cookie says that it was pressed before. */
const PRESSES = `<script>if (document.cookie) document.title = 'again'; document.cookie = 'pressed=1; path=/';
document.querySelector('form').submit()</script>`;

withChromium('by hand: waits for whoever signs in, and keeps the cookies for the next time', async () => {
  const { url, close } = await servePage({ html: PRESSES });
  const byHand = new HandLogin(browser, targetOf(url));
  const first = await byHand.signIn(url, false);
  const second = await byHand.signIn(url, false);
  await close();
  expect(first).toMatchObject({ kind: 'returned', url: `${REDIRECT_URI}?code=one&state=x` });
  expect([first.seen?.cookieOctets, second.kind]).toEqual([11, 'returned']);
});

withChromium('by hand: a window that is closed, and one that nobody uses, are no verdict', async () => {
  const { url, close } = await servePage({ html: '<script>window.close()</script>' });
  expect(await new HandLogin(browser, targetOf(url), 100).signIn(url, false)).toMatchObject({ kind: 'recipe' });
  await close();
});

test('by hand without a screen cannot run, and says so before it looks for a browser', async () => {
  const target = targetOf('https://id.example.com/');
  expect(target.login).toEqual({ manual: true });
  if (process.platform === 'darwin') return;
  await expect(startLogin(target, {})).rejects.toThrow(CannotRun);
  await expect(startLogin(target, {})).rejects.toThrow(/by hand takes a screen and there is no DISPLAY/);
});
