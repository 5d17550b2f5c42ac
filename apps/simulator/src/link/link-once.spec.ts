import { startWorld, type World } from '../../test/world.js';
import type { Habits } from '../../test/habits.js';
import { linkOnce } from './link-once.js';
import type { LinkOnceOptions } from './options.js';

let world: World;
let lines: string[];

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

beforeEach(() => {
  lines = [];
  world.broker.habits = {};
  world.broker.tokenBodies.length = 0;
  world.broker.authorizeQueries.length = 0;
});

const link = (options: Partial<LinkOnceOptions> = {}) =>
  linkOnce({
    brokerUrl: world.broker.url,
    skill: world.skill,
    user: 'alice',
    now: () => world.clock.now,
    write: (line) => lines.push(line),
    ...options,
  });

describe('a link with a good broker', () => {
  it('succeeds, and the transcript ends with its summary', async () => {
    const report = await link();
    expect(report.failures).toEqual([]);
    expect(report).toMatchObject({ ok: true, warned: 0 });
    expect(lines.at(-1)).toMatch(/^Linked: alexa-demo as alice in \d+ ms — \d+ checks passed$/);
    expect([...world.broker.grants.values()].at(-1)?.sub).toBe('link-of-acme-alice');
  });

  it('shows no secret in the transcript', async () => {
    const report = await link({ user: 'bob' });
    const text = lines.join('\n');
    const { accessToken, refreshToken, older } = report.link ?? { older: [] };
    const codes = world.broker.tokenBodies.map((body) => new URLSearchParams(body).get('code'));
    const state = new URLSearchParams(world.broker.authorizeQueries[0]).get('state') ?? '';
    for (const secret of [
      accessToken,
      refreshToken,
      ...older,
      ...codes,
      state,
      state.slice(0, 20),
      world.skill.clientSecret,
    ]) {
      if (secret) expect(text).not.toContain(secret);
    }
    expect(text).toContain(`state=${state.slice(0, 6)}… (1,108 characters)`);
  });

  it('works with PKCE, Basic credentials and a raw state', async () => {
    const report = await link({ pkce: true, scheme: 'HTTP_BASIC', rawState: true });
    expect(report.failures).toEqual([]);
    expect(world.broker.authorizeQueries[0]).toMatch(/&state=Amas\+\/\+\/[^&]*=&code_challenge=/);
    expect(world.broker.tokenBodies[0]).toMatch(
      /^grant_type=authorization_code&code=[^&]+&redirect_uri=https%3A%2F%2Fpitangui\.amazon\.com%2F[^&]+&code_verifier=[\w-]{43}$/,
    );
  });

  it('uses PKCE where the skill requires it, and any redirect URI it is told', async () => {
    const redirectUri = 'https://alexa.amazon.co.jp/api/skill/link/M3KVOEXUO4ALBL';
    const report = await link({ skill: { ...world.skill, pkce: 'required' }, redirectUri, thorough: false });
    expect(report.ok).toBe(true);
    expect(world.broker.authorizeQueries[0]).toContain('&code_challenge_method=S256');
    expect(world.broker.tokenBodies[0]).toContain(`redirect_uri=${encodeURIComponent(redirectUri)}`);
  });

  it('leaves scope out when the skill has none', async () => {
    const report = await link({ skill: { ...world.skill, scopes: [] } });
    expect(report.failures).toEqual([]);
    expect(world.broker.authorizeQueries[0]).not.toContain('scope');
  });

  it('goes without backend checks when the skill has no backend', async () => {
    const report = await link({ skill: { ...world.skill, backend: null } });
    expect(report.ok).toBe(true);
    expect(lines.join('\n')).not.toContain('introspect');
  });
});

const amazon = 'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL';

/** What a broker does wrong, the rule that must be named, and what must be said about it. */
type Mistake = readonly [name: string, habits: Habits, rule: string, says: RegExp, linked?: boolean];

