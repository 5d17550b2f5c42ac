import { endExpiredGrants } from '@linkbroker/linking';
import { HousekeepingStore } from '@linkbroker/persistence';
import { noteSecretsIn } from '@linkbroker/testing';
import {
  authorizeUrl,
  exchange,
  introspect,
  link,
  linked,
  phone,
  post,
  press,
  refresh,
  revoke,
  signIn,
} from '../test/alexa.js';
import { ALEXA, startTestBroker, type TestBroker } from '../test/test-broker.js';
import { untilSeen } from '../test/until-seen.js';

const CLIENT = { clientId: 'alexa-quiz', clientSecret: 'quiz-secret' };
const BACKEND = { clientId: 'quiz-backend', clientSecret: 'quiz-backend-secret' };
const REDIRECT = 'https://layla.amazon.com/spa/skill/account-linking-status.html?vendorId=M3KVOEXUO4ALBL';
const QUIZ = `      - { slug: quiz, name: Quiz, clientId: ${CLIENT.clientId}, clientSecret: ${CLIENT.clientSecret}, vendorId: M3KVOEXUO4ALBL, scopes: [play], connectors: [home], grantTypes: [implicit], implicitTokenTtl: 7200, backend: { clientId: ${BACKEND.clientId}, clientSecret: ${BACKEND.clientSecret} } }
      - { slug: mixed, name: Mixed, clientId: alexa-mixed, clientSecret: mixed-secret, vendorId: M3KVOEXUO4ALBL, connectors: [home], grantTypes: [authorization_code, implicit] }
`;
const withQuiz = (yaml: string): string => yaml.replace('  - slug: rival\n', `${QUIZ}  - slug: rival\n`);

let broker: TestBroker;
beforeAll(async () => {
  broker = await startTestBroker();
  await broker.apply(withQuiz);
}, 60_000);
afterAll(() => broker.close());
beforeEach(() => {
  broker.clock.set(new Date());
});

const STATE = 'Amas+/state==';
const quizUrl = (change: Record<string, string | undefined> = {}): string =>
  authorizeUrl(broker, {
    client_id: CLIENT.clientId,
    response_type: 'token',
    scope: 'play',
    redirect_uri: REDIRECT,
    ...change,
  });

/** The redirect's fragment; nothing of an answer may stand before it. */
function fragmentOf(location: string | undefined, redirectUri = REDIRECT): URLSearchParams {
  const [before, fragment = '', ...more] = (location ?? '').split('#');
  expect([before, more]).toEqual([redirectUri, []]);
  const read = new URLSearchParams(fragment);
  noteSecretsIn(read);
  return read;
}

async function linkedByToken(url = quizUrl(), user = 'alice'): Promise<string> {
  const { location } = await link(broker, url, user);
  return fragmentOf(location.href).get('access_token') ?? '';
}
const refusedAt = async (url: string): Promise<string> => {
  const response = await fetch(url, { redirect: 'manual' });
  expect(response.status).toBe(302);
  return response.headers.get('location') ?? '';
};
const userinfo = (token: string): Promise<Response> =>
  fetch(`${broker.url}/oauth/userinfo`, { headers: { authorization: `Bearer ${token}` } });
const grantsOf = (slug: string) =>
  broker.database.sql<{ revoked_at: Date | null; revoke_reason: string | null; expires_at: Date | null }>(
    `SELECT g.revoked_at, g.revoke_reason, g.expires_at FROM linkbroker.grants g JOIN linkbroker.skills s ON s.id = g.skill_id
     WHERE s.slug = $1 ORDER BY g.created_at, g.expires_at NULLS FIRST, g.id`,
    [slug],
  );

