import type { SentSession } from '@linkbroker/contracts/api';
import { takeToken } from './take-token.js';
import { keepWayBack, takeWayBack, wayBack } from './way-back.js';
import { takeProviderReturn } from './provider-return.js';
import { accessOf } from './access-of.js';

test.each([
  ['/t/acme/links?state=dead', '/t/acme/links?state=dead'],
  ['/account', '/account'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/sign-in?back=%2Fsign-in', '/'],
  ['/welcome', '/'],
  [`/${'x'.repeat(600)}`, '/'],
  [undefined, '/'],
  [7, '/'],
])('from %s one goes on to %s', (back, way) => {
  expect(wayBack(back)).toBe(way);
});

test('where somebody was is kept while they are at a provider, and told once', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  keepWayBack('/t/acme/links', storage);
  expect([takeWayBack(storage), takeWayBack(storage)]).toEqual(['/t/acme/links', undefined]);
  keepWayBack('/t/acme/links', storage);
  keepWayBack(undefined, storage);
  expect(takeWayBack(storage)).toBeUndefined();
});

test('a one-time token is taken out of the address, once', () => {
  const seen: unknown[] = [];
  const history = { replaceState: (...entry: unknown[]) => void seen.push(entry) };
  expect(takeToken({ hash: '#token=abc', pathname: '/welcome' }, history)).toBe('abc');
  expect(seen).toEqual([[null, '', '/welcome']]);
  expect(takeToken({ hash: '', pathname: '/welcome' }, history)).toBeUndefined();
  expect(seen).toHaveLength(1);
});

test('what a provider sent back is taken out of the address, on its own page only', () => {
  const seen: unknown[] = [];
  const place = { pathname: '/sign-in/callback', search: '?code=abc&state=def' };
  const history = {
    replaceState: (...entry: unknown[]) => {
      seen.push(entry);
      place.search = '';
    },
  };
  expect(takeProviderReturn(place, history)).toBe('code=abc&state=def');
  expect(seen).toEqual([[null, '', '/sign-in/callback']]);
  expect(takeProviderReturn({ ...place, search: '' }, history)).toBeUndefined();
  expect(takeProviderReturn({ ...place, pathname: '/t/acme/links' }, history)).toBeUndefined();
  expect(seen).toHaveLength(1);
});

const session = (change: Partial<SentSession>): SentSession => ({
  stage: 'signed-in',
  account: {
    id: '2f1c9a3e-0d5b-4c59-9e1a-8a4c8f6b7d10',
    displayName: 'Ada',
    login: 'ada@example.com',
    operator: false,
  },
  tenants: [{ slug: 'acme', name: 'Acme', role: 'support' }],
  csrf: 'x',
  secondFactorAt: null,
  factors: null,
  ...change,
});

test('a role may what it may, in its own tenant', () => {
  const own = accessOf(session({}), 'acme');
  expect([own.role, own.may('links.repair'), own.may('links.revoke')]).toEqual(['support', true, false]);
  expect(accessOf(session({}), 'other').may('links.read')).toBe(false);
});

test('an operator may everything, once a second factor was presented', () => {
  const account = { ...session({}).account!, operator: true };
  expect(accessOf(session({ account }), 'other').may('links.revoke')).toBe(false);
  expect(accessOf(session({ account, secondFactorAt: '2026-01-01T00:00:00Z' }), 'other').may('links.revoke')).toBe(
    true,
  );
});
