import { auditedStore } from './audited-store.js';
import { CONNECTOR, skillBody, startAdminWorld, watchAnswer, type AdminWorld } from '../../test/admin-world.js';

let world: AdminWorld;
beforeAll(async () => {
  world = await startAdminWorld();
}, 60_000);
afterAll(() => world.close());

const RELAY = { authorizationUrl: 'https://old.example.com/authorize', tokenUrl: 'https://old.example.com/token' };

interface Made {
  readonly what: string;
  readonly secret: string;
}

describe('a skill', () => {
  test('is made with secrets that are told once, and what Amazon’s console takes', async () => {
    const { ask } = world;
    await ask('POST', '/tenants', { body: { slug: 'made', name: 'Made' } });
    await ask('PUT', '/tenants/made/connectors/home', { body: CONNECTOR });
    const made = await ask('PUT', '/tenants/made/skills/lights', { body: skillBody('alexa-made') });
    expect(made.status).toBe(200);
    expect((made.body['once'] as Made[]).map(({ what }) => what)).toEqual([
      'alexa client secret of skill lights',
      'backend client secret of skill lights',
    ]);
    for (const { secret } of made.body['once'] as Made[]) expect(secret).toMatch(/^[\w-]{43}$/);
    expect(made.body['alexaConsole']).toMatchObject({
      authorizationUrl: 'http://localhost:4000/oauth/authorize',
      tokenUrl: 'http://localhost:4000/oauth/token',
      clientId: 'alexa-made',
      redirectUris: expect.arrayContaining(['https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL']) as unknown,
    });
    const read = watchAnswer(await ask('GET', '/tenants/made/skills/lights'));
    expect(read.body).not.toHaveProperty('once');
    expect(read.body['skill']).toMatchObject({
      name: 'Lights',
      redirectUris: [],
      backend: { clientId: 'alexa-made-backend' },
    });
  });

  test('put as it was read changes nothing; without secrets those that are there stay', async () => {
    const tenant = await world.tenant();
    const path = `/tenants/${tenant}/skills/lights`;
    const before = await world.ask('GET', path);
    const { slug: _, ...skill } = before.body['skill'] as Record<string, unknown>;
    const again = await world.ask('PUT', path, { body: skill });
    expect([again.status, again.body['changes'], again.body['once']]).toEqual([200, [], []]);
    const renamed = await world.ask('PUT', path, { body: { ...skill, name: 'Lamps' } });
    expect(renamed.body['changes']).toEqual(['~ skill lights: name']);
    expect(renamed.body['clients']).toEqual(before.body['clients']);
  });

  test('gets a new secret beside the one that works, or in its place', async () => {
    const tenant = await world.tenant();
    const path = `/tenants/${tenant}/skills/lights/secrets`;
    const secretsOf = (body: Record<string, unknown>) =>
      (body['clients'] as { kind: string; secrets: { superseded: boolean }[] }[])
        .find(({ kind }) => kind === 'alexa')!
        .secrets.map(({ superseded }) => superseded)
        .sort();
    const beside = await world.ask('POST', path, { body: { client: 'alexa' } });
    expect([beside.status, (beside.body['once'] as Made[]).length, secretsOf(beside.body)]).toEqual([
      201,
      1,
      [false, true],
    ]);
    const third = await world.ask('POST', path, { body: { client: 'alexa' } });
    expect(secretsOf(third.body)).toEqual([false, true]);
    const instead = await world.ask('POST', path, { body: { client: 'alexa', retire: true } });
    expect(secretsOf(instead.body)).toEqual([false]);
  });

  test.each([
    ['an unknown key', { colour: 'red' }, 400, /body\.colour/],
    ['a connector that is not there', { connectors: ['nowhere'] }, 422, /connectors\.0/],
    ['no way back', { vendorId: undefined }, 400, /body/],
    ['events without their secret', { events: { clientId: 'c', region: 'eu' } }, 422, /events\.clientSecret/],
    ['a relay where there may be links', { connectors: [], relay: RELAY }, 400, /connectors/],
    ['a relay instead of connectors, where there may be links', { connectors: undefined, relay: RELAY }, 422, /relay/],
    ['a lifetime that Alexa does not take', { accessTokenTtl: 60 }, 400, /accessTokenTtl/],
  ])('with %s is refused by name, and nothing changes', async (_, change, status, field) => {
    const tenant = await world.tenant();
    const body = { ...skillBody(`alexa-${tenant}`), ...change };
    const answer = await world.ask('PUT', `/tenants/${tenant}/skills/lights`, { body });
    expect(answer.status).toBe(status);
    expect((answer.body['errors'] as { field: string }[]).map((error) => error.field).join()).toMatch(field);
  });

  test('cannot take a client id that somebody has', async () => {
    const [one, other] = [await world.tenant(), await world.tenant()];
    const body = skillBody(`alexa-${one}`);
    const answer = await world.ask('PUT', `/tenants/${other}/skills/second`, { body });
    expect([answer.status, answer.body['detail']]).toEqual([409, `The client id alexa-${one} is already in use.`]);
  });

  test('is removed only by who names how many households that unlinks', async () => {
    const tenant = await world.tenant();
    await world.link(tenant);
    const path = `/tenants/${tenant}/skills/lights`;
    const refused = await world.ask('DELETE', path);
    expect([refused.status, refused.body['detail']]).toEqual([422, expect.stringContaining('1 live grant')]);
    expect((await world.ask('DELETE', `${path}?liveGrants=1`)).status).toBe(200);
    expect((await world.ask('GET', path)).status).toBe(404);
  });

  test('is told as Amazon’s API takes it, and compared with what it gives back', async () => {
    const tenant = await world.tenant();
    const path = `/tenants/${tenant}/skills/lights/smapi`;
    const { body } = await world.ask('GET', path);
    const request = (body['body'] as { accountLinkingRequest: Record<string, unknown> }).accountLinkingRequest;
    expect(request).toMatchObject({ type: 'AUTH_CODE', clientId: `alexa-${tenant}`, skipOnEnablement: false });
    expect((body['command'] as string[]).join('\n')).toContain('ask smapi update-account-linking-info');
    const { clientSecret: _, ...given } = request;
    const drift = async (change: object) =>
      (await world.ask('POST', `${path}/drift`, { body: { accountLinkingResponse: { ...given, ...change } } })).body;
    expect((await drift({ clientId: 'another' }))['differences']).toEqual(
      expect.arrayContaining([expect.objectContaining({ field: 'clientId', matters: true })]),
    );
  });
});

