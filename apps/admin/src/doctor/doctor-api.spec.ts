import { eventually, watchOutput } from '@linkbroker/testing';
import { readdirSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { startAdminWorld, watchAnswer, type AdminWorld } from '../../test/admin-world.js';
import {
  CLIENT_SECRET,
  PASSWORD_OF_TARGET,
  startAuthorizationServer,
  type AuthorizationServer,
} from '../../test/authorization-server.js';

let world: AdminWorld;
let target: AuthorizationServer;

beforeAll(async () => {
  world = await startAdminWorld({
    EGRESS_ALLOW: '127.0.0.0/8,[::1]/128,doctor:127.0.0.0/8',
    DOCTOR_CHROMIUM_SANDBOX: 'off',
    DOCTOR_RUNS_A_DAY: '3',
  });
  target = await startAuthorizationServer();
}, 60_000);
afterAll(async () => {
  await world.close();
  await target.close();
});

const body = (change: object = {}) => ({
  target: {
    ...{ authorizeUrl: `${target.url}/authorize`, tokenUrl: `${target.url}/token`, clientId: 'alexa' },
    ...{ clientSecret: CLIENT_SECRET, scheme: 'HTTP_BASIC', scope: 'lights' },
    redirectUri: 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
    login: [{ fill: 'input[name=password]', value: PASSWORD_OF_TARGET }, { click: 'button' }],
    ...change,
  },
  only: ['R57', 'R77', 'R78'],
});

/** The tenant's proof of a host, as if it had been found. */
const prove = (tenant: string, host = 'localhost', at = 'now()') =>
  world.database.sql(
    `INSERT INTO linkbroker.doctor_hosts (tenant_id, host, token, added_by, added_at, proven_at, proven_by)
     SELECT id, $2, 'token', 'a test', now(), ${at}, 'dns' FROM linkbroker.tenants WHERE slug = $1`,
    [tenant, host],
  );

async function provenTenant(): Promise<string> {
  const tenant = await world.tenant();
  await prove(tenant);
  return tenant;
}

const start = async (tenant: string, change: object = {}) =>
  watchAnswer(await world.ask('POST', `/tenants/${tenant}/doctor/runs`, { body: body(change) }));

const ended = (tenant: string, id: unknown) =>
  eventually(
    'the run to end',
    async (saw) => {
      const { body: run } = watchAnswer(await world.ask('GET', `/tenants/${tenant}/doctor/runs/${String(id)}`));
      return saw(run['state']) !== 'running' && run;
    },
    50_000,
  );

const RUN_DIRECTORY = `linkbroker-doctor-${String(process.pid)}-`;
const directories = (): number => readdirSync(tmpdir()).filter((name) => name.startsWith(RUN_DIRECTORY)).length;

/** Processes of runs that this one has started: each is in its run's directory, also when that is gone. */
function processesOfRuns(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).includes(RUN_DIRECTORY);
    } catch {
      return false;
    }
  });
}

test('a run goes from its start to a report, and no secret of it is kept', async () => {
  const tenant = await provenTenant();
  const started = await start(tenant, { domains: ['fonts.example.com', 'localhost'] });
  expect([started.status, started.body['state']]).toEqual([202, 'running']);
  const run = await ended(tenant, started.body['id']);
  expect(run).toMatchObject({ state: 'done', target: { clientId: 'alexa', unreached: ['fonts.example.com'] } });
  const { browser } = world.admin.needs.doctor.limits;
  const { findings } = run['report'] as { findings: { rule: string; status: string }[] };
  expect(findings.find(({ rule }) => rule === 'R57')?.status).toBe(browser ? 'pass' : 'not-tested');
  expect(browser ? target.asked : run['reason']).toEqual(
    browser ? expect.arrayContaining(['POST /token']) : expect.stringMatching(/no Chromium/),
  );
  const rows = await world.database.sql<{ row: string }>('SELECT r::text AS row FROM linkbroker.doctor_runs r');
  for (const { row } of rows) for (const one of [CLIENT_SECRET, PASSWORD_OF_TARGET]) expect(row).not.toContain(one);
  const log = await world.ask('GET', `/tenants/${tenant}/audit`);
  expect(JSON.stringify(log.body)).toContain('doctor-run.started');
  expect(JSON.stringify(log.body)).not.toContain(CLIENT_SECRET);
  expect(directories()).toBe(0);
}, 60_000);

