import type { Skill } from '@linkbroker/contracts';
import { linked } from '../../test/alexa.js';
import { startEventWorld, withEvents, type EventWorld } from '../../test/event-world.js';
import { lwaError, LWA_CLIENT, type Lwa, type LwaFault } from '../../test/lwa.js';
import { ALEXA, BACKEND, type TestBroker } from '../../test/test-broker.js';
import { untilSeen } from '../../test/until-seen.js';

let world: EventWorld;
let broker: TestBroker;
let lwa: Lwa;
let token: string;
const withReciprocal = (yaml: string): string =>
  withEvents(yaml).replace('region: eu }', 'region: eu, reciprocal: true }');

/** Applies a config, and waits until the broker works with it. */
async function apply(change: (yaml: string) => string, events: boolean, reciprocal: true | undefined): Promise<void> {
  await broker.apply(change);
  const isSeen = (skill: Skill): boolean =>
    (skill.events !== undefined) === events && skill.events?.reciprocal === reciprocal;
  await untilSeen(broker, ALEXA.clientId, isSeen);
}

beforeAll(async () => {
  world = await startEventWorld();
  ({ broker, lwa } = world);
  await apply(withReciprocal, true, true);
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  broker.clock.set(new Date());
  lwa.forms.length = 0;
  lwa.faults.length = 0;
  await broker.database.sql('DELETE FROM linkbroker.event_grants');
  token = await world.household();
});

interface Brought {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}
interface Change {
  readonly form?: Record<string, string | undefined>;
  readonly bearer?: string | undefined;
  readonly address?: string;
  readonly method?: string;
  readonly type?: string;
}

