import { startWorld, type World } from '../../test/world.js';
import { PhoneBrowser, type Page } from '../link/phone-browser.js';
import { visibleText } from '../link/html-forms.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

beforeEach(() => {
  world.broker.habits = {};
  world.broker.tokenBodies.length = 0;
});

/** One household member with a phone. */
const createPhone = () =>
  new PhoneBrowser({ now: () => world.clock.now, stopAt: () => false, onHop: () => undefined, deadlineMs: 5000 });

const skillUrl = () => `${world.simulatorUrl}/alexa/skills/alexa-demo`;
const text = (page: Page): string => visibleText(page.answer.body);
const stateOf = (page: Page): string | undefined => /data-link-state="(\w+)"/.exec(page.answer.body)?.[1];

async function press(
  phone: PhoneBrowser,
  page: Page,
  action: string,
  filled: Record<string, string> = {},
): Promise<Page> {
  const form = page.forms.find((candidate) => candidate.action.endsWith(action));
  if (!form?.buttons[0]) throw new Error(`no button for ${action} on ${page.url}`);
  return phone.submit(page, form, form.buttons[0], new Map(Object.entries(filled)));
}

/** From the skill's page to the page that tells how it went. */
async function link(phone: PhoneBrowser, username = 'alice'): Promise<Page> {
  const linkPage = await press(phone, await phone.open(skillUrl()), '/enable');
  const signIn = await press(phone, linkPage, '');
  return signIn.url.includes('/oidc/') ? press(phone, signIn, '/login', { username, password: username }) : signIn;
}

describe('linking', () => {
  it('lists the skill, links it, and shows it as linked', async () => {
    const phone = createPhone();
    expect(text(await phone.open(`${world.simulatorUrl}/`))).toContain('Acme Lights alexa-demo Not linked');
    expect(stateOf(await phone.open(skillUrl()))).toBe('none');
    const result = await link(phone);
    expect(text(result)).toContain('Your Acme Lights account has been successfully linked.');
    expect(result.url).toMatch(/\/alexa\/external\/link-result\?success=true&id=[\w-]+$/);
    expect(stateOf(await phone.open(result.url))).toBe('linked');
    expect(stateOf(await phone.open(skillUrl()))).toBe('linked');
    expect(text(await phone.open(`${world.simulatorUrl}/alexa`))).toContain('Linked');
    expect(world.broker.tokenBodies[0]).toContain(
      encodeURIComponent(`${world.simulatorUrl}/alexa/api/skill/link/M3KVOEXUO4ALBL`),
    );
  });

  it('keeps the accounts of different browsers apart', async () => {
    await link(createPhone());
    expect(stateOf(await createPhone().open(skillUrl()))).toBe('none');
  });

  it('accepts a return only in the browser that began, and only once', async () => {
    let back = '';
    let caught = false;
    const phone = new PhoneBrowser({
      now: () => world.clock.now,
      stopAt: (url) => url.includes('/api/skill/link/') && !caught,
      onHop: ({ location }) => (back = location ?? back),
      deadlineMs: 5000,
    });
    await link(phone);
    caught = true;
    const address = back;
    expect((await createPhone().open(address)).status).toBe(400);
    world.clock.now += 3_599_000;
    expect(text(await phone.open(address.replace('M3KVOEXUO4ALBL', 'MOTHER')))).toContain('R21');
    expect(text(await phone.open(address))).toContain('successfully linked');
    const second = await phone.open(address);
    expect(second.status).toBe(400);
    expect(text(second)).toContain('the state was used before');
  });

  it('refuses a state after its hour', async () => {
    const phone = createPhone();
    const linkPage = await press(phone, await phone.open(skillUrl()), '/enable');
    world.clock.now += 3_600_000;
    const signIn = await press(phone, linkPage, '');
    const page = await press(phone, signIn, '/login', { username: 'bob', password: 'bob' });
    expect(page.status).toBe(400);
    expect(text(page)).toContain('R31');
  });

  it.each([
    [{ state: 'spaces' } as const, 400, 'R29'],
    [{ state: 'drop' } as const, 400, 'R27'],
    [{ tokenStatus: 201 }, 200, 'R74'],
    [{ formEncoded: true }, 200, 'R75'],
    [{ members: { expires_in: '3600' } }, 200, 'R84'],
    [{ members: { expires_in: 359 } }, 200, 'R80'],
    [{ members: { refresh_token: undefined } }, 200, 'R78'],
  ])('names the rule that %j breaks', async (habits, status, rule) => {
    world.broker.habits = habits;
    const phone = createPhone();
    const page = await link(phone);
    expect(page.status).toBe(status);
    expect(text(page)).toContain(rule);
    if (status === 200) expect(text(page)).toContain('We were unable to link Acme Lights at this time.');
    expect(stateOf(await phone.open(skillUrl()))).toBe('none');
  });

  it('shows the error with which the household was sent back', async () => {
    const phone = createPhone();
    const signIn = await press(phone, await press(phone, await phone.open(skillUrl()), '/enable'), '');
    const cancel = /href="(\/oidc\/cancel[^"]+)"/.exec(signIn.answer.body)?.[1] ?? '';
    const page = await phone.open(`${world.simulatorUrl}${cancel}`);
    expect(text(page)).toContain('Linking unsuccessful');
    expect(text(page)).toContain('access_denied');
  });
});