describe('a link by the implicit grant', () => {
  test('has its token behind #, beside a state that is byte for byte the same, and none in the query', async () => {
    const { location } = await link(broker, quizUrl());
    const answer = fragmentOf(location.href);
    expect([...answer.keys()]).toEqual(['access_token', 'token_type', 'expires_in', 'state']);
    expect(answer.get('access_token')).toMatch(/^[\w-]{80}$/);
    expect([answer.get('token_type'), answer.get('expires_in'), answer.get('state')]).toEqual([
      'Bearer',
      '7200',
      STATE,
    ]);
    expect(location.hash).toMatch(/&state=Amas%2B%2Fstate%3D%3D$/);
    expect(broker.log()).toContain('token.issued_implicit');
  });

  test('an app of the skill’s maker is told that it was one', async () => {
    const { location } = await link(broker, `${quizUrl()}&source=app`);
    expect(location.hash).toMatch(/&source=app$/);
    const asked = await link(broker, `${authorizeUrl(broker)}&source=app`);
    expect(asked.location.search).toMatch(/^\?code=[\w-]{32}&state=.*&source=app$/);
    expect(await refusedAt(`${authorizeUrl(broker, { scope: 'all' })}&source=app`)).toMatch(/\?error=.*&source=app$/);
  });

  test('gives a token that works wherever one of a code works', async () => {
    const token = await linkedByToken();
    const { sub } = (await (await userinfo(token)).json()) as { sub: string };
    const { body } = await introspect(broker, BACKEND, token);
    const exp = Math.floor(broker.clock.now().getTime() / 1_000) + 7_200;
    expect(body).toMatchObject({ active: true, sub, client_id: CLIENT.clientId, scope: 'play', token_type: 'Bearer' });
    expect(Math.abs(Number(body['exp']) - exp)).toBeLessThan(10);
    expect((await exchange(broker, BACKEND, token)).body).toMatchObject({ token_type: 'Bearer' });
  });

  test('is one link of the household, and disturbs no grant of codes of it', async () => {
    const url = authorizeUrl(broker, { client_id: 'alexa-mixed', scope: undefined });
    const mixed = { clientId: 'alexa-mixed', clientSecret: 'mixed-secret' };
    const before = await linked(broker, mixed, url);
    const { location } = await link(broker, url.replace('response_type=code', 'response_type=token'));
    const token = new URLSearchParams(location.hash.slice(1)).get('access_token') ?? '';
    expect((await refresh(broker, mixed, before.refresh)).status).toBe(200);
    expect((await revoke(broker, mixed, token)).status).toBe(200);
    expect((await userinfo(token)).status).toBe(401);
    expect((await userinfo(before.access)).status).toBe(200);
    expect(await grantsOf('mixed')).toMatchObject([{ revoked_at: null }, { revoked_at: expect.any(Date) as Date }]);
  });
});

describe('what goes wrong', () => {
  test.each([
    ['a skill without it', { client_id: 'alexa-lights', scope: 'lights' }, 'unauthorized_client'],
    ['a scope it may not have', { scope: 'everything' }, 'invalid_scope'],
  ])('is told behind #: %s', async (_, change, error) => {
    const redirect_uri = 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL';
    const answer = fragmentOf(await refusedAt(quizUrl({ redirect_uri, ...change })), redirect_uri);
    expect([answer.get('error'), answer.get('state')]).toEqual([error, STATE]);
  });

  test('a code for a skill that has the implicit grant only is refused in the query, and so is its code grant', async () => {
    const location = await refusedAt(quizUrl({ response_type: 'code' }));
    expect(location.startsWith(`${REDIRECT}&error=unauthorized_client&`)).toBe(true);
    const form = { grant_type: 'authorization_code', code: 'x' };
    const { clientId: client_id, clientSecret: client_secret } = CLIENT;
    const answer = await post(broker, '/oauth/token', { ...form, client_id, client_secret });
    expect([answer.status, answer.body['error']]).toEqual([400, 'unauthorized_client']);
  });

  test('a household that cancels is back with an error behind #', async () => {
    const browser = phone();
    const page = await browser.open(quizUrl());
    const form = page.forms.find((candidate) => candidate.action.endsWith('/cancel'))!;
    const { arrived } = await browser.submit(page, form, form.buttons[0], new Map());
    const answer = fragmentOf(arrived);
    expect([answer.get('error'), answer.get('state'), answer.get('access_token')]).toEqual([
      ...['access_denied', STATE],
      null,
    ]);
  });

  test('a skill that has lost the grant while a household signed in gives no token', async () => {
    const browser = phone();
    const chosen = await press(browser, await browser.open(quizUrl()), 'connector', 'home');
    await broker.apply((yaml) => withQuiz(yaml).replace('grantTypes: [implicit], implicitTokenTtl: 7200, ', ''));
    await untilSeen(broker, CLIENT.clientId, ({ implicitTokenTtl }) => implicitTokenTtl === undefined);
    const before = (await grantsOf('quiz')).length;
    const end = await signIn(browser, chosen, 'alice');
    await broker.apply(withQuiz);
    await untilSeen(broker, CLIENT.clientId, ({ implicitTokenTtl }) => implicitTokenTtl === 7_200);
    expect([end.arrived, end.status]).toEqual([undefined, 502]);
    expect((await grantsOf('quiz')).length).toBe(before);
  });
});

