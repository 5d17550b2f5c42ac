import type { Skill } from '@linkbroker/contracts';
import { basic, linked, introspect, redeem, type Answer, type Client } from '../../test/alexa.js';
import { startAlexaApi, type AlexaApi, type AlexaCall } from '../../test/alexa-api.js';
import { EVENTS } from '../../test/event-world.js';
import { lwaError, LWA_CLIENT, startLwa, type Lwa } from '../../test/lwa.js';
import { ALEXA, BACKEND, startTestBroker, type TestBroker } from '../../test/test-broker.js';
import { untilSeen } from '../../test/until-seen.js';

const BACK = 'https://app.example/alexa/back';
const SKILL_ID = 'amzn1.ask.skill.test';
const PATH = `/v1/users/~current/skills/${SKILL_ID}/enablement`;
const CONNECTORS = '        connectors: [home, gone]\n';
const withApps = (yaml: string): string =>
  yaml.replace(
    CONNECTORS,
    `        connectors: [home, gone]\n        skillId: ${SKILL_ID}\n        appToApp: { redirectUrls: ["${BACK}"] }\n        ${EVENTS}\n`,
  );

let broker: TestBroker;
let lwa: Lwa;
let alexa: AlexaApi;
let sub: string;
beforeAll(async () => {
  lwa = await startLwa();
  alexa = await startAlexaApi();
  broker = await startTestBroker(undefined, { LWA_TOKEN_URL: lwa.url, ...alexa.variables });
  await apply(withApps);
}, 60_000);
afterAll(async () => {
  await broker.close();
  await Promise.all([lwa.close(), alexa.close()]);
});
beforeEach(async () => {
  broker.clock.set(new Date());
  lwa.forms.length = 0;
  lwa.faults.length = 0;
  alexa.calls.length = 0;
  alexa.answer = takeAnything;
  const { access } = await linked(broker, ALEXA);
  sub = String((await introspect(broker, ALEXA, access)).body['sub']);
});

/** Applies a config, and waits until the broker works with it. */
async function apply(change: (yaml: string) => string): Promise<void> {
  await broker.apply(change);
  const [id, events] = [change(CONNECTORS).includes(SKILL_ID), change(CONNECTORS).includes(EVENTS)];
  const isSeen = (skill: Skill): boolean =>
    (skill.alexaSkillId !== undefined) === id && (skill.events !== undefined) === events;
  await untilSeen(broker, BACKEND.clientId, isSeen);
}

