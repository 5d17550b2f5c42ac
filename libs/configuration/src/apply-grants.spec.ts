import { ConfigError } from '@linkbroker/contracts';
import { fileOf, MemoryStore, needsOf, skillOf, tenantOf } from '../test/memory-store.js';
import { applyConfig, type ApplyOptions } from './apply-config.js';
import { readConfigFile } from './read-config-file.js';

const OPTIONS: ApplyOptions = { dryRun: false, prune: false, liveGrants: null, retireSecrets: false };

type Fields = Record<string, unknown>;
function broker() {
  const store = new MemoryStore();
  const needs = needsOf(store);
  const apply = async (skill: Fields): Promise<string[]> =>
    (await applyConfig(needs, fileOf(tenantOf([skill])), OPTIONS)).flatMap(({ lines }) => lines);
  const stored = () => {
    const [tenant] = [...store.tenants.values()];
    return [...tenant!.skills.values()][0]!;
  };
  return { apply, stored };
}

const AMAZON = ['pitangui.amazon.com', 'layla.amazon.com', 'alexa.amazon.co.jp'].map(
  (host) => `https://${host}/api/skill/link/M3KVOEXUO4ALBL`,
);
const IMPLICIT = ['pitangui.amazon.com', 'layla.amazon.com'].map(
  (host) => `https://${host}/spa/skill/account-linking-status.html?vendorId=M3KVOEXUO4ALBL`,
);

it.each([
  [{}, AMAZON, null],
  [{ grantTypes: ['authorization_code', 'implicit'] }, [...AMAZON, ...IMPLICIT], 31_536_000],
  [{ grantTypes: ['implicit'], implicitTokenTtl: 3_600 }, [...AMAZON, ...IMPLICIT], 3_600],
  [
    { grantTypes: ['implicit'], vendorId: undefined, redirectUris: ['https://a.example'] },
    ['https://a.example'],
    31_536_000,
  ],
  [
    {
      redirectUris: ['https://a.example'],
      appToApp: { redirectUrls: ['https://app.example/back', 'https://a.example'] },
    },
    [...AMAZON, 'https://a.example', 'https://app.example/back'],
    null,
  ],
])('%j has these redirect URIs and lifetime', async (change, redirectUris, implicitTokenTtl) => {
  const { apply, stored } = broker();
  await apply(skillOf('quiz', change));
  expect(stored()).toMatchObject({ redirectUris, implicitTokenTtl });
});

it('what apps take part with, and reciprocal authorization, are kept; applying again changes nothing', async () => {
  const { apply, stored } = broker();
  const appToApp = { authorizationUrlsByPlatform: [{ platform: 'iOS', url: 'https://app.example/alexa' }] };
  const events = { clientId: 'lwa', clientSecret: 's', region: 'eu' };
  const skill = skillOf('quiz', { appToApp, events: { ...events, reciprocal: true } });
  await apply(skill);
  expect(stored()).toMatchObject({
    appToApp: { ...appToApp, redirectUrls: [] },
    events: { clientId: 'lwa', region: 'eu', reciprocal: true },
  });
  expect(await apply(skill)).toEqual([]);
  expect(await apply(skillOf('quiz', { events }))).toEqual(['~ skill quiz: appToApp, events']);
});

const FILE = `tenants:
  - slug: acme
    name: Acme
    connectors: [{ slug: home, provider: oidc, issuer: "https://id.example.com", clientId: b, clientSecret: s }]
    skills:
      - slug: quiz
        name: Quiz
        clientId: alexa-quiz
        clientSecret: s
        vendorId: M3KVOEXUO4ALBL
        connectors: [home]
        `;

it.each([
  ['grantTypes: [implicit]\n        tokenMode: upstream', 13, 'tokenMode', 'goes with codes only'],
  ['implicitTokenTtl: 7200', 12, 'implicitTokenTtl', 'goes with the implicit grant only'],
  ['pkce: required\n        grantTypes: [implicit]', 12, 'pkce', 'goes with codes only'],
  ['grantTypes: [implicit]\n        implicitTokenTtl: 60', 13, 'implicitTokenTtl', 'Too small'],
  ['grantTypes: [client_credentials]', 12, 'grantTypes', 'Invalid option'],
])('%j is refused with its line', (text, line, key, why) => {
  try {
    readConfigFile(FILE + text, {});
    throw new Error('accepted');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const place = `line ${String(line)}: tenants[0].skills[0].${key}`;
    expect(error.message.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${place.replace(/[[\].]/g, '\\$&')}.*${why}`)),
    ]);
  }
});

it('PKCE may be required of the codes of a skill that has both grants', () => {
  const { tenants } = readConfigFile(`${FILE}pkce: required\n        grantTypes: [authorization_code, implicit]`, {});
  expect(tenants[0]?.skills[0]).toMatchObject({ pkce: 'required', grantTypes: ['authorization_code', 'implicit'] });
});