describe('its end', () => {
  test.each([
    ['Alexa’s client', CLIENT],
    ['the backend', BACKEND],
  ])('revoking the token by %s ends the grant, because it is all there is of it', async (_, client) => {
    const token = await linkedByToken();
    expect((await revoke(broker, client, token)).status).toBe(200);
    expect((await userinfo(token)).status).toBe(401);
    expect((await introspect(broker, CLIENT, token)).body).toEqual({ active: false });
    expect((await exchange(broker, BACKEND, token)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await grantsOf('quiz')).at(-1)).toMatchObject({
      revoke_reason: expect.stringContaining('revoked by') as string,
    });
  });

  test('a household that linked by a code keeps its link when its skill turns to the implicit grant', async () => {
    const mixed = { clientId: 'alexa-mixed', clientSecret: 'mixed-secret' };
    const url = authorizeUrl(broker, { client_id: 'alexa-mixed', scope: undefined });
    const { refresh: token } = await linked(broker, mixed, url);
    await broker.apply((yaml) => withQuiz(yaml).replace('[authorization_code, implicit]', '[implicit]'));
    await untilSeen(broker, 'alexa-mixed', ({ grantTypes }) => grantTypes.length === 1);
    expect(await refusedAt(url)).toContain('error=unauthorized_client');
    expect((await refresh(broker, mixed, token)).status).toBe(200);
    await broker.apply(withQuiz);
    await untilSeen(broker, 'alexa-mixed', ({ grantTypes }) => grantTypes.length === 2);
  });

  test('the token of a code grant ends with its fellows, and never the grant', async () => {
    const { access, refresh: token } = await linked(broker, ALEXA);
    await revoke(broker, ALEXA, access);
    expect((await refresh(broker, ALEXA, token)).status).toBe(200);
  });

  test('once the token has expired the grant ends, and the sign-in nobody needs any more is given up', async () => {
    const token = await linkedByToken(quizUrl(), 'bob');
    const housekeeping = new HousekeepingStore((await broker.database.open('worker')).database);
    const traced: string[] = [];
    const needs = {
      now: broker.clock.now,
      randomBytes: (size: number) => Buffer.alloc(size),
      trace: ({ name }: { name: string }) => void traced.push(name),
      housekeeping,
    };
    await endExpiredGrants(needs);
    traced.length = 0;
    expect((await userinfo(token)).status).toBe(200);
    broker.clock.advance({ hours: 2 });
    expect((await userinfo(token)).status).toBe(401);
    expect((await introspect(broker, CLIENT, token)).body).toEqual({ active: false });
    expect(await endExpiredGrants(needs)).toBeGreaterThanOrEqual(1);
    expect(traced).toContain('grant.expired');
    expect(await endExpiredGrants(needs)).toBe(0);
    const [ended] = (await grantsOf('quiz')).filter(({ revoke_reason }) => revoke_reason === 'expired').slice(-1);
    expect(ended?.revoked_at).toEqual(ended?.expires_at);
    expect(await broker.database.sql('SELECT state FROM linkbroker.upstream_revocations')).toContainEqual({
      state: 'held',
    });
  });
});

test('no token stands in a log line or in the database', async () => {
  const token = await linkedByToken();
  const rows = await broker.database.sql<{ row: string }>('SELECT g::text AS row FROM linkbroker.grants g');
  const kept = broker.log() + rows.map(({ row }) => row).join('');
  expect(kept).not.toContain(token);
  expect(kept).not.toContain(Buffer.from(token, 'base64url').subarray(18, 34).toString('hex'));
});
