import type { Habits } from '../../test/habits.js';
import { startWorld, type World } from '../../test/world.js';
import { linkOnce, type LinkReport } from '../link/link-once.js';
import { visibleText } from '../link/html-forms.js';
import { PhoneBrowser, type Page } from '../link/phone-browser.js';
import { fragmentScript } from './pages/fragment-page.js';

const AMAZON = 'https://pitangui.amazon.com/spa/skill/account-linking-status.html?vendorId=M3KVOEXUO4ALBL';

let world: World;
let lines: string[];
beforeAll(async () => {
  world = await startWorld({ grantTypes: ['implicit'] });
});
afterAll(() => world.close());
beforeEach(() => {
  lines = [];
  world.broker.habits = {};
  world.broker.authorizeQueries.length = 0;
  world.broker.tokenBodies.length = 0;
});

const link = (where: { readonly redirectUri?: string } = { redirectUri: AMAZON }): Promise<LinkReport> =>
  linkOnce({
    brokerUrl: world.broker.url,
    skill: { ...world.skill, redirectUris: [...world.skill.redirectUris, AMAZON] },
    user: 'alice',
    ...where,
    now: () => world.clock.now,
    write: (line) => lines.push(line),
  });

describe('without a browser', () => {
  it('asks for a token, finds it behind #, asks nothing of the token endpoint, and shows no secret', async () => {
    const report = await link();
    expect(report).toMatchObject({ ok: true, failures: [], link: { refreshToken: '', expiresIn: 31_536_000 } });
    expect(world.broker.authorizeQueries[0]).toContain('&response_type=token&');
    expect(world.broker.tokenBodies).toEqual([]);
    const text = lines.join('\n');
    expect(text).not.toContain(report.link?.accessToken);
    expect(text).toContain('#access_token=at_');
    expect(text).toContain('R119 access_token, token_type and state came in the fragment');
  });

  it('takes the redirect URI of Amazon’s that is made for it', async () => {
    await link({});
    expect(world.broker.authorizeQueries[0]).toContain(encodeURIComponent(AMAZON));
  });

  it.each<[string, Habits, string]>([
    ['the query', { fragment: true }, 'R119'],
    ['no token', { implicitMembers: { access_token: undefined } }, 'R119'],
    ['no token type', { implicitMembers: { token_type: undefined } }, 'R119'],
    ['another token type', { implicitMembers: { token_type: 'mac' } }, 'R119'],
    ['a life too short', { implicitMembers: { expires_in: '300' } }, 'R80'],
    ['another state', { state: 'forge' }, 'R62'],
  ])('names the rule that an answer with %s breaks', async (_, habits, rule) => {
    world.broker.habits = habits;
    const report = await link();
    expect([report.ok, report.failures.map((failure) => failure.rule)]).toEqual([false, [rule]]);
  });

  it('has a word of advice for a token that lives an hour', async () => {
    world.broker.habits = { implicitMembers: { expires_in: '3600' } };
    expect(await link()).toMatchObject({ ok: true, warned: 1 });
    expect(lines.join('\n')).toMatch(/WARN.* R121 /);
  });

  it('has none where no end is told', async () => {
    world.broker.habits = { implicitMembers: { expires_in: undefined } };
    expect(await link()).toMatchObject({ ok: true, warned: 0 });
  });
});

describe('in the app', () => {
  const phone = () =>
    new PhoneBrowser({ now: () => world.clock.now, stopAt: () => false, onHop: () => undefined, deadlineMs: 5000 });
  const skillUrl = () => `${world.simulatorUrl}/alexa/skills/alexa-demo`;
  const stateOf = (page: Page): string | undefined => /data-link-state="(\w+)"/.exec(page.answer.body)?.[1];

  async function press(browser: PhoneBrowser, page: Page, action: string, filled: Record<string, string> = {}) {
    const form = page.forms.find((candidate) => candidate.action.endsWith(action));
    if (!form?.buttons[0]) throw new Error(`no button for ${action} on ${page.url}`);
    return browser.submit(page, form, form.buttons[0], new Map(Object.entries(filled)));
  }

  /** Up to the page at the redirect URI. */
  async function comeBack(browser: PhoneBrowser): Promise<Page> {
    const linkPage = await press(browser, await browser.open(skillUrl()), '/enable');
    const signIn = await press(browser, linkPage, '');
    return press(browser, signIn, '/login', { username: 'alice', password: 'alice' });
  }

  /** What the page's script does. */
  const report = (browser: PhoneBrowser, page: Page, fragment = new URL(page.url).hash.slice(1)): Promise<Page> =>
    browser.submit(page, page.forms[0]!, undefined, new Map([['fragment', fragment]]));

  it('a script takes the token out of the address, and the skill is linked, with nothing to refresh', async () => {
    const browser = phone();
    const back = await comeBack(browser);
    expect(back.answer.body).toContain(fragmentScript);
    expect(back.answer.headers['content-security-policy']).toContain("script-src 'sha256-");
    expect(back.answer.body).not.toContain('at_');
    const result = await report(browser, back);
    expect(result.url).toMatch(/success=true/);
    const page = await browser.open(skillUrl());
    expect(stateOf(page)).toBe('linked');
    expect(page.answer.body).toMatch(/action="[^"]+\/refresh">\s*<button[^>]+disabled/);
    const again = await press(browser, page, '/ask-backend');
    expect(visibleText(again.answer.body)).toContain('sub link-of-acme-alice');
    expect(world.broker.tokenBodies).toEqual([]);
  });

  it('what the page reports counts once, and only in the browser that began', async () => {
    const browser = phone();
    const back = await comeBack(browser);
    expect((await report(phone(), back)).status).toBe(400);
    expect((await report(browser, back)).url).toContain('success=true');
    const second = await report(browser, back);
    expect([second.status, visibleText(second.answer.body)]).toEqual([400, expect.stringContaining('used before')]);
  });

  it('an answer in the query is refused, with the rule', async () => {
    world.broker.habits = { fragment: true };
    const page = await comeBack(phone());
    expect([page.status, visibleText(page.answer.body)]).toEqual([400, expect.stringContaining('R119')]);
  });

  it('an error behind # is told', async () => {
    const browser = phone();
    const back = await comeBack(browser);
    const state = new URLSearchParams(new URL(back.url).hash.slice(1)).get('state') ?? '';
    const page = await report(browser, back, `error=access_denied&state=${encodeURIComponent(state)}`);
    expect(visibleText(page.answer.body)).toContain('access_denied');
  });
});
