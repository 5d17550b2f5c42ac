import { buildAuthorizeUrl } from './authorize-url.js';
import { createState } from './state.js';

const about = { vendorId: 'M3KVOEXUO4ALBL', skillId: 'amzn1.ask.skill.1', redirectHost: 'pitangui.amazon.com', now: 1 };

it('makes states as Amazon does: 1,108 characters of padded base64 with every awkward character', () => {
  const states = Array.from({ length: 50 }, () => createState(about));
  expect(new Set(states).size).toBe(50);
  for (const state of states) {
    expect(state).toMatch(/^Amas[A-Za-z\d+/]{1103}=$/);
    expect(state).toContain('+');
    expect(state).toContain('/');
    expect(Buffer.from(state, 'base64').toString('latin1')).toContain('"expirationTimeInMillis":3600001');
  }
});

it('keeps its length when names are long', () => {
  expect(
    createState({ ...about, skillId: 'x'.repeat(500), redirectHost: `${'h'.repeat(60)}.example.com` }),
  ).toHaveLength(1108);
});

it('builds the authorization address in the order of 2024', () => {
  const request = {
    clientId: 'https://pitangui.amazon.com/',
    scopes: ['read', 'devices'],
    redirectUri: 'https://a.example/b?c=d',
    state: 'a+b/c=',
    responseType: 'code' as const,
  };
  expect(buildAuthorizeUrl('https://broker.example', request)).toBe(
    'https://broker.example/oauth/authorize?client_id=https%3A%2F%2Fpitangui.amazon.com%2F&response_type=code' +
      '&scope=read%20devices&redirect_uri=https%3A%2F%2Fa.example%2Fb%3Fc%3Dd&state=a%2Bb%2Fc%3D',
  );
  expect(buildAuthorizeUrl('https://broker.example', { ...request, scopes: [], rawState: true })).toMatch(
    /response_type=code&redirect_uri=[^&]+&state=a\+b\/c=$/,
  );
  expect(buildAuthorizeUrl('https://broker.example', { ...request, responseType: 'token' })).toContain(
    '&response_type=token&',
  );
});
