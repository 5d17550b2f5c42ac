import { connectorBodyOf, connectorDraftOf, newConnectorDraft, type Connector } from './connector-draft.js';

const STORED: Connector = {
  slug: 'home',
  name: 'Home',
  provider: 'oidc',
  issuer: 'https://id.example.com',
  clientId: 'broker',
  parameters: {},
  scopes: ['openid', 'offline_access'],
  revokeUpstream: 'never',
  endpoints: { token: 'https://id.example.com/token' },
  callbackUrl: 'https://link.example.com/callback/acme/home',
  skills: ['lights'],
};

test('a connector is saved as it was read, without a secret', () => {
  const { slug: _, provider, callbackUrl: __, skills: ___, ...body } = STORED;
  expect(connectorBodyOf(provider, connectorDraftOf(STORED))).toEqual({ provider, ...body });
});

test('a new one says only what was typed', () => {
  const draft = {
    ...newConnectorDraft({ name: 'Microsoft' }),
    clientId: ' id ',
    clientSecret: ' s ',
    parameters: { tenant: ' common ' },
  };
  expect(connectorBodyOf('entra', draft)).toEqual({
    provider: 'entra',
    name: 'Microsoft',
    clientId: 'id',
    clientSecret: ' s ',
    revokeUpstream: 'last-link',
    parameters: { tenant: 'common' },
    endpoints: {},
  });
});
