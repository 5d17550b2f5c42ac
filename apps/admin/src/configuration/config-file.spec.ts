import { noteSecretsIn } from '@linkbroker/testing';
import { startAdminWorld, watchAnswer, type AdminWorld } from '../../test/admin-world.js';

let world: AdminWorld;
beforeAll(async () => {
  world = await startAdminWorld();
}, 60_000);
afterAll(() => world.close());

const yamlOf = (slug: string, { name = 'Acme', skills = true, extra = '' } = {}): string => `tenants:
  - slug: ${slug}
    name: ${name}
    connectors:
      - slug: home
        name: Home
        provider: oidc
        issuer: https://id.example.com
        clientId: broker
        clientSecret: upstream-secret-of-a-test
    skills:${
      skills
        ? `
      - slug: lights
        name: Lamps
        clientId: alexa-${slug}
        clientSecret: a-literal-secret-of-a-file
        vendorId: M3KVOEXUO4ALBL
        scopes: [lights]
        connectors: [home]
        webhooks:
          - url: https://hooks.example.com/alexa
            events: [link.revoked]`
        : ' []'
    }
${extra}`;

const post = async (path: string, body: object) => {
  noteSecretsIn({ clientSecret: 'a-literal-secret-of-a-file' });
  return world.ask('POST', path, { body });
};
const plan = async (slug: string, yaml: string, prune = false) =>
  watchAnswer(await post(`/tenants/${slug}/config/plan`, { yaml, prune }));
const apply = (slug: string, body: object) => post(`/tenants/${slug}/config/apply`, body);

test('a file is planned, then applied as it was planned, and secrets that are made are told once', async () => {
  const slug = await world.tenant();
  const yaml = yamlOf(slug);
  const planned = await plan(slug, yaml);
  expect([planned.status, planned.body['liveGrants']]).toEqual([200, 0]);
  const lines = planned.body['lines'] as string[];
  expect(lines).toContain(`~ tenant ${slug}: name`);
  expect(lines.some((line) => line.startsWith('~ skill lights: name'))).toBe(true);
  expect((await world.ask('GET', `/tenants/${slug}`)).body['name']).not.toBe('Acme');
  const applied = await apply(slug, { yaml, prune: false, expected: planned.body['expected'] });
  expect([applied.status, applied.body['lines']]).toEqual([200, lines]);
  expect(applied.body['once']).toEqual([
    {
      what: expect.stringContaining('hooks.example.com') as unknown,
      secret: expect.stringMatching(/^whsec_/) as unknown,
    },
  ]);
  noteSecretsIn(applied.body);
  expect((await world.ask('GET', `/tenants/${slug}`)).body['name']).toBe('Acme');
  const log = watchAnswer(await world.ask('GET', `/tenants/${slug}/audit`));
  expect(log.body['items']).toContainEqual(
    expect.objectContaining({ action: 'tenant.apply', subject: 'config file' }) as unknown,
  );
  const again = await plan(slug, yaml);
  expect(again.body).toMatchObject({ lines: [], liveGrants: 0 });
  const nothing = await apply(slug, { yaml, prune: false, expected: again.body['expected'] });
  expect(nothing.body).toEqual({ lines: [], once: [] });
});

test('households are unlinked only with prune and their number', async () => {
  const slug = await world.tenant();
  await world.link(slug);
  const yaml = yamlOf(slug, { skills: false });
  const gentle = await plan(slug, yaml);
  expect([gentle.body['liveGrants'], (gentle.body['lines'] as string[]).includes('- skill lights')]).toEqual([
    0,
    false,
  ]);
  const planned = await plan(slug, yaml, true);
  expect(planned.body).toMatchObject({ liveGrants: 1, lines: expect.arrayContaining(['- skill lights']) as unknown });
  const { expected } = planned.body;
  const refused = await apply(slug, { yaml, prune: true, expected });
  expect([refused.status, refused.body['detail']]).toEqual([422, expect.stringMatching(/unlink 1 live grant/)]);
  expect((await apply(slug, { yaml, prune: false, expected, liveGrants: 1 })).status).toBe(412);
  const applied = await apply(slug, { yaml, prune: true, expected, liveGrants: 1 });
  expect(applied.status).toBe(200);
  expect((await world.ask('GET', `/tenants/${slug}/skills`)).body['items']).toEqual([]);
});

test('a plan that no longer holds is not applied', async () => {
  const slug = await world.tenant();
  const yaml = yamlOf(slug);
  const { body } = await plan(slug, yaml);
  await world.ask('PATCH', `/tenants/${slug}`, { body: { name: 'Acme' } });
  const late = await apply(slug, { yaml, prune: false, expected: body['expected'] });
  expect([late.status, late.body['detail']]).toEqual([412, expect.stringMatching(/plan it again/)]);
  expect((await apply(slug, { yaml: yamlOf(slug, { name: 'Other' }), expected: body['expected'] })).status).toBe(412);
});

test.each([
  [
    'a variable',
    (slug: string) => yamlOf(slug).replace('a-literal-secret-of-a-file', '${SECRET}'),
    /^line 15: .*\$\{SECRET\}: over the API/,
  ],
  ['what is no YAML', () => 'tenants: [', /^line 1/],
  ['an unknown key', (slug: string) => yamlOf(slug, { extra: 'more: 1\n' }), /^line \d+: more: unknown key/],
  ['another tenant', () => yamlOf('somebody-else'), /names somebody-else/],
  [
    'a second tenant',
    (slug: string) => yamlOf(slug, { extra: '  - slug: other\n    name: Other\n' }),
    /names .*, other/,
  ],
  [
    'a secret that is missing',
    (slug: string) => yamlOf(slug).replace('        clientSecret: a-literal-secret-of-a-file\n', ''),
    /needs clientSecret/,
  ],
  [
    'a relay for a skill that is there',
    (slug: string) =>
      yamlOf(slug).replace(
        / {8}connectors: \[home\][^]*$/,
        '        relay: { authorizationUrl: https://old.example.com/a, tokenUrl: https://old.example.com/t }\n',
      ),
    /without a relay/,
  ],
])('%s is refused, with its line', async (_, write, says) => {
  const slug = await world.tenant();
  const { status, body } = await plan(slug, write(slug));
  expect([status, (body['errors'] as { message: string }[])[0]?.message]).toEqual([422, expect.stringMatching(says)]);
});
