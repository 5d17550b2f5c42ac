import type { RecordedEvent } from '@linkbroker/contracts';
import { TimelineWriter } from '@linkbroker/persistence';
import { createSimulator, type Simulator } from '@linkbroker/simulator';
import { noteSecret } from '@linkbroker/testing';
import type { AddressInfo } from 'node:net';
import { skillBody, startAdminWorld, watchAnswer, type AdminWorld } from '../../test/admin-world.js';
import { ConsoleClient } from '../../test/console-client.js';

const KEY = noteSecret('simulator key', 'the-key-of-a-simulator-in-a-test');
const NOBODYS = 'a-secret-that-nobody-has-in-a-test';
let world: AdminWorld;
let simulator: Simulator;
let simulatorUrl: string;
beforeAll(async () => {
  world = await startAdminWorld();
  simulator = createSimulator({
    brokerUrl: 'http://localhost:4000',
    skills: () => [],
    upstream: { clients: [] },
    key: KEY,
  });
  await simulator.listen({ host: '127.0.0.1', port: 0 });
  simulatorUrl = `http://localhost:${String((simulator.server.address() as AddressInfo).port)}`;
}, 60_000);
afterAll(async () => {
  await simulator.close();
  await world.close();
});

const runBeside = (beside: { url: string; key: string } | null): void => {
  Object.assign(world.admin.needs, { simulator: beside });
};

async function signedIn(tenant: string): Promise<ConsoleClient> {
  const invited = await world.ask('POST', `/tenants/${tenant}/invitations`, {
    body: { role: 'developer', label: 'Ada' },
  });
  const token = noteSecret('invitation', new URL(String(invited.body['url'])).hash.replace('#token=', ''));
  const client = new ConsoleClient(() => world.admin);
  const [login, password] = [`ada@${tenant}.example`, 'correct horse battery staple'];
  await client.send('POST', '/invitations/accept', { token, account: { displayName: 'Ada', login, password } });
  await client.signIn(login, password);
  return client;
}

test('who is signed in is told what there is to choose from, and where this installation is', async () => {
  const client = await signedIn(await world.tenant());
  const { body } = await client.send('GET', '/providers');
  const items = body['items'] as Record<string, unknown>[];
  const entry = (id: string) => items.find((one) => one['id'] === id);
  expect(items.length).toBeGreaterThan(30);
  expect(entry('oidc')).toMatchObject({ issuer: 'needed', endpoints: [], secret: 'text' });
  expect(entry('oauth2')).toMatchObject({ issuer: 'none', endpoints: ['authorization', 'token', 'userinfo'] });
  expect(entry('keycloak')?.['parameters']).toContainEqual(
    expect.objectContaining({ name: 'realm', optional: false, pattern: expect.any(String) as string }),
  );
  expect((entry('google')?.['quirks'] as string[]).join()).toMatch(/web views/);
  runBeside({ url: simulatorUrl, key: KEY });
  expect((await client.send('GET', '/installation')).body).toEqual({
    brokerUrl: 'http://localhost:4000',
    simulatorUrl,
  });
  runBeside(null);
  expect((await client.send('GET', '/installation')).body).toMatchObject({ simulatorUrl: null });
});

describe('the first link', () => {
  const record = async (tenant: string, told: readonly Partial<RecordedEvent>[]): Promise<void> => {
    const [row] = await world.database.sql<{ tenant: string; skill: string }>(
      `SELECT t.id AS tenant, k.id AS skill FROM linkbroker.tenants t JOIN linkbroker.skills k ON k.tenant_id = t.id WHERE t.slug = $1`,
      [tenant],
    );
    const batch = told.map((event, index) => ({
      ...event,
      tenantId: row!.tenant,
      skillId: row!.skill,
      at: new Date(Date.now() - 60_000 + index * 1_000).toISOString().replace('Z', '001Z'),
    }));
    const writer = new TimelineWriter(world.database.urls.broker);
    await writer.write(JSON.stringify(batch), performance.now() + 10_000);
    await writer.close();
  };
  const read = async (tenant: string, since = '') =>
    watchAnswer(await world.ask('GET', `/tenants/${tenant}/skills/lights/first-link${since}`)).body;
  const reached = (body: Record<string, unknown>): string[] =>
    (body['steps'] as { step: string; at: string | null }[]).flatMap(({ step, at }) => (at === null ? [] : step));

  test('is told step by step, of the newest attempt', async () => {
    const tenant = await world.tenant();
    expect(await read(tenant)).toMatchObject({ reference: null, linkId: null, causes: [] });
    await record(tenant, [
      { name: 'authorize.started', reference: 'AAAA-AAA2' },
      { name: 'code.issued', reference: 'AAAA-AAA2' },
      { name: 'authorize.started', reference: 'AAAA-AAA3' },
      { name: 'upstream.redirected', reference: 'AAAA-AAA3', connector: 'home' },
    ]);
    const body = await read(tenant);
    expect([body['reference'], reached(body)]).toEqual(['AAAA-AAA3', ['started', 'redirected']]);
    expect(await read(tenant, `?since=${new Date().toISOString()}`)).toMatchObject({ reference: null });
  });

  test('that was refused at the door says what to do', async () => {
    const tenant = await world.tenant();
    const data = { redirectUri: 'https://evil.example/', registered: false };
    await record(tenant, [
      { name: 'authorize.refused', reference: 'BBBB-BBB2', outcome: 'invalid_request', detail: 'redirect_uri', data },
    ]);
    const body = await read(tenant);
    expect([body['reference'], reached(body)]).toEqual(['BBBB-BBB2', []]);
    expect(body['causes']).toContainEqual(
      expect.objectContaining({ severity: 'failure', remedy: expect.any(String) as string }),
    );
  });

  test('of a skill that is not there is not found', async () => {
    const tenant = await world.tenant();
    expect((await world.ask('GET', `/tenants/${tenant}/skills/none/first-link`)).status).toBe(404);
    expect((await world.ask('GET', `/tenants/${tenant}/skills/lights/first-link?since=yesterday`)).status).toBe(400);
  });
});