describe('a connector', () => {
  test('keeps its secret where none is named, shows it never, and says where it is called back', async () => {
    const tenant = await world.tenant();
    const path = `/tenants/${tenant}/connectors/home`;
    const { clientSecret: _, ...rest } = CONNECTOR;
    for (const elsewhere of [
      { issuer: 'https://evil.example' },
      { endpoints: { token: 'https://evil.example/token' } },
    ]) {
      const moved = await world.ask('PUT', path, { body: { ...rest, ...elsewhere } });
      expect([moved.status, moved.body['detail']]).toEqual([422, expect.stringContaining('must be repeated')]);
    }
    const renamed = watchAnswer(await world.ask('PUT', path, { body: { ...rest, name: 'Haus' } }));
    expect(renamed.body).toMatchObject({
      changes: ['~ connector home: name'],
      connector: { callbackUrl: `http://localhost:4000/callback/${tenant}/home`, skills: ['lights'] },
    });
    expect(JSON.stringify((await world.ask('GET', path)).body)).not.toContain('ecret');
    const made = await world.ask('PUT', `/tenants/${tenant}/connectors/new`, { body: rest });
    expect([made.status, made.body['errors']]).toEqual([
      422,
      [{ field: 'clientSecret', message: 'is needed: connector new is new' }],
    ]);
  });

  test('is not removed while a skill uses it', async () => {
    const tenant = await world.tenant();
    const answer = await world.ask('DELETE', `/tenants/${tenant}/connectors/home`);
    expect([answer.status, answer.body['detail']]).toEqual([422, 'skill lights still uses the connector']);
    await world.ask('PUT', `/tenants/${tenant}/connectors/spare`, { body: CONNECTOR });
    expect((await world.ask('DELETE', `/tenants/${tenant}/connectors/spare`)).body['changes']).toEqual([
      '- connector spare',
    ]);
  });
});

