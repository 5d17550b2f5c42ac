import { fileOf, skillOf, tenantOf } from '../test/memory-store.js';
import { exportForAlexa } from './alexa-export.js';

it('gives what the developer console would hold, the newest secret of each client', () => {
  const lights = skillOf('lights', {
    clientSecret: undefined,
    clientSecrets: ['new', 'old'],
    skillId: 'amzn1.ask.skill.1',
    scopes: ['lights'],
    pkce: 'required',
    redirectUris: ['https://a.example/x'],
    backend: { clientId: 'lights-backend', clientSecret: 'b' },
    events: { clientId: 'lwa', clientSecret: 'e', region: 'fe' },
  });
  expect(exportForAlexa(fileOf(tenantOf([lights])))).toEqual([
    {
      name: 'lights',
      clientId: 'alexa-lights',
      clientSecret: 'new',
      vendorId: 'M3KVOEXUO4ALBL',
      skillId: 'amzn1.ask.skill.1',
      scopes: ['lights'],
      pkce: 'required',
      grantTypes: ['authorization_code'],
      redirectUris: [
        'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
        'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
        'https://alexa.amazon.co.jp/api/skill/link/M3KVOEXUO4ALBL',
        'https://a.example/x',
      ],
      backend: { clientId: 'lights-backend', clientSecret: 'b' },
      events: { clientId: 'lwa', clientSecret: 'e', region: 'fe', reciprocal: false },
    },
  ]);
});

it('has null where the file says nothing, and every skill of every tenant', () => {
  const bare = skillOf('lamps', { vendorId: undefined, redirectUris: ['https://a.example/x'] });
  const other = tenantOf([skillOf('scenes')], undefined, { slug: 'other', name: 'Other' });
  const exported = exportForAlexa(fileOf(tenantOf([bare]), other));
  expect(exported.map(({ name }) => name)).toEqual(['lamps', 'scenes']);
  expect(exported[0]).toMatchObject({
    vendorId: null,
    skillId: null,
    backend: null,
    events: null,
    redirectUris: ['https://a.example/x'],
  });
});
