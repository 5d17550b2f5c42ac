import { ConfigError } from '@linkbroker/contracts';
import fc from 'fast-check';
import { readConfigFile } from './read-config-file.js';

const FILE = `# demo
tenants:
  - slug: acme
    name: Acme
    connectors:
      - {slug: home, provider: oidc, issuer: "https://id.example.com", clientId: broker, clientSecret: "\${HOME_SECRET}"}
    skills:
      - slug: lights
        name: Acme Lights
        clientId: alexa-lights
        clientSecret: \${LIGHTS_SECRET}
        vendorId: M3KVOEXUO4ALBL
        connectors: [home]
        backend: {clientId: lights-backend, clientSecret: backend-secret}
`;
const ENV = { HOME_SECRET: 'home-secret', LIGHTS_SECRET: 'lights-secret' };

/** The file with one piece replaced. */
const edited = (piece: string, replacement: string): string => FILE.replace(piece, () => replacement);

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

describe('variables', () => {
  const withName = (value: string, env: Record<string, string | undefined>) =>
    skillOf(edited('Acme Lights', value), { ...ENV, ...env }).name;

  it.each([
    ['"${A}"', { A: 'x' }, 'x'],
    ['${A}', { A: 'x' }, 'x'],
    ['"${A}-${B}"', { A: 'x', B: 'y' }, 'x-y'],
    ['"$${A}"', { A: 'x' }, '${A}'],
    ['"$${A} ${A}"', { A: 'x' }, '${A} x'],
    ['"$$"', {}, '$$'],
    ['"$A"', { A: 'x' }, '$A'],
    ['"${}"', {}, '${}'],
    ['"${1A}"', {}, '${1A}'],
    ['"${A}"', { A: '${B}', B: 'y' }, '${B}'],
    ['"${A}"', { A: '$&$1' }, '$&$1'],
  ] as [string, Record<string, string>, string][])('%s with %j becomes %j', (value, env, name) => {
    expect(withName(value, env)).toBe(name);
  });

  it('never change the structure: whatever they hold, they stay one piece of text', () => {
    const yaml = fc.constantFrom(
      ...['x: y', '\n  b: c', '[a]', '{a: b}', '"', "'", '#', '*a', '&a', '!!int 7', '- a', '7'],
    );
    const value = fc.oneof(yaml, fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }));
    fc.assert(
      fc.property(value, value, (secret, other) => {
        const text = edited('backend-secret', '"${OTHER}"');
        const skill = skillOf(text, { ...ENV, LIGHTS_SECRET: secret, OTHER: other });
        expect(skill.clientSecret).toBe(secret);
        expect(skill).toEqual({
          ...skillOf(FILE),
          clientSecret: secret,
          backend: { clientId: 'lights-backend', clientSecret: other },
        });
      }),
    );
  });

  it('are named with their line when they are not set', () => {
    expect(refusalOf(FILE, { HOME_SECRET: 'x' })).toEqual(['line 11: environment variable LIGHTS_SECRET is not set']);
    expect(refusalOf(FILE, {})).toEqual([
      'line 6: environment variable HOME_SECRET is not set',
      'line 11: environment variable LIGHTS_SECRET is not set',
    ]);
  });

  it('are named once a line', () => {
    expect(refusalOf(edited('Acme Lights', '"${A} ${A} ${B}"'))).toEqual([
      'line 9: environment variable A is not set',
      'line 9: environment variable B is not set',
    ]);
  });

  it('may be empty only where an empty text may stand', () => {
    expect(refusalOf(FILE, { ...ENV, LIGHTS_SECRET: '' })[0]).toMatch(
      /^line 11: tenants\[0\]\.skills\[0\]\.clientSecret: /,
    );
  });

  it('are not looked for in keys and comments', () => {
    expect(skillOf(FILE.replace('# demo', '# ${NOT_SET}')).slug).toBe('lights');
    expect(refusalOf(edited('slug: lights', 'slug: lights\n        ${KEY}: 1'))).toEqual([
      'line 9: tenants[0].skills[0].${KEY}: unknown key',
    ]);
  });
});
