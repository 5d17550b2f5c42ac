import { configFile } from './config-file.js';

const skill = {
  slug: 'quiz',
  name: 'Quiz',
  clientId: 'alexa-quiz',
  clientSecret: 's',
  vendorId: 'M3KVOEXUO4ALBL',
  connectors: ['home'],
};
const events = { clientId: 'lwa', clientSecret: 's', region: 'eu' };
const url = 'https://app.example/alexa';

const problems = (change: object): string[] => {
  const parsed = configFile.safeParse({ tenants: [{ slug: 'a', name: 'A', skills: [{ ...skill, ...change }] }] });
  return (parsed.error?.issues ?? []).map(({ path }) => path.slice(4).join('.'));
};

it.each<[string, readonly unknown[], readonly unknown[]]>([
  [
    'grantTypes',
    [['authorization_code'], ['implicit'], ['authorization_code', 'implicit']],
    [[], ['password'], ['implicit', 'implicit'], 'implicit'],
  ],
  ['implicitTokenTtl', [3_600, 315_360_000], [3_599, 315_360_001, 3_600.5, 'long', null]],
  [
    'events',
    [events, { ...events, reciprocal: true }],
    [
      { ...events, reciprocal: 'yes' },
      { ...events, region: 'us' },
    ],
  ],
  [
    'appToApp',
    [
      {},
      { authorizationUrlsByPlatform: [{ platform: 'iOS', url }], redirectUrls: [`${url}?x=1`] },
      { authorizationUrlsByPlatform: ['iOS', 'Android'].map((platform) => ({ platform, url })) },
    ],
    [
      { urls: [] },
      { authorizationUrlsByPlatform: [{ platform: 'ios', url }] },
      { authorizationUrlsByPlatform: [{ platform: 'iOS', url: 'app.example' }] },
      { authorizationUrlsByPlatform: [url, `${url}/b`].map((one) => ({ platform: 'iOS', url: one })) },
      { redirectUrls: [`${url}#back`] },
      { redirectUrls: ['javascript:alert(1)'] },
    ],
  ],
])('%s', (key, good, bad) => {
  for (const value of good) expect([value, problems({ [key]: value })]).toEqual([value, []]);
  for (const value of bad) {
    const found = problems({ [key]: value });
    expect([value, found.length > 0 && found.every((path) => path.startsWith(key))]).toEqual([value, true]);
  }
});
