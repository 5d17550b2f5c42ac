import { CookieJar } from './cookie-jar.js';

let now: number;
let jar: CookieJar;

beforeEach(() => {
  now = 1_000_000;
  jar = new CookieJar(() => now);
});

const local = 'http://localhost:4000/link/x';

it('keeps secure and host cookies on loopback, for every port, and sends them nowhere else', () => {
  jar.store(local, ['__Host-a=1; Path=/; Secure; HttpOnly; SameSite=Lax', 'b=2; Secure; Path=/']);
  expect(jar.header('http://localhost:4200/')).toBe('__Host-a=1; b=2');
  expect(jar.header('http://127.0.0.1:4000/')).toBeUndefined();
});

it.each([
  ['__Host-a=1; Secure', 'no path'],
  ['__Host-a=1; Path=/', 'not secure'],
  ['__Host-a=1; Path=/link; Secure', 'another path'],
  ['__Host-a=1; Path=/; Secure; Domain=localhost', 'a domain'],
  ['__Secure-a=1; Path=/', 'not secure'],
  ['=1', 'no name'],
])('drops %s (%s)', (cookie) => {
  jar.store(local, [cookie]);
  expect(jar.header(local)).toBeUndefined();
});

it('drops secure cookies from plain http elsewhere', () => {
  jar.store('http://example.com/', ['a=1; Secure', 'b=2']);
  expect(jar.header('http://example.com/')).toBe('b=2');
});

it('matches paths by segment, the longest first', () => {
  jar.store(local, ['deep=1; Path=/link', 'root=2; Path=/', 'default=3']);
  expect(jar.header('http://localhost/link')).toBe('deep=1; default=3; root=2');
  expect(jar.header('http://localhost/linked')).toBe('root=2');
});

it('replaces, expires and deletes', () => {
  jar.store(local, [
    'a=1; Path=/; Max-Age=10',
    'b=1; Path=/; Expires=Thu, 01 Jan 1970 00:20:00 GMT',
    'a=x=y; Path=/; Max-Age=10',
  ]);
  expect(jar.header(local)).toBe('b=1; a=x=y');
  now += 10_000;
  expect(jar.header(local)).toBe('b=1');
  jar.store(local, ['b=; Path=/; Max-Age=0']);
  expect(jar.header(local)).toBeUndefined();
});
