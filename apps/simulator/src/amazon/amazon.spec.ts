import fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import { startWorld, type World } from '../../test/world.js';
import { acceptGrant } from './accept-grant.js';

const EVENTS = { clientId: 'amzn1.application-oa2-client.sim', clientSecret: 'events-secret', region: 'eu' as const };
let world: World;

beforeAll(async () => {
  world = await startWorld({ events: EVENTS });
});
afterAll(() => world.close());
beforeEach(() => {
  world.simulator.amazon.reset();
  world.clock.now = Date.UTC(2026, 10, 22, 12);
});

const credentials = { client_id: EVENTS.clientId, client_secret: EVENTS.clientSecret };
async function ask(form: Record<string, string>) {
  const response = await fetch(`${world.simulatorUrl}/lwa/auth/o2/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...credentials, ...form }),
  });
  const body = (await response.json()) as Record<string, string>;
  return { status: response.status, type: response.headers.get('x-amzn-errortype'), body };
}
const exchange = (code: string, change: Record<string, string> = {}) =>
  ask({ grant_type: 'authorization_code', code, ...change });
const tokens = async (region?: 'na' | 'eu' | 'fe') =>
  (await exchange(world.simulator.amazon.issueCode(world.skill, region))).body as {
    access_token: string;
    refresh_token: string;
  };

describe('Login with Amazon', () => {
  test('takes a code once', async () => {
    const code = world.simulator.amazon.issueCode(world.skill);
    const { status, body } = await exchange(code);
    expect([status, body['token_type'], body['expires_in']]).toEqual([200, 'bearer', 3600]);
    expect(body['access_token']).toMatch(/^Atza\|.{345,}$/);
    expect(await exchange(code)).toMatchObject({
      ...{ status: 400, type: 'OA2InvalidGrantException', body: { error: 'invalid_grant' } },
    });
  });

  test('takes no code that is older than five minutes, and none for another client', async () => {
    const code = world.simulator.amazon.issueCode(world.skill);
    expect(await exchange(code, { client_secret: 'wrong' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    world.clock.now += 5 * 60_000;
    expect(await exchange(code)).toMatchObject({ status: 400 });
  });

  test('gives a new access token for a refresh token, again and again', async () => {
    const { refresh_token, access_token } = await tokens();
    const seen = new Set([access_token]);
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await ask({ grant_type: 'refresh_token', refresh_token });
      expect([status, body['refresh_token']]).toEqual([200, refresh_token]);
      seen.add(body['access_token'] ?? '');
    }
    expect(seen.size).toBe(3);
    expect(await ask({ grant_type: 'refresh_token', refresh_token: 'Atzr|x' })).toMatchObject({ status: 400 });
    expect(await ask({ grant_type: 'password' })).toMatchObject({ body: { error: 'unsupported_grant_type' } });
  });
});

describe('a gateway', () => {
  const eventWith = (token: string, change: object = {}) => ({
    event: {
      header: { namespace: 'Alexa', name: 'ChangeReport', payloadVersion: '3', messageId: 'm-1' },
      endpoint: { scope: { type: 'BearerToken', token }, endpointId: 'lamp' },
      payload: {},
      ...change,
    },
  });
  async function post(region: string, token: string, body: object = eventWith(token)) {
    const response = await fetch(`${world.simulatorUrl}/gateway/${region}/v3/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const code = text === '' ? null : (JSON.parse(text) as { payload?: { code: string } }).payload?.code;
    return [response.status, code];
  }

  test('takes an event of its household, and shows it without the token', async () => {
    const { access_token } = await tokens();
    expect(await post('eu', access_token)).toEqual([202, null]);
    const shown = (await (await fetch(`${world.simulatorUrl}/_amazon`)).json()) as { events: object[] };
    expect(shown.events).toMatchObject([{ region: 'eu', name: 'ChangeReport', messageId: 'm-1' }]);
    expect(JSON.stringify(shown)).not.toContain('Atza');
  });

  test('knows no household of another region, no token that is old or unknown, and no region that is not there', async () => {
    const { access_token } = await tokens('fe');
    expect(await post('eu', access_token)).toEqual([403, 'SKILL_NEVER_ENABLED_EXCEPTION']);
    expect(await post('fe', access_token)).toEqual([202, null]);
    expect(await post('fe', 'Atza|unknown')).toEqual([401, 'INVALID_ACCESS_TOKEN_EXCEPTION']);
    expect((await post('us', access_token))[0]).toBe(404);
    world.clock.now += 3_600_000;
    expect(await post('fe', access_token)).toEqual([401, 'INVALID_ACCESS_TOKEN_EXCEPTION']);
  });

  test('takes no event that is malformed or too large', async () => {
    const { access_token } = await tokens();
    const invalid = [400, 'INVALID_REQUEST_EXCEPTION'];
    expect(await post('eu', access_token, {})).toEqual(invalid);
    expect(await post('eu', access_token, eventWith('Atza|another'))).toEqual(invalid);
    expect(await post('eu', access_token, eventWith(access_token, { header: { name: 'x' } }))).toEqual(invalid);
    const large = eventWith(access_token, { payload: { endpoints: Array(301).fill({}) } });
    expect(await post('eu', access_token, large)).toEqual([413, 'REQUEST_ENTITY_TOO_LARGE_EXCEPTION']);
  });

  test('can be told to fail, and a household to disable the skill', async () => {
    const { access_token } = await tokens();
    const tell = (path: string, body: object) =>
      fetch(`${world.simulatorUrl}/_amazon/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await tell('faults', { status: 429, code: 'THROTTLING_EXCEPTION' });
    expect(await post('eu', access_token)).toEqual([429, 'THROTTLING_EXCEPTION']);
    expect(await post('eu', access_token)).toEqual([202, null]);
    await tell('disable', { clientId: world.skill.clientId });
    expect(await post('eu', access_token)).toEqual([403, 'SKILL_DISABLED_EXCEPTION']);
    const code = (
      (await (await tell('codes', { clientId: world.skill.clientId, region: 'na' })).json()) as { code: string }
    ).code;
    expect((await exchange(code)).status).toBe(200);
    expect((await tell('codes', { clientId: 'nobody' })).status).toBe(404);
    expect((await tell('faults', { status: 200 })).status).toBe(400);
  });
});

describe('AcceptGrant', () => {
  const header = { namespace: 'Alexa.Authorization', payloadVersion: '3', messageId: 'm' };
  const accepted = { event: { header: { ...header, name: 'AcceptGrant.Response' }, payload: {} } };
  const failed = {
    event: { header: { ...header, name: 'ErrorResponse' }, payload: { type: 'ACCEPT_GRANT_FAILED', message: 'no' } },
  };
  const other = (base: typeof accepted | typeof failed, change: object) => ({ event: { ...base.event, ...change } });

  test.each([
    ['accepts', 200, accepted, 'R152', true],
    ['refuses', 200, failed, 'R148', false],
    [
      'refuses in the general namespace',
      200,
      other(failed, { header: { ...failed.event.header, namespace: 'Alexa' } }),
      'R153',
      false,
    ],
    ['refuses without a message', 200, other(failed, { payload: { type: 'ACCEPT_GRANT_FAILED' } }), 'R153', false],
    ['accepts with something in it', 200, other(accepted, { payload: { ok: true } }), 'R152', false],
    ['answers 500', 500, accepted, 'R148', false],
    ['answers nothing of use', 200, {}, 'R148', false],
  ])('a skill that %s', async (_, status, body, rule, ok) => {
    const server = fastify({ forceCloseConnections: true });
    const came: { authorization: string | undefined; body: unknown }[] = [];
    server.post('/lambda', (request, reply) => {
      came.push({ authorization: request.headers.authorization, body: request.body });
      return reply.code(status).send(body);
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${String((server.server.address() as AddressInfo).port)}/lambda`;
    const backend = { clientId: 'b', clientSecret: 's' };
    const told = await acceptGrant({ url, backend }, { code: 'code-0123456789', token: 'token-0123456789' });
    await server.close();
    expect([told.accepted, told.findings.map((finding) => [finding.rule, finding.ok])]).toEqual([ok, [[rule, ok]]]);
    expect(came).toMatchObject([
      {
        authorization: `Basic ${Buffer.from('b:s').toString('base64')}`,
        body: {
          directive: { payload: { grant: { code: 'code-0123456789' }, grantee: { token: 'token-0123456789' } } },
        },
      },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/(code|token)-0123456789/);
  });

  test('a skill that is not there has not accepted', async () => {
    const handler = { url: 'http://127.0.0.1:9/x', backend: { clientId: 'b', clientSecret: 's' } };
    expect(await acceptGrant(handler, { code: 'c', token: 't' })).toMatchObject({ accepted: false });
  });
});