describe('trying a skill', () => {
  const attempt = (tenant: string, clientSecret: string) =>
    world.ask('POST', `/tenants/${tenant}/skills/lights/try`, { body: { clientSecret } });
  const secretOf = async (tenant: string): Promise<string> => {
    const path = `/tenants/${tenant}/skills/lights/secrets`;
    const { body } = await world.ask('POST', path, { body: { client: 'alexa' } });
    return noteSecret('client secret', (body['once'] as { secret: string }[])[0]!.secret);
  };
  const list = async (tenant: string, ...redirectUris: string[]) => {
    const body = { ...skillBody(`alexa-${tenant}`), redirectUris };
    expect((await world.ask('PUT', `/tenants/${tenant}/skills/lights`, { body })).status).toBe(200);
  };

  test('is not possible where no simulator runs', async () => {
    runBeside(null);
    expect((await attempt(await world.tenant(), NOBODYS)).status).toBe(404);
  });

  test('needs the simulator’s redirect URI, and one of the secrets; then the simulator knows it', async () => {
    runBeside({ url: simulatorUrl, key: KEY });
    const tenant = await world.tenant();
    const secret = await secretOf(tenant);
    const refused = await attempt(tenant, secret);
    const wanted = `${simulatorUrl}/alexa/api/skill/link/M3KVOEXUO4ALBL`;
    expect([refused.status, refused.body['errors']]).toEqual([409, [{ field: 'redirectUris', message: wanted }]]);
    await list(tenant, wanted);
    const wrong = await attempt(tenant, NOBODYS);
    expect([wrong.status, (wrong.body['errors'] as { field: string }[])[0]?.field]).toEqual([422, 'clientSecret']);
    const taken = watchAnswer(await attempt(tenant, secret));
    expect([taken.status, taken.body]).toEqual([200, { address: `${simulatorUrl}/alexa/skills/alexa-${tenant}` }]);
    const page = await fetch(String(taken.body['address'])).then((response) => response.text());
    expect(page).toContain('Enable to use');
    expect(page).not.toContain('does not list the simulator');
  });

  test('an implicit skill comes back elsewhere', async () => {
    runBeside({ url: simulatorUrl, key: KEY });
    const tenant = await world.tenant();
    const body = { ...skillBody(`alexa-${tenant}`), grantTypes: ['implicit'] };
    expect((await world.ask('PUT', `/tenants/${tenant}/skills/lights`, { body })).status).toBe(200);
    const { status, body: problem } = await attempt(tenant, NOBODYS);
    expect([status, JSON.stringify(problem['errors'])]).toEqual([
      409,
      expect.stringContaining('/alexa/spa/skill/account-linking-status.html?vendorId=M3KVOEXUO4ALBL'),
    ]);
  });

  test('secrets cannot be guessed', async () => {
    runBeside({ url: simulatorUrl, key: KEY });
    const tenant = await world.tenant();
    await list(tenant, `${simulatorUrl}/alexa/api/skill/link/M3KVOEXUO4ALBL`);
    const statuses: number[] = [];
    for (let turn = 0; turn < 11; turn += 1)
      statuses.push((await attempt(tenant, `a-guessed-secret-of-a-test-${String(turn)}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 422), 429]);
  });

  test('a simulator that does not answer, or does not know us, is said to be away', async () => {
    const tenant = await world.tenant();
    const url = 'http://localhost:9';
    const secret = await secretOf(tenant);
    await list(
      tenant,
      `${url}/alexa/api/skill/link/M3KVOEXUO4ALBL`,
      `${simulatorUrl}/alexa/api/skill/link/M3KVOEXUO4ALBL`,
    );
    for (const beside of [
      { url, key: KEY },
      { url: simulatorUrl, key: 'another-key' },
    ]) {
      runBeside(beside);
      const { status, body } = await attempt(tenant, secret);
      expect([status, body['detail']]).toEqual([503, expect.stringContaining('The simulator did not take the skill')]);
    }
  });
});

describe('the preview of the link page', () => {
  const preview = (tenant: string, change: object = {}) =>
    world.admin.app.inject({
      method: 'POST',
      url: `/api/v1/tenants/${tenant}/link-page-preview`,
      headers: { authorization: `Bearer ${world.admin.needs.operatorKey}` },
      payload: { name: 'Acme <Lamps>', branding: { color: '#8a1c5b' }, connectors: ['home', 'none'], ...change },
    });

  test('is the page itself, of what is not saved, under the page’s own policy', async () => {
    const tenant = await world.tenant();
    const { statusCode, headers, body } = await preview(tenant, { language: 'de-AT' });
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']*' 'sha256-[^']*'; .*frame-ancestors 'none'$/,
    );
    expect(body).toContain('Acme &lt;Lamps&gt;');
    expect(body).toContain('#8a1c5b');
    expect(body).toContain('Weiter mit Home');
    expect(body.match(/name="connector"/g)).toHaveLength(1);
  });

  test.each([
    [{ branding: { color: 'red' } }],
    [{ branding: { logo: 'https://evil.example/logo.png' } }],
    [{ branding: { logo: `data:image/png;base64,${'A'.repeat(9_000)}` } }],
    [{ name: '' }],
  ])('takes what a skill could be, and not %j', async (change) => {
    expect((await preview(await world.tenant(), change)).statusCode).toBe(400);
  });
});