test('the report is a page to keep that runs nothing', async () => {
  const tenant = await provenTenant();
  const { body: run } = await start(tenant, { clientId: '<img src=x onerror=alert(1)>' });
  await ended(tenant, run['id']);
  const page = await world.admin.app.inject({
    url: `/api/v1/tenants/${tenant}/doctor/runs/${String(run['id'])}/report`,
    headers: { authorization: `Bearer ${world.admin.needs.operatorKey}` },
  });
  watchOutput('the report', page.body);
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-disposition': expect.stringMatching(/^attachment; filename="doctor-[0-9a-f]{8}\.html"$/) as unknown,
    'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/) as unknown,
  });
  expect(page.body).toContain('&lt;img src=x');
  expect(page.body).not.toMatch(/<script|<img src=x/);
}, 60_000);

test.each([
  ['a host that is not proven', { tokenUrl: 'https://id.example.com/token' }, 422, /id\.example\.com/],
  ['an address of somebody else', { authorizeUrl: 'http://169.254.169.254/' }, 422, /169\.254\.169\.254/],
  [
    'the broker itself, as somebody else’s client',
    { authorizeUrl: 'http://broker.test/oauth/authorize' },
    422,
    /broker/,
  ],
  ['a handler elsewhere', { acceptGrant: { url: 'https://skill.example.com/' } }, 422, /skill\.example\.com/],
  ['credentials in an address', { authorizeUrl: 'http://a:b@localhost/' }, 400, /without credentials/],
  ['a program to sign in with', { login: [{ command: ['id'] }] }, 400, /login/],
  ['a person to sign in', { login: 'manual' }, 400, /login/],
  ['a program as handler', { acceptGrant: { command: ['id'] } }, 400, /acceptGrant/],
  ['a file', { ca: '/etc/passwd' }, 400, /ca/],
])('%s is refused', async (_, change, status, says) => {
  const tenant = await provenTenant();
  const answer = await start(tenant, change);
  expect([answer.status, answer.body['detail']]).toEqual([status, expect.stringMatching(says)]);
});

test('a proof counts for ninety days', async () => {
  const tenant = await world.tenant();
  await prove(tenant, 'localhost', "now() - interval '91 days'");
  expect((await start(tenant)).status).toBe(422);
});

test('the broker’s own host counts for the tenant’s own skills', async () => {
  const tenant = await world.tenant();
  const addresses = {
    authorizeUrl: 'http://localhost:4000/oauth/authorize',
    tokenUrl: 'http://localhost:4000/oauth/token',
  };
  expect((await start(tenant, { ...addresses, clientId: 'alexa-of-somebody-else' })).status).toBe(422);
  const { status, body: run } = await start(tenant, { ...addresses, clientId: `alexa-${tenant}` });
  expect(status).toBe(202);
  // Nobody listens there.
  expect(await ended(tenant, run['id'])).toMatchObject({ state: 'failed', report: null });
}, 60_000);

test('one run at a time, so many a day; a cancelled one is gone at once', async () => {
  const tenant = await provenTenant();
  const release = target.hold();
  const before = target.asked.filter((one) => one === 'POST /token').length;
  const { body: first } = await start(tenant);
  // It has signed in and waits for tokens: everything that it starts is there.
  if (world.admin.needs.doctor.limits.browser)
    await eventually('a request for tokens', () => target.asked.filter((one) => one === 'POST /token').length > before);
  if (process.platform === 'linux') {
    const fewest = world.admin.needs.doctor.limits.browser ? 3 : 1;
    await eventually('the processes of a run', (saw) => saw(processesOfRuns()).length >= fewest);
  }
  expect([(await start(tenant)).status, (await start(await provenTenant())).status]).toEqual([429, 429]);
  const path = `/tenants/${tenant}/doctor/runs/${String(first['id'])}`;
  expect((await world.ask('POST', `${path}/cancel`)).status).toBe(204);
  await eventually('the end of its processes', (saw) => saw(processesOfRuns()).length === 0);
  expect((await world.ask('GET', path)).body).toMatchObject({ state: 'cancelled', report: null });
  expect((await world.ask('POST', `${path}/cancel`)).status).toBe(409);
  release();
  for (let turn = 0; turn < 2; turn += 1) {
    const { body: run } = await start(tenant, { tokenUrl: `${target.url}/token` });
    await ended(tenant, run['id']);
  }
  const refused = await start(tenant);
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '3600']);
  const { body: list } = await world.ask('GET', `/tenants/${tenant}/doctor/runs`);
  expect(list['quota']).toMatchObject({ today: 3, aDay: 3, atOnce: 1, minutes: 10 });
  expect((list['items'] as object[]).length).toBe(3);
}, 60_000);