describe('a linked skill', () => {
  const actions = ['refresh', 'lose-response', 'ten-at-once', 'older-token', 'ask-backend', 'upstream-token'];

  it('lives through everything Alexa may do', async () => {
    const phone = createPhone();
    await link(phone);
    for (const action of actions) {
      const page = await press(phone, await phone.open(skillUrl()), `/${action}`);
      const newest = page.answer.body.split('id="latest"')[1]?.split('</section>')[0] ?? '';
      expect([action, /class="tag (pass|fail)">(PASS|FAIL)/.exec(newest)?.[2]]).toEqual([action, 'PASS']);
    }
    const page = await phone.open(skillUrl());
    expect(stateOf(page)).toBe('linked');
    expect(text(page)).toContain('10 of 10 succeeded, all with the same refresh token');
    expect(text(page)).toContain('sub link-of-acme-alice');
    expect(/data-refreshes="(\d+)"/.exec(page.answer.body)?.[1]).toBe('4');
  });

  it('shows the age of the access token and no secrets', async () => {
    const phone = createPhone();
    await link(phone, 'bob');
    await press(phone, await phone.open(skillUrl()), '/refresh');
    world.clock.now += 1_800_000;
    const page = await phone.open(skillUrl());
    expect(text(page)).toContain('1,800 s old of 3,600 s');
    const grant = [...world.broker.grants.entries()].at(-1);
    for (const token of [...(grant?.[1].accessTokens ?? []), grant?.[0] ?? ''])
      expect(page.answer.body).not.toContain(token);
    expect(page.answer.body).not.toContain(world.skill.clientSecret);
    expect(page.answer.body).not.toContain(encodeURIComponent(world.skill.clientSecret));
  });

  it('loses its link over invalid_grant, and not over 503', async () => {
    const phone = createPhone();
    await link(phone);
    world.broker.habits = { refreshError: [503, 'temporarily_unavailable'] };
    expect(stateOf(await press(phone, await phone.open(skillUrl()), '/refresh'))).toBe('linked');
    world.broker.habits = { refreshError: [400, 'invalid_grant'] };
    const lost = await press(phone, await phone.open(skillUrl()), '/refresh');
    expect(stateOf(lost)).toBe('lost');
    expect(text(lost)).toContain('HTTP 400 invalid_grant');
    world.broker.habits = {};
    expect(stateOf(await link(phone))).toBe('linked');
  });

  it('keeps its link when only an older token is refused', async () => {
    const phone = createPhone();
    await link(phone);
    await press(phone, await phone.open(skillUrl()), '/refresh');
    world.broker.habits = { onlyLatest: true };
    const page = await press(phone, await phone.open(skillUrl()), '/older-token');
    expect(text(page)).toContain('R100 a refresh token 1 behind was refused');
    expect(stateOf(page)).toBe('linked');
  });

  it('is forgotten when it is disabled, and nobody is told', async () => {
    const phone = createPhone();
    await link(phone);
    const before = world.broker.tokenBodies.length;
    const page = await press(phone, await phone.open(skillUrl()), '/disable');
    expect(stateOf(page)).toBe('none');
    expect(text(page)).toContain('R111');
    expect(world.broker.tokenBodies).toHaveLength(before);
  });
});

describe('pages around it', () => {
  it('answer an unknown skill with 404', async () => {
    expect(await createPhone().open(`${world.simulatorUrl}/alexa/skills/nobody`)).toMatchObject({ status: 404 });
  });

  it('answer an unknown address with a page for people and JSON for programs', async () => {
    expect(text(await createPhone().open(`${world.simulatorUrl}/nowhere?code=secret`))).toContain(
      'There is nothing here.',
    );
    const answer = await fetch(`${world.simulatorUrl}/nowhere`);
    expect([answer.status, await answer.json()]).toEqual([404, { error: 'There is nothing here.' }]);
  });

  it('escape what others chose', async () => {
    const strange = await startWorld({ name: '<script>alert(1)</script>' });
    const page = await createPhone().open(`${strange.simulatorUrl}/alexa/skills/alexa-demo`);
    await strange.close();
    expect(page.answer.body).not.toContain('<script');
    expect(page.answer.body).toContain('&lt;script&gt;');
  });

  it('say when the skill does not list the redirect URI', async () => {
    const other = await startWorld({ redirectUris: [] });
    const page = await createPhone().open(`${other.simulatorUrl}/alexa/skills/alexa-demo`);
    await other.close();
    expect(text(page)).toContain('should refuse it (R23)');
  });

  it('are ready', async () => {
    expect((await fetch(`${world.simulatorUrl}/health/ready`)).status).toBe(200);
  });
});