describe('a tenant', () => {
  test('is exported as a config file, without a secret', async () => {
    const tenant = await world.tenant();
    const answer = await world.admin.app.inject({
      url: `/api/v1/tenants/${tenant}/config`,
      headers: { authorization: `Bearer ${world.admin.needs.operatorKey}` },
    });
    expect(answer.headers['content-type']).toBe('application/yaml; charset=utf-8');
    expect(answer.body).toContain(`slug: ${tenant}`);
    expect(answer.body).toMatch(/clientSecret: \$\{TENANT_\d+_HOME_SECRET\}/);
  });

  test('is made once, changed, and listed page by page', async () => {
    const { ask } = world;
    expect((await ask('POST', '/tenants', { body: { slug: 'zebra', name: 'Zebra' } })).status).toBe(201);
    expect((await ask('POST', '/tenants', { body: { slug: 'zebra', name: 'Zebra' } })).status).toBe(409);
    const changed = await ask('PATCH', '/tenants/zebra', { body: { timelineDays: 7 } });
    expect(changed.body).toMatchObject({ slug: 'zebra', name: 'Zebra', timelineDays: 7 });
    const slugs: string[] = [];
    for (let cursor = ''; ;) {
      const page = await ask('GET', `/tenants?limit=2${cursor}`);
      slugs.push(...(page.body['items'] as { slug: string }[]).map(({ slug }) => slug));
      if (page.body['next'] === null) break;
      cursor = `&cursor=${page.body['next'] as string}`;
    }
    expect(slugs).toEqual([...new Set(slugs)].sort());
    expect(slugs).toContain('zebra');
    expect((await ask('GET', '/tenants?cursor=%21')).status).toBe(400);
  });
});

test('a change of what is no longer as it was read is refused, and nothing changes', async () => {
  const tenant = await world.tenant();
  for (const [path, change] of [
    [`/tenants/${tenant}`, { name: 'Second' }],
    [`/tenants/${tenant}/connectors/home`, { ...CONNECTOR, name: 'Second' }],
    [`/tenants/${tenant}/skills/lights`, { ...skillBody(`alexa-${tenant}`), name: 'Second' }],
  ] as const) {
    const method = path === `/tenants/${tenant}` ? 'PATCH' : 'PUT';
    const tag = String((await world.ask('GET', path)).headers['etag']);
    const first = await world.ask(method, path, { body: { ...change, name: 'First' }, headers: { 'if-match': tag } });
    const second = await world.ask(method, path, { body: change, headers: { 'if-match': tag } });
    expect([first.status, second.status]).toEqual([200, 412]);
    expect(JSON.stringify((await world.ask('GET', path)).body)).toContain('First');
  }
  const body = skillBody('alexa-nowhere');
  const nothing = await world.ask('PUT', `/tenants/${tenant}/skills/new`, { body, headers: { 'if-match': '*' } });
  expect(nothing.status).toBe(412);
});

test('of ten who change the same at once, one does, whoever says what he has read', async () => {
  const tenant = await world.tenant();
  for (const [method, path, change] of [
    ['PATCH', `/tenants/${tenant}`, {}],
    ['PUT', `/tenants/${tenant}/connectors/home`, CONNECTOR],
    ['PUT', `/tenants/${tenant}/skills/lights`, skillBody(`alexa-${tenant}`)],
  ] as const) {
    const headers = { 'if-match': String((await world.ask('GET', path)).headers['etag']) };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        world.ask(method, path, { body: { ...change, name: `Number ${String(index)}` }, headers }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
  }
});

test('every change is in the audit log, in order, with what changed and no secret', async () => {
  const tenant = await world.tenant();
  await world.ask('POST', `/tenants/${tenant}/skills/lights/secrets`, { body: { client: 'backend' } });
  const { body } = watchAnswer(await world.ask('GET', `/tenants/${tenant}/audit`));
  const entries = body['items'] as { action: string; actor: { kind: string } }[];
  expect(entries.map(({ action }) => action)).toEqual([
    'skill.rotate-secret',
    'skill.change',
    'connector.change',
    'tenant.create',
  ]);
  expect(entries.every(({ actor }) => actor.kind === 'operator-key')).toBe(true);
});

test('what a command applies is in the audit log too', async () => {
  const tenant = await world.tenant();
  const store = auditedStore(world.admin.needs.configuration, 'apply by alice');
  const tenantId = (await store.resolveTenant(tenant))!;
  await store.write(tenantId, [{ kind: 'update-tenant', name: 'Applied', timelineDays: 9 }], new Date());
  await store.write(tenantId, [], new Date());
  const { body } = await world.ask('GET', `/tenants/${tenant}/audit?limit=1`);
  expect(body['items']).toMatchObject([
    {
      action: 'tenant.apply',
      actor: { kind: 'command', label: 'apply by alice' },
      diff: { changes: ['update-tenant'] },
    },
  ]);
});
