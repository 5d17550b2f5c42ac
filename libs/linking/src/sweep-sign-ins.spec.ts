import { asTenantId } from '@linkbroker/contracts';
import { judgeSignIn } from './sweep-sign-ins.js';

const before = new Date('2026-10-01T00:00:00Z');
const LONG_AGO = new Date('2026-09-01T00:00:00Z');
const LATELY = new Date('2026-10-02T00:00:00Z');
const sane = {
  setId: 's',
  tenantId: asTenantId('11111111-1111-4111-8111-111111111111'),
  tenant: 'acme',
  connector: 'home',
  provider: 'google',
  revokeUpstream: 'last-link' as const,
  live: 1,
  superseded: 0,
  endedAt: null,
  issued: 1,
  asked: false,
};

test.each([
  ['of a living link', {}, undefined],
  ['that was not counted', { live: null }, undefined],
  ['whose last grant ended long ago', { live: 0, endedAt: LONG_AGO }, 'unused'],
  ['whose last grant ended lately', { live: 0, endedAt: LATELY }, undefined],
  ['that never had a grant', { live: 0 }, 'unused'],
  ['that nobody needs and is being revoked', { live: 0, endedAt: LONG_AGO, asked: true }, 'asked'],
  ['that the connector keeps', { live: 0, endedAt: LONG_AGO, revokeUpstream: 'never' as const }, 'never'],
  ['with an older grant beside the living one', { live: 2, superseded: 1 }, 'superseded'],
  ['one below the ceiling', { issued: 99 }, undefined],
  ['at the ceiling', { issued: 100 }, 'ceiling'],
  ['at the ceiling that nobody needs', { live: 0, issued: 100, endedAt: LONG_AGO }, 'unused'],
  ['of a provider without a ceiling', { provider: 'oidc', issued: 1_000 }, undefined],
  ['of a provider where each sign-in replaces the last', { provider: 'shopify', issued: 9 }, undefined],
])('a sign-in %s', (_name, change, reason) => {
  expect(judgeSignIn({ ...sane, ...change }, before)).toBe(reason);
});