test('a run of another tenant is nowhere', async () => {
  const [own, other] = [await provenTenant(), await world.tenant()];
  const { body: run } = await start(own);
  for (const path of ['', '/report'])
    expect((await world.ask('GET', `/tenants/${other}/doctor/runs/${String(run['id'])}${path}`)).status).toBe(404);
  expect((await world.ask('POST', `/tenants/${other}/doctor/runs/${String(run['id'])}/cancel`)).status).toBe(404);
  await ended(own, run['id']);
}, 60_000);

describe('hosts', () => {
  test('are added with what proves them, once', async () => {
    const tenant = await world.tenant();
    const path = `/tenants/${tenant}/doctor/hosts`;
    const added = await world.ask('POST', path, { body: { host: 'ID.Example.com' } });
    expect([added.status, added.body['host'], added.body['provenAt']]).toEqual([201, 'id.example.com', null]);
    const token = (added.body['wellKnown'] as { body: string }).body;
    expect(added.body).toMatchObject({
      dns: { name: '_linkbroker.id.example.com', value: `linkbroker-verification=${token}` },
      wellKnown: { url: 'https://id.example.com/.well-known/linkbroker-verification.txt' },
    });
    expect((await world.ask('POST', path, { body: { host: 'id.example.com' } })).status).toBe(409);
    for (const host of ['https://id.example.com', '10.0.0.1', '*.example.com', 'a..b', 'id.example.com:443'])
      expect((await world.ask('POST', path, { body: { host } })).status).toBe(400);
    expect((await world.ask('DELETE', `${path}/id.example.com`)).status).toBe(204);
    expect((await world.ask('GET', path)).body).toEqual({ items: [] });
  });

  test('are proven by what is found, and by nothing else', async () => {
    const tenant = await world.tenant();
    const path = `/tenants/${tenant}/doctor/hosts`;
    const added = await world.ask('POST', path, { body: { host: 'id.example.com' } });
    const { value } = added.body['dns'] as { value: string };
    const records = new Map<string, readonly string[]>();
    const doctor = world.admin.needs.doctor as { resolveTxt: (name: string) => Promise<readonly string[]> };
    const egress = world.admin.needs.doctor as unknown as { egress: { send: () => Promise<object> } };
    const [resolveTxt, { egress: own }] = [doctor.resolveTxt, { ...egress }];
    let served = 'another text';
    doctor.resolveTxt = (name) => Promise.resolve(records.get(name) ?? []);
    egress.egress = { send: () => Promise.resolve({ status: 200, contentType: 'text/plain', body: served }) };
    const verify = async () => (await world.ask('POST', `${path}/id.example.com/verify`)).body;
    expect(await verify()).toMatchObject({ host: { provenAt: null }, seen: [/0 TXT/, /another text/].map(matching) });
    records.set('_linkbroker.id.example.com', ['v=spf1 -all', value]);
    expect(await verify()).toMatchObject({ host: { provenBy: 'dns' }, seen: [] });
    records.clear();
    served = `${value.split('=')[1] ?? ''}\n`;
    expect(await verify()).toMatchObject({ host: { provenBy: 'well-known' }, seen: [] });
    [doctor.resolveTxt, egress.egress] = [resolveTxt, own];
  });

  test('that the installation itself has are nobody’s', async () => {
    const tenant = await world.tenant();
    const answer = await world.ask('POST', `/tenants/${tenant}/doctor/hosts`, { body: { host: 'localhost' } });
    expect(answer.status).toBe(409);
  });
});

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