/** What Alexa posts. @see R175 */
async function bring(change: Change = {}): Promise<Brought> {
  const { address = ALEXA.clientId, method = 'POST', type = 'application/x-www-form-urlencoded' } = change;
  const form: Record<string, string | undefined> = {
    grant_type: 'reciprocal_authorization_code',
    client_id: ALEXA.clientId,
    code: lwa.newCode(),
    ...change.form,
  };
  const sent = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const bearer = 'bearer' in change ? change.bearer : `Bearer ${token}`;
  const response = await fetch(`${broker.url}/alexa/${encodeURIComponent(address)}/reciprocal`, {
    method,
    headers: { 'content-type': type, ...(bearer !== undefined && { authorization: bearer }) },
    ...(method === 'POST' && { body: new URLSearchParams(sent).toString() }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const errorOf = ({ text }: Brought): unknown => (JSON.parse(text) as { error?: unknown }).error;
const grants = () =>
  broker.database.sql<{ state: string; version: number }>('SELECT state, version FROM linkbroker.event_grants');

describe('a code of Login with Amazon', () => {
  test('is exchanged, its tokens kept for the household, and answered with nothing', async () => {
    const answer = await bring();
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(Object.fromEntries(lwa.forms[0]!)).toMatchObject({
      grant_type: 'authorization_code',
      client_id: LWA_CLIENT.clientId,
    });
    expect(await grants()).toEqual([{ state: 'active', version: 1 }]);
    expect(broker.log()).toContain('accept_grant.stored');
  });

  test('may come with the client secret, and again, and then is not exchanged again', async () => {
    const code = lwa.newCode();
    for (let count = 0; count < 2; count += 1)
      expect((await bring({ form: { code, client_secret: ALEXA.clientSecret } })).status).toBe(200);
    expect(lwa.forms).toHaveLength(1);
  });

  test('takes the place of what AcceptGrant had brought', async () => {
    await world.accept(token);
    expect((await bring()).status).toBe(200);
    expect(await grants()).toEqual([{ state: 'active', version: 2 }]);
  });
});

describe('is not taken, and nothing is exchanged,', () => {
  afterEach(() => {
    expect(lwa.forms).toEqual([]);
  });

  test.each<[string, Change, number, string]>([
    ['for another grant type', { form: { grant_type: 'authorization_code' } }, 400, 'unsupported_grant_type'],
    ['for none', { form: { grant_type: undefined } }, 400, 'invalid_request'],
    ['for no client', { form: { client_id: undefined } }, 401, 'invalid_client'],
    ['for an unknown client', { form: { client_id: 'nobody' }, address: 'nobody' }, 401, 'invalid_client'],
    ['for another skill’s address', { address: 'alexa-bounded' }, 401, 'invalid_client'],
    [
      'for a backend client',
      { form: { client_id: BACKEND.clientId }, address: BACKEND.clientId },
      401,
      'invalid_client',
    ],
    ['for a wrong secret', { form: { client_secret: 'wrong' } }, 401, 'invalid_client'],
    ['for a token of nobody', { bearer: 'Bearer Atza|nobody' }, 401, 'invalid_token'],
    ['for no token', { bearer: undefined }, 401, 'invalid_request'],
    ['for Basic', { bearer: 'Basic YTpi' }, 401, 'invalid_request'],
    ['by GET', { method: 'GET' }, 405, 'invalid_request'],
    ['in JSON', { type: 'application/json' }, 400, 'invalid_request'],
  ])('%s', async (_, change, status, error) => {
    const answer = await bring(change);
    expect([answer.status, errorOf(answer)]).toEqual([status, error]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    if (error === 'invalid_token') expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer .*invalid_token/);
  });

  test('for a token of another skill', async () => {
    const bounded = { clientId: 'alexa-bounded', clientSecret: 'bounded-secret' };
    const redirect = encodeURIComponent('https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL');
    const url = `${broker.url}/oauth/authorize?client_id=alexa-bounded&response_type=code&state=s&redirect_uri=${redirect}`;
    const { access } = await linked(broker, bounded, url);
    expect((await bring({ bearer: `Bearer ${access}` })).status).toBe(401);
  });

  test('once the token has expired', async () => {
    broker.clock.advance({ hours: 2 });
    const answer = await bring();
    expect([answer.status, errorOf(answer)]).toEqual([401, 'invalid_token']);
  });

  test('for a skill whose configuration does not say so', async () => {
    for (const change of [withEvents, (yaml: string) => yaml]) {
      await apply(change, change === withEvents, undefined);
      const answer = await bring();
      expect([answer.status, errorOf(answer)]).toEqual([400, 'unauthorized_client']);
      expect(answer.text).toContain('reciprocal');
    }
    await apply(withReciprocal, true, true);
  });
});

describe('Login with Amazon in trouble', () => {
  test.each<[string, LwaFault, number, string]>([
    ['refuses the code', () => lwaError(400, 'invalid_grant'), 400, 'invalid_grant'],
    ['refuses our client', () => lwaError(401, 'invalid_client'), 400, 'invalid_grant'],
    ['fails', () => ({ status: 500, body: '' }), 503, 'temporarily_unavailable'],
    ['does not answer', () => 'no answer', 503, 'temporarily_unavailable'],
  ])('that %s unlinks nobody, keeps what was there, and the next try works', async (_, fault, status, error) => {
    expect((await bring()).status).toBe(200);
    lwa.faults.push(fault);
    const began = performance.now();
    const answer = await bring();
    expect(performance.now() - began).toBeLessThan(4_000);
    expect([answer.status, errorOf(answer)]).toEqual([status, error]);
    expect(await grants()).toMatchObject([{ state: 'active', version: 1 }]);
    expect((await bring()).status).toBe(200);
    const userinfo = await fetch(`${broker.url}/oauth/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    expect(userinfo.status).toBe(200);
  });
});

test('neither code nor token is in any log line', async () => {
  const code = lwa.newCode();
  await bring({ form: { code } });
  await bring({ form: { code, grant_type: 'other' } });
  for (const secret of [code, token]) expect(broker.log()).not.toContain(secret);
});
