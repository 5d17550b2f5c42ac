import { ConfigError } from '@linkbroker/contracts';
import { readConfigFile } from './read-config-file.js';

const FILE = `tenants:
  - slug: acme
    name: Acme
    connectors:
      - { slug: home, provider: oidc, issuer: "https://id.example.com", clientId: broker, clientSecret: s }
    skills:
      - slug: lights
        name: Lights
        clientId: alexa-lights
        clientSecret: alexa-secret
        vendorId: M3KVOEXUO4ALBL
        relay:
          authorizationUrl: https://id.example.com/authorize
          tokenUrl: https://id.example.com/token
          clientSecret: "\${SECRET}"
`;
const read = (text: string) => readConfigFile(text, { SECRET: 'their-secret' });
const with_ = (line: string): string => FILE.replace('        relay:\n', `        ${line}\n        relay:\n`);

function refusalOf(text: string): readonly string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('accepted');
}

it('a skill with a relay needs no connectors and no backend', () => {
  const [skill] = read(FILE).tenants[0]!.skills;
  expect(skill).toMatchObject({
    connectors: [],
    relay: { clientSecret: 'their-secret', scheme: 'REQUEST_BODY_CREDENTIALS' },
  });
  expect(skill?.backend).toBeUndefined();
});

it('a skill without a relay needs connectors as ever', () => {
  const text = FILE.slice(0, FILE.indexOf('        relay:'));
  expect(refusalOf(text)).toEqual([
    'line 7: tenants[0].skills[0].connectors: needs at least one connector, or relay instead',
  ]);
});

it.each([
  ['connectors: [home]', 'connectors', 'households sign in at the existing server itself'],
  ['tokenMode: upstream', 'tokenMode', "Alexa holds the existing server's own tokens anyway"],
  ['refreshKeep: 3', 'refreshKeep', 'the existing server says which tokens are good'],
  [
    'webhooks: [{ url: "https://h.example", events: [link.dead] }]',
    'webhooks',
    'the broker knows of no links to tell about',
  ],
  ['branding: { color: "#112233" }', 'branding', 'no link page is shown'],
  [
    'events: { clientId: lwa, clientSecret: s, region: na }',
    'events',
    'the broker knows of no links to send events of',
  ],
])('%s makes no sense beside a relay, and the line is told', (line, key, why) => {
  expect(refusalOf(with_(line))).toEqual([`line 12: tenants[0].skills[0].${key}: a skill with relay has none: ${why}`]);
});

it('an implicit grant is refused beside a relay', () => {
  expect(refusalOf(with_('grantTypes: [implicit]'))[0]).toMatch(/^line 12: tenants\[0\]\.skills\[0\]\.grantTypes/);
});

it.each(['state', 'client_id', 'redirect_uri', 'response_type', 'scope', 'code_challenge', 'code_challenge_method'])(
  'the parameter %s comes from Alexa and not from the address',
  (name) => {
    expect(refusalOf(FILE.replace('/authorize', `/authorize?prompt=login&${name}=x`))).toEqual([
      `line 13: tenants[0].skills[0].relay.authorizationUrl: must not have the parameter ${name}, which comes from Alexa`,
    ]);
  },
);

it('an unknown key in it has its line', () => {
  expect(refusalOf(FILE.replace('tokenUrl:', 'revocationUrl: https://id.example.com/r\n          tokenUrl:'))).toEqual([
    'line 14: tenants[0].skills[0].relay.revocationUrl: unknown key',
  ]);
});
