import { CATALOGUE, findProvider } from './catalogue/index.js';
import { checkConnector } from './check-connector.js';
import { connectorDemands, describeQuirks } from './describe-provider.js';

const ADDRESSES = {
  authorization: 'https://id.example.com/authorize',
  token: 'https://id.example.com/token',
  userinfo: 'https://id.example.com/userinfo',
};

describe.each(CATALOGUE.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
  const demands = connectorDemands(provider);
  const parameters = Object.fromEntries(
    Object.entries(provider.parameters ?? {}).map(([name, { example }]) => [name, example]),
  );
  const problemsWith = (issuer: string | null, names: readonly (keyof typeof ADDRESSES)[]) =>
    checkConnector({
      provider: id,
      parameters,
      issuer,
      scopes: [],
      endpoints: Object.fromEntries(names.map((name) => [name, ADDRESSES[name]])),
    }).map(({ key }) => key);

  it('demands what a connector of it cannot do without, and nothing else', () => {
    const issuer = demands.issuer === 'needed' ? 'https://id.example.com' : null;
    expect(problemsWith(issuer, demands.endpoints)).toEqual([]);
    for (const left of demands.endpoints) {
      const rest = demands.endpoints.filter((name) => name !== left);
      expect(problemsWith(issuer, rest)).toEqual([`endpoints.${left}`]);
    }
    if (demands.issuer === 'needed') expect(problemsWith(null, demands.endpoints)).toEqual(['issuer']);
    if (demands.issuer === 'none')
      expect(problemsWith('https://id.example.com', demands.endpoints)).toEqual(['issuer']);
  });

  it('is described in whole sentences', () => {
    for (const quirk of describeQuirks(provider)) expect(quirk).toMatch(/^[A-Z].*[^.]\.$/);
  });
});

it('says what is unusual', () => {
  const quirks = (id: string) => describeQuirks(findProvider(id)!).join('\n');
  expect(quirks('google')).toMatch(/web views[^]*180 days[^]*100 of this client’s/);
  expect(quirks('stripe')).toMatch(/no refresh tokens/);
  expect(quirks('facebook')).toMatch(/traded for a longer one/);
  expect(quirks('oidc')).toMatch(/works once/);
  expect(connectorDemands(findProvider('apple')!).secret).toBe('private-key');
});
