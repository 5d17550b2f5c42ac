import { bodyOf, draftOf, sameDraft } from './skill-draft.js';

/** As the API describes a skill that has everything. */
const FULL = {
  slug: 'lights',
  name: 'Lights',
  pkce: 'required',
  accessTokenTtl: 3600,
  tokenMode: 'own',
  clientId: 'alexa-lights',
  grantTypes: ['authorization_code', 'implicit'],
  skillId: 'amzn1.ask.skill.1',
  vendorId: 'M3KVOEXUO4ALBL',
  redirectUris: ['https://example.com/back'],
  implicitTokenTtl: 7200,
  appToApp: { authorizationUrlsByPlatform: [{ platform: 'iOS', url: 'acme://link' }], redirectUrls: [] },
  scopes: ['lights'],
  connectors: ['home', 'work'],
  refreshKeep: 3,
  branding: { color: '#8a1c5b', logo: 'data:image/png;base64,AAAA' },
  webhooks: [{ url: 'https://example.com/hook', events: ['link.created'] }],
  backend: { clientId: 'backend' },
  events: { reciprocal: false, clientId: 'events', region: 'eu' },
};
const PLAIN = {
  slug: 'plain',
  name: 'Plain',
  pkce: 'optional',
  accessTokenTtl: 3600,
  tokenMode: 'upstream',
  clientId: 'alexa-plain',
  grantTypes: ['authorization_code'],
  redirectUris: [],
  vendorId: 'M3KVOEXUO4ALBL',
  scopes: [],
  connectors: ['home'],
  refreshKeep: 'all',
  branding: {},
  webhooks: [],
};
const { connectors: _, ...WITHOUT } = PLAIN;
const RELAY = {
  ...WITHOUT,
  relay: {
    authorizationUrl: 'https://old.example.com/a',
    tokenUrl: 'https://old.example.com/t',
    scheme: 'HTTP_BASIC',
    clientId: 'old',
  },
};

test.each([
  ['with everything', FULL],
  ['with nothing', PLAIN],
  ['that is a relay', RELAY],
])('a skill %s is saved as it was read', (_name, skill) => {
  const { slug: _slug, ...body } = skill;
  expect(bodyOf(skill, draftOf(skill))).toEqual(body);
});

test('what is changed is changed, and the rest is kept', () => {
  const draft = {
    ...draftOf(FULL),
    name: ' Lamps ',
    color: '',
    logo: '',
    scopes: [],
    backendClientId: '',
    refreshKeep: '',
  };
  const { slug: _slug, backend: _backend, ...kept } = FULL;
  expect(bodyOf(FULL, draft)).toEqual({ ...kept, name: 'Lamps', branding: {}, scopes: [], refreshKeep: 'all' });
});

test('a lifetime of implicit tokens goes with their grant', () => {
  const draft = { ...draftOf(FULL), grantTypes: ['authorization_code'] as const };
  expect(bodyOf(FULL, draft)).not.toHaveProperty('implicitTokenTtl');
});

test('a secret is sent only where somebody typed it', () => {
  const typed = 'typed-in-a-test';
  const { relay } = draftOf(RELAY);
  const draft = { ...draftOf(RELAY), relay: { ...relay!, clientSecret: typed } };
  expect(bodyOf(RELAY, draft)).toMatchObject({ relay: { ...RELAY.relay, clientSecret: typed } });
  const { events } = draftOf(FULL);
  expect(bodyOf(FULL, { ...draftOf(FULL), events: { ...events!, clientSecret: typed } })).toMatchObject({
    events: { ...FULL.events, clientSecret: typed },
  });
});

test('webhooks, events and apps come and go', () => {
  const without = { webhooks: [], events: null, apps: { iOS: ' ', Android: '', redirectUrls: [] } };
  const { slug: _slug, events: _events, appToApp: _apps, ...kept } = FULL;
  expect(bodyOf(FULL, { ...draftOf(FULL), ...without })).toEqual({ ...kept, webhooks: [] });
  const { webhooks, events, apps } = draftOf(FULL);
  const { slug: _plain, ...plain } = PLAIN;
  expect(bodyOf(PLAIN, { ...draftOf(PLAIN), webhooks, events, apps })).toEqual({
    ...plain,
    webhooks: FULL.webhooks,
    events: FULL.events,
    appToApp: FULL.appToApp,
  });
});

test('a draft is the same until something is typed', () => {
  expect(sameDraft(draftOf(FULL), draftOf(structuredClone(FULL)))).toBe(true);
  expect(sameDraft(draftOf(FULL), { ...draftOf(FULL), scopes: ['heat'] })).toBe(false);
});