interface Asking {
  readonly client?: Client;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
}
async function ask(body: object | undefined, options: Asking = {}): Promise<Answer> {
  const { client = BACKEND, method = 'POST', path = '', headers = {} } = options;
  const response = await fetch(`${broker.url}/alexa/${ALEXA.clientId}/enablement${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...basic(client.clientId, client.clientSecret), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}
const order = (change: object = {}) => ({
  ...{ amazonCode: lwa.newCode(), redirectUri: BACK, stage: 'development', link: sub },
  ...change,
});
const codeOf = ({ body }: AlexaCall): string =>
  (body as { accountLinkRequest: { authCode: string } }).accountLinkRequest.authCode;
const enablements = () => alexa.calls.filter(({ path }) => path === PATH);

/** Alexa redeems the code before it answers. @see R191 */
async function takeAnything(call: AlexaCall) {
  if (call.path !== PATH || call.method !== 'POST') return undefined;
  const { status } = await redeem(broker, ALEXA, codeOf(call), { redirect_uri: BACK });
  return status === 200 ? ([201, { accountLink: { status: 'LINKED' } }] as const) : ([400, {}] as const);
}

describe('a link that begins in an app', () => {
  test('begins at the Alexa app or at Amazon’s page, with PKCE there', async () => {
    const answer = await ask({ redirectUri: BACK, state: 's+1', stage: 'live' }, { path: '/start' });
    expect(answer.status).toBe(200);
    const { alexaAppUrl, lwaFallbackUrl, codeVerifier } = answer.body as Record<string, string>;
    const app = new URL(alexaAppUrl!).searchParams;
    expect([app.get('client_id'), app.get('redirect_uri'), app.get('state'), app.get('skill_stage')]).toEqual([
      ...[LWA_CLIENT.clientId, BACK, 's+1', 'live'],
    ]);
    expect(new URL(lwaFallbackUrl!).searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(codeVerifier).toMatch(/^[\w-]{43}$/);
  });

  test('ends linked: Amazon’s code is exchanged, and Alexa redeems one of ours for the same link', async () => {
    const answer = await ask(order({ codeVerifier: 'v'.repeat(43) }));
    expect(answer.status).toBe(201);
    const [accessToken, refreshToken] = lwa.given.slice(-2);
    expect(answer.body).toEqual({ status: 'linked', amazonTokens: { accessToken, refreshToken, expiresIn: 3600 } });
    expect(Object.fromEntries(lwa.forms[0]!)).toMatchObject({ redirect_uri: BACK, code_verifier: 'v'.repeat(43) });
    expect(enablements()).toMatchObject([
      {
        region: 'eu',
        authorization: `Bearer ${accessToken!}`,
        body: { stage: 'development', accountLinkRequest: { redirectUri: BACK, type: 'AUTH_CODE' } },
      },
    ]);
    const grants = await broker.database.sql<{ count: string }>(
      'SELECT count(*) FROM linkbroker.grants WHERE link_id = $1 AND redirect_uri = $2 AND code_consumed_at IS NOT NULL',
      [sub, BACK],
    );
    expect(grants).toEqual([{ count: '1' }]);
    expect(broker.log()).toContain('enablement.done');
    const kept = broker.log();
    for (const secret of [accessToken!, refreshToken!, codeOf(enablements()[0]!)]) expect(kept).not.toContain(secret);
  });

  test('may bring the code that the app was given', async () => {
    const seen: string[] = [];
    alexa.answer = (call) => {
      if (call.path !== PATH) return undefined;
      seen.push(codeOf(call));
      return [201, {}];
    };
    expect((await ask(order({ link: undefined, code: 'of-the-app' }))).status).toBe(201);
    expect(seen).toEqual(['of-the-app']);
  });

  test.each([
    ['discovery fails', () => [500, {}] as const],
    ['discovery names strangers', () => [200, { endpoints: ['https://evil.example'] }] as const],
  ])('is looked for in every region where %s', async (_, discovery) => {
    alexa.answer = async (call) => {
      if (call.path !== PATH) return discovery();
      return call.region === 'fe' ? takeAnything(call) : [404, {}];
    };
    expect((await ask(order())).status).toBe(201);
    expect(enablements().map(({ region }) => region)).toEqual(['na', 'eu', 'fe']);
  });
});

describe('what Alexa refuses (R194)', () => {
  test.each([
    [400, 422, 'malformed'],
    [401, 422, 'token_refused'],
    [403, 422, 'not_allowed'],
    [404, 422, 'not_found'],
  ])('with %d is told with its reason', async (status, expected, reason) => {
    alexa.answer = ({ path }) => (path === PATH ? [status, {}] : undefined);
    const answer = await ask(order());
    expect([answer.status, answer.body['reason'], answer.body['alexa_status']]).toEqual([
      expected,
      reason,
      String(status),
    ]);
    expect(broker.log()).toContain('enablement.failed');
  });

  test.each([[429], [500], [503]])('with %d may go better later', async (status) => {
    alexa.answer = ({ path }) => (path === PATH ? [status, {}] : undefined);
    const answer = await ask(order());
    expect([answer.status, answer.body['error']]).toEqual([503, 'temporarily_unavailable']);
  });
});

describe('what is refused before anything is asked of Amazon', () => {
  afterEach(() => {
    expect([lwa.forms, alexa.calls]).toEqual([[], []]);
  });

  test.each([
    ['a redirect URI that is not the skill’s', { redirectUri: 'https://evil.example/' }, 400, 'foreign_redirect_uri'],
    ['a link that is not there', { link: '0197a0c0-6f2c-7d55-b3a4-0c6b3f6b9a10' }, 422, 'no_link'],
  ])('%s', async (_, change, status, reason) => {
    const answer = await ask(order(change));
    expect([answer.status, answer.body['reason']]).toEqual([status, reason]);
  });

  test('a body that is no order, and its place is told without its text', async () => {
    const answer = await ask(order({ stage: 'secret-stage' }));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
    expect(JSON.stringify(answer.body)).toMatch(/stage(?!.*secret-stage)/);
  });

  test('another client, and another method', async () => {
    expect((await ask(order(), { client: ALEXA })).status).toBe(401);
    expect((await ask(order(), { client: { ...BACKEND, clientSecret: 'wrong' } })).status).toBe(401);
    const put = await ask(order(), { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST, GET, DELETE']);
  });

  test('a skill whose id or client at Amazon is not known', async () => {
    for (const missing of [`        skillId: ${SKILL_ID}\n`, `        ${EVENTS}\n`]) {
      await apply((yaml) => withApps(yaml).replace(missing, ''));
      const answer = await ask(order());
      expect([answer.status, answer.body['reason']]).toEqual([400, 'not_configured']);
    }
    await apply(withApps);
  });
});

describe('Login with Amazon', () => {
  test.each([
    ['refuses the code', () => lwaError(400, 'invalid_grant'), 422],
    ['refuses the client', () => lwaError(401, 'invalid_client'), 422],
    ['is in trouble', () => ({ status: 500, body: '' }), 503],
  ])('that %s is told, and Alexa is not asked', async (_, fault, status) => {
    lwa.faults.push(fault);
    expect((await ask(order())).status).toBe(status);
    expect(alexa.calls).toEqual([]);
  });
});

describe('with the household’s token of Amazon’s', () => {
  const headers = { 'x-amazon-access-token': 'Atza|household' };

  test.each([
    ['GET', [200, { accountLink: { status: 'LINKED' } }], 200, { status: 'linked' }],
    ['GET', [200, { status: 'ENABLED' }], 200, { status: 'enabled' }],
    ['DELETE', [204, undefined], 200, { status: 'disabled' }],
    ['GET', [404, {}], 422, { reason: 'not_found' }],
    ['DELETE', [401, {}], 422, { reason: 'token_refused' }],
    ['GET', [500, {}], 503, { error: 'temporarily_unavailable' }],
  ] as const)('%s, answered %j, is %d %j', async (method, reply, status, expected) => {
    alexa.answer = ({ path }) => (path === PATH ? [reply[0], reply[1]] : undefined);
    const answer = await ask(undefined, { method, headers });
    expect([answer.status, answer.body]).toMatchObject([status, expected]);
    expect(enablements()[0]).toMatchObject({ method, authorization: 'Bearer Atza|household' });
    expect(broker.log()).not.toContain('Atza|household');
  });

  test('which has to be there', async () => {
    expect((await ask(undefined, { method: 'GET' })).status).toBe(400);
    expect(alexa.calls).toEqual([]);
  });
});