const mistakes: readonly Mistake[] = [
  ['an error page', { pageStatus: 500 }, 'R57', /HTTP 500 .*Out of order/],
  ['no viewport', { noViewport: true }, 'R36', /no viewport/, true],
  ['a pop-up', { pageExtra: '<a href="/help" target="_blank">Help</a>' }, 'R37', /_blank/, true],
  ['a script that alerts', { pageExtra: '<script>alert ("hello")</script>' }, 'R37', /alert/, true],
  ['a foreign image', { pageExtra: '<img src="https://cdn.example.com/x.png">' }, 'R52', /cdn\.example\.com/, true],
  ['state lost', { state: 'drop' }, 'R27', /no state/],
  ['state with raw +', { state: 'spaces' }, 'R29', /spaces where '\+' was/],
  ['state cut', { state: 'cut' }, 'R28', /cut to 512/],
  ['state of somebody else', { state: 'forge' }, 'R62', /not one that was issued/],
  ['state twice', { repeatState: true }, 'R33', /state came more than once/],
  ['the code in the fragment', { fragment: true }, 'R64', /after '#'/],
  ['a permanent redirect', { redirectStatus: 301 }, 'R57', /HTTP 301/],
  ['another redirect URI', { redirectTo: amazon.replace('pitangui', 'layla') }, 'R57', /goes to https:\/\/layla/],
  ['no upstream token', { exchangeStatus: 503 }, 'RFC 8693', /HTTP 503/, true],
  [
    'an upstream token without a lifetime',
    { exchangeMembers: { expires_in: undefined } },
    'RFC 8693',
    /expires_in/,
    true,
  ],
  ['HTTP 201', { tokenStatus: 201 }, 'R74', /HTTP 201/],
  ['a form-encoded answer', { formEncoded: true }, 'R75', /form-encoded/],
  ['an HTML answer', { html: true }, 'R75', /HTML/],
  ['an error with HTTP 200', { members: { error: 'invalid_grant' } }, 'R91', /HTTP 200 invalid_grant/],
  ['expires_in as a string', { members: { expires_in: '3600' } }, 'R84', /string "3600"/],
  ['expires_in too short', { members: { expires_in: 300 } }, 'R80', /300/],
  ['a broken expires_in', { members: { expires_in: 3600.5 } }, 'R80', /whole number/],
  ['no expires_in', { members: { expires_in: undefined } }, 'R80', /missing/],
  ['no access token', { members: { access_token: '' } }, 'R77', /missing/],
  ['no refresh token', { members: { refresh_token: undefined } }, 'R78', /missing/],
  ['a cacheable answer', { headers: { 'cache-control': 'private' } }, 'R76', /no-store is missing/],
  ['a wrong content type', { headers: { 'content-type': 'text/json' } }, 'R76', /text\/json/],
  ['no expires_in in a refresh', { refreshMembers: { expires_in: undefined } }, 'R83', /missing/, true],
  ['a refused refresh', { refreshError: [400, 'invalid_grant'] }, 'R93', /invalid_grant/, true],
  ['an unavailable refresh', { refreshError: [503, 'temporarily_unavailable'] }, 'R94', /HTTP 503/, true],
  ['refresh tokens for one use', { onlyLatest: true }, 'R108', /second try .* failed/, true],
  ['one access token at a time', { oneAccessToken: true }, 'R107', /dead/, true],
  ['an inactive token', { inactive: true }, 'RFC 7662', /not active/, true],
];

describe('a link with a broker that makes a mistake', () => {
  it.each(mistakes.map((mistake) => [mistake[0], mistake] as const))(
    '%s',
    async (_name, [, habits, rule, says, linked = false]) => {
      world.broker.habits = habits;
      const report = await link();
      expect(report.ok).toBe(false);
      expect(report.link !== undefined).toBe(linked);
      const failure = report.failures.find((candidate) => candidate.rule === rule);
      expect(failure?.says).toMatch(says);
      expect(failure?.means).not.toBe('');
      expect(lines.at(-1)).toMatch(
        linked ? /^Linked with faults: .* failed: step \d+/ : /^Not linked: .* — step \d+ \(.*\): R/,
      );
      if (!linked) expect(lines.at(-1)).toContain(rule);
    },
  );

  it('strict rotation also fails ten refreshes at once and older tokens', async () => {
    world.broker.habits = { onlyLatest: true };
    const rules = (await link()).failures.map((failure) => failure.rule);
    expect(rules).toEqual(expect.arrayContaining(['R106', 'R100']));
  });

  it('mentions a long code without failing for it', async () => {
    world.broker.habits = { longCode: 200 };
    const report = await link();
    expect(report).toMatchObject({ ok: true, warned: 1 });
    expect(lines.at(-1)).toContain('1 to look at');
  });

  it('a token endpoint that does not answer in time', async () => {
    world.broker.habits = { hang: true };
    const report = await link({ tokenDeadlineMs: 50 });
    expect(report.failures).toMatchObject([{ rule: 'R12', says: 'no answer within 50 ms' }]);
  });
});

describe('a link that cannot get far', () => {
  it('says that nobody listens', async () => {
    const report = await link({ brokerUrl: 'http://localhost:1' });
    expect(report.failures[0]?.says).toMatch(/no connection \(ECONNREFUSED\); does the broker run at/);
    expect(lines.at(-1)).toMatch(/^Not linked: alexa-demo as alice — step 1 \(The Alexa app opens/);
  });

  it('shows what the sign-in page says', async () => {
    const report = await link({ password: 'wrong' });
    expect(report.failures[0]?.says).toMatch(/signing in as alice failed.*do not match/);
  });

  it('names the connectors that are there', async () => {
    const report = await link({ connector: 'garage' });
    expect(report.failures[0]?.says).toBe('no button for the connector garage; the page offers home');
  });

  it('tells an error from a code', async () => {
    const report = await link({ skill: { ...world.skill, clientSecret: 'another secret' } });
    expect(report.failures[0]).toMatchObject({ rule: 'R92', says: 'HTTP 400 invalid_request (wrong credentials)' });
  });

  it('says that the authorization page refused the client', async () => {
    const report = await link({ skill: { ...world.skill, clientId: 'stranger' } });
    expect(report.failures[0]?.says).toContain('HTTP 400');
  });
});
