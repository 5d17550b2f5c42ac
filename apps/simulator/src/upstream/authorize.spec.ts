import { arrivedAt, signIn, UpstreamRelyingParty } from '../../test/upstream-relying-party.js';
import { startWorld, type World } from '../../test/world.js';

let world: World;
let party: UpstreamRelyingParty;

beforeAll(async () => {
  world = await startWorld({}, { now: Date.now });
  party = await UpstreamRelyingParty.discover(world);
});

afterAll(() => world.close());

describe('the pages', () => {
  it('show a wrong password in the form, with the name still there', async () => {
    const browser = party.createBrowser();
    const page = await signIn(browser, await browser.open((await party.begin()).url.href), 'alice', 'bob');
    expect(page.answer.body).toContain('do not match');
    expect(page.forms[0]?.fields).toContainEqual({ name: 'username', type: 'text', value: 'alice' });
    expect((await signIn(browser, page, 'alice')).arrived).toContain('code=');
  });

  it('skip the form while somebody is signed in, unless the client wants it', async () => {
    const { browser } = await party.logIn('alice');
    expect((await browser.open((await party.begin()).url.href)).arrived).toContain('code=');
    expect((await browser.open((await party.begin({ prompt: 'login' })).url.href)).forms).toHaveLength(1);
    await browser.open(`${party.server.issuer}/logout`);
    expect((await browser.open((await party.begin()).url.href)).forms).toHaveLength(1);
  });

  it('answer prompt=none without a session with login_required', async () => {
    const begun = await party.begin({ prompt: 'none' });
    const arrived = arrivedAt(await party.createBrowser().open(begun.url.href));
    expect(Object.fromEntries(arrived.searchParams)).toMatchObject({ error: 'login_required', state: begun.state });
  });

  it('let the household cancel', async () => {
    const browser = party.createBrowser();
    const begun = await party.begin();
    const page = await browser.open(begun.url.href);
    const cancel = /href="(\/oidc\/cancel[^"]+)"/.exec(page.answer.body)?.[1] ?? '';
    const arrived = arrivedAt(await browser.open(`${world.simulatorUrl}${cancel}`));
    expect(Object.fromEntries(arrived.searchParams)).toMatchObject({
      error: 'access_denied',
      state: begun.state,
      iss: party.server.issuer,
    });
    expect((await browser.open(`${world.simulatorUrl}${cancel}`)).status).toBe(400);
  });
});

describe('requests that must not be redirected', () => {
  const below = () => `${world.broker.url}/callback/`;
  it.each([
    ['an unknown client', () => ({ client_id: 'stranger' })],
    ['a foreign redirect URI', () => ({ redirect_uri: 'https://example.com/callback/demo/home' })],
    ['a redirect URI beside the broker', () => ({ redirect_uri: `${world.broker.url}/elsewhere` })],
    ['a redirect URI with dot segments', () => ({ redirect_uri: `${below()}../oauth/authorize` })],
    ['a redirect URI with a fragment', () => ({ redirect_uri: `${below()}demo/home#x` })],
    ['a host that only begins like the broker', () => ({ redirect_uri: `${world.broker.url}.example.com/callback/x` })],
    ['the bare folder', () => ({ redirect_uri: below() })],
  ])('%s', async (_name, change) => {
    const page = await party.createBrowser().open((await party.begin(change())).url.href);
    expect(page).toMatchObject({ status: 400, arrived: undefined });
  });

  it('a repeated parameter', async () => {
    const { url } = await party.begin();
    expect(await party.createBrowser().open(`${url.href}&state=again`)).toMatchObject({
      status: 400,
      arrived: undefined,
    });
  });
});

describe('requests that are refused by redirect', () => {
  it.each([
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['another response mode', { response_mode: 'fragment' }, 'invalid_request'],
    ['no openid scope', { scope: 'profile' }, 'invalid_scope'],
    ['PKCE without S256', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE without a method', { code_challenge_method: undefined }, 'invalid_request'],
  ])('%s', async (_name, change, error) => {
    const arrived = arrivedAt(await party.createBrowser().open((await party.begin(change)).url.href));
    expect(arrived.searchParams.get('error')).toBe(error);
  });
});
