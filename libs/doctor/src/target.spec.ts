import { isLoopback, namedHosts, parseTarget, UnusableTarget } from './target.js';

const RIGHT = {
  authorizeUrl: 'https://id.example.com/authorize',
  tokenUrl: 'https://api.example.com:8443/token',
  clientId: 'alexa',
  clientSecret: 'the-secret',
  scheme: 'HTTP_BASIC',
  redirectUri: 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
  scope: '',
  login: [{ click: 'button' }],
};
const parse = (change: Record<string, unknown>) => parseTarget(JSON.stringify({ ...RIGHT, ...change }));

test('steps, a command, and a list with a command are read', () => {
  const steps = [{ fill: '#user', value: 'alice' }, { click: 'button' }, { waitFor: '.done' }];
  expect(parse({ login: steps }).login).toEqual({ steps });
  for (const login of [{ command: ['./login', '-x'] }, [{ command: ['./login', '-x'] }]]) {
    expect(parse({ login }).login).toEqual({ command: ['./login', '-x'] });
  }
});

test.each<[Record<string, unknown>, string]>([
  [{ scheme: 'private_key_jwt' }, 'scheme'],
  [{ clientSecret: undefined }, 'clientSecret'],
  [{ redirectUrl: 'x' }, 'unknown redirectUrl'],
  [{ tokenUrl: 'ftp://example.com/' }, 'tokenUrl'],
  [{ tokenUrl: 'https://user:password@example.com/' }, 'tokenUrl'],
  [{ authorizeUrl: 'https://example.com/#a' }, 'authorizeUrl'],
  [{ login: [] }, 'login'],
  [{ login: [{ click: 'a', waitFor: 'b' }] }, 'login'],
  [{ login: [{ click: 'a' }, { command: ['x'] }] }, 'login'],
  [{ domains: 'example.com' }, 'domains'],
])('%j is refused by name, and no value is shown', (change, name) => {
  expect(() => parse(change)).toThrow(UnusableTarget);
  expect(() => parse(change)).toThrow(name);
  expect(() => parse(change)).not.toThrow(/the-secret|password/);
});

test('what is no JSON is not quoted', () => {
  expect(() => parseTarget('{"clientSecret":"the-secret",')).toThrow(/^the target is not JSON$/);
});

test('hosts are those of the addresses and the domain list', () => {
  const target = parse({ domains: ['CDN.example.com', '*.example.org', 'a, EXCLUDE *'] });
  expect([...namedHosts(target)]).toEqual(['id.example.com', 'api.example.com', 'cdn.example.com']);
});

test.each(['http://localhost:4000/', 'http://127.0.0.1/', 'http://[::1]:80/', 'https://id.localhost/'])(
  '%s is on this machine',
  (address) => expect(isLoopback(address)).toBe(true),
);
test.each(['https://localhost.example.com/', 'https://127.example.com/', 'https://10.0.0.1/'])('%s is not', (address) =>
  expect(isLoopback(address)).toBe(false),
);
