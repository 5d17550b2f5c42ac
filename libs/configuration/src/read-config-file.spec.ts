import { ConfigError } from '@linkbroker/contracts';
import { readConfigFile } from './read-config-file.js';

const FILE = `# demo
tenants:
  - slug: acme
    name: Acme Lighting
    connectors:
      - slug: home
        provider: oidc
        issuer: https://id.example.com
        clientId: broker
        clientSecret: "\${ACME_HOME_SECRET}"
    skills:
      - slug: lights
        name: Acme Lights
        clientId: alexa-lights
        clientSecret: \${ACME_LIGHTS_SECRET}
        vendorId: M3KVOEXUO4ALBL
        connectors: [home]
        backend:
          clientId: lights-backend
          clientSecret: backend-secret
`;
const ENV = { ACME_HOME_SECRET: 'home-secret', ACME_LIGHTS_SECRET: 'lights-secret' };

/** The file with one piece replaced; the piece must be there. */
function edited(piece: string, replacement: string): string {
  if (!FILE.includes(piece)) throw new Error(`not in the file: ${piece}`);
  return FILE.replace(piece, () => replacement);
}

function refusalOf(text: string, env: Record<string, string> = ENV): readonly string[] {
  try {
    readConfigFile(text, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('accepted');
}

const skillOf = (text: string, env: Record<string, string | undefined> = ENV) =>
  readConfigFile(text, env).tenants[0]!.skills[0]!;

describe('a good file', () => {
  it('is read, with its variables put in', () => {
    const [tenant] = readConfigFile(FILE, ENV).tenants;
    expect(tenant).toMatchObject({ slug: 'acme', name: 'Acme Lighting' });
    expect(tenant?.connectors).toMatchObject([{ slug: 'home', clientSecret: 'home-secret' }]);
    expect(tenant?.skills).toMatchObject([
      { slug: 'lights', clientSecret: 'lights-secret', refreshKeep: 'all', backend: { clientId: 'lights-backend' } },
    ]);
  });

  it('may be JSON, which is YAML too', () => {
    const config = readConfigFile(FILE, ENV);
    expect(readConfigFile(JSON.stringify(config), {})).toEqual(config);
  });

  it('may repeat itself by anchors', () => {
    const text = edited('slug: home', 'slug: &home home').replace('connectors: [home]', 'connectors: [*home]');
    expect(skillOf(text).connectors).toEqual(['home']);
  });
});

describe('a refusal has the line', () => {
  it.each([
    [
      'an unknown key',
      'slug: lights',
      'slug: lights\n        colour: red',
      'line 13: tenants[0].skills[0].colour: unknown key',
    ],
    ['an unknown key at the top', '# demo', 'version: 2', 'line 1: version: unknown key'],
    [
      'an unknown key in a backend',
      'clientId: lights-backend',
      'clientId: lights-backend\n          region: eu',
      'line 20: tenants[0].skills[0].backend.region: unknown key',
    ],
    [
      'a key called constructor',
      'slug: lights',
      'slug: lights\n        constructor: 1',
      'line 13: tenants[0].skills[0].constructor: unknown key',
    ],
    [
      'a wrong value',
      'vendorId: M3KVOEXUO4ALBL',
      'vendorId: m3kvo',
      /^line 16: tenants\[0\]\.skills\[0\]\.vendorId: must be the vendor id/,
    ],
    [
      'a value below its limit',
      'connectors: [home]',
      'connectors: [home]\n        accessTokenTtl: 300',
      /^line 18: tenants\[0\]\.skills\[0\]\.accessTokenTtl: .*360 seconds \(R80\)/,
    ],
    [
      'a value of another type',
      'clientId: broker',
      'clientId: 12345',
      /^line 9: tenants\[0\]\.connectors\[0\]\.clientId: /,
    ],
    [
      'a value missing',
      '        issuer: https://id.example.com\n',
      '',
      /^line 6: tenants\[0\]\.connectors\[0\]\.issuer: /,
    ],
    [
      'a value in a list',
      'connectors: [home]',
      'connectors:\n          - home\n          - No',
      /^line 19: .*connectors\[1\]: /,
    ],
    [
      'both kinds of secret',
      'vendorId:',
      'clientSecrets: [a]\n        vendorId:',
      /^line 12: tenants\[0\]\.skills\[0\]: needs clientSecret or/,
    ],
    ['a key given twice', 'slug: lights', 'slug: lights\n        slug: lamps', /^line 13: .*unique/],
    ['broken YAML', 'name: Acme Lights', 'name: "Acme Lights', /^line \d+: /],
    ['a tab for indentation', '        vendorId', '\tvendorId', /^line 16: /],
    ['two documents', 'tenants:', 'a: 1\n---\ntenants:', /^line \d+: .*documents/],
    ['a secret that begins with an asterisk', 'backend-secret', '*secret', /^line 20: .*alias/i],
  ] as [string, string, string, string | RegExp][])('%s', (_, piece, replacement, expected) => {
    const [first] = refusalOf(edited(piece, replacement));
    if (typeof expected === 'string') expect(first).toBe(expected);
    else expect(first).toMatch(expected);
  });

  it('events without the client that hands over AcceptGrant are refused', () => {
    const events = 'slug: lights\n        events: { clientId: lwa, clientSecret: s, region: na }';
    expect(refusalOf(edited('slug: lights', events).replace(/\n *backend:(\n {10}.*)*/, ''))).toEqual([
      "line 13: tenants[0].skills[0].events: needs backend: the skill's own server hands over AcceptGrant",
    ]);
    expect(() => readConfigFile(edited('slug: lights', events), ENV)).not.toThrow();
  });

  it('two webhooks of a skill with one address are refused, without the address', () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const webhook = `{ url: "https://hooks.example/?token=t", events: [link.dead], secret: "${secret}" }`;
    const text = edited(
      'slug: lights',
      `slug: lights\n        webhooks:\n          - ${webhook}\n          - ${webhook}`,
    );
    expect(refusalOf(text)).toEqual([
      'line 15: tenants[0].skills[0].webhooks[1].url: another webhook of this skill has the same address',
    ]);
  });

  it.each(['', '# nothing', 'tenants', '[]', 'tenants: []', '---'])('%j is no config file', (text) => {
    expect(refusalOf(text).length).toBeGreaterThan(0);
  });

  it('lists several problems at once, in order', () => {
    const text = edited('slug: acme', 'slug: Acme')
      .replace('provider: oidc', 'provider: My Space')
      .replace('vendorId:', 'colour: red\n        vendorId:');
    const lines = refusalOf(text, { ACME_HOME_SECRET: 'x' });
    expect(lines.map((line) => /^line (\d+)/.exec(line)?.[1])).toEqual(['3', '7', '15', '16']);
  });

  it('never repeats a secret', () => {
    const text = edited('clientSecret: backend-secret', 'clientSecret: [hunter2]').replace(
      'issuer: https',
      'issuer: hunter2',
    );
    expect(refusalOf(text, { ...ENV, ACME_LIGHTS_SECRET: `hunter2${'x'.repeat(512)}` }).join('\n')).not.toContain(
      'hunter2',
    );
  });
});

describe('what only the whole file shows', () => {
  const second = `  - slug: other
    name: Other
    skills:
      - {slug: lights, name: L, clientId: CLIENT, clientSecret: s, vendorId: M1234, connectors: [home]}
    connectors:
      - {slug: home, provider: oidc, issuer: "https://id.example.com", clientId: broker, clientSecret: s}
`;

  it('tenants may use the same slugs for their own things', () => {
    expect(readConfigFile(FILE + second.replace('CLIENT', 'alexa-other'), ENV).tenants).toHaveLength(2);
  });

  it.each([
    ['another skill', 'alexa-lights'],
    ['a backend', 'lights-backend'],
  ])('a client id belongs to one client of the whole broker, not also to %s', (_, clientId) => {
    expect(refusalOf(FILE + second.replace('CLIENT', clientId))).toEqual([
      `line 24: tenants[1].skills[0].clientId: client id "${clientId}" is used twice`,
    ]);
  });

  it.each([
    [
      'a backend that is its skill',
      'lights-backend',
      'alexa-lights',
      'line 19: tenants[0].skills[0].backend.clientId: client id "alexa-lights" is used twice',
    ],
    [
      'an unknown connector',
      '[home]',
      '[home, office]',
      'line 17: tenants[0].skills[0].connectors[1]: there is no connector "office" in this tenant',
    ],
    [
      'a connector listed twice',
      '[home]',
      '[home, home]',
      'line 17: tenants[0].skills[0].connectors[1]: connector "home" is listed twice',
    ],
  ])('%s', (_, piece, replacement, line) => {
    expect(refusalOf(edited(piece, replacement))).toEqual([line]);
  });

  it.each([
    [
      'tenant',
      FILE + FILE.slice(FILE.indexOf('  - slug: acme')).replaceAll('-lights', '-l').replace('lights-b', 'l-b'),
      21,
    ],
    [
      'connector',
      edited(
        '    skills:',
        '      - {slug: home, provider: oidc, issuer: "https://a.example", clientId: b, clientSecret: s}\n    skills:',
      ),
      11,
    ],
    [
      'skill',
      `${FILE}      - {slug: lights, name: L, clientId: l, clientSecret: s, vendorId: M1234, connectors: [home]}\n`,
      21,
    ],
  ])('a %s slug is used once', (kind, text, line) => {
    expect(refusalOf(text)).toEqual([
      expect.stringMatching(new RegExp(`^line ${line}: .*slug: ${kind} slug "\\w+" is used twice$`)),
    ]);
  });
});
