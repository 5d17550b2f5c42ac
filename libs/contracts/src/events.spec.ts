import fc from 'fast-check';
import { eventPayload, readSigningSecret } from './events.js';

describe('readSigningSecret', () => {
  it('reads any key of 24 to 64 octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), (octets) => {
        const key = Buffer.from(octets);
        expect(readSigningSecret(`whsec_${key.toString('base64')}`)?.equals(key)).toBe(true);
      }),
    );
  });

  it.each([
    [''],
    ['whsec_'],
    [Buffer.alloc(32, 1).toString('base64')],
    [`whsec_${Buffer.alloc(23, 1).toString('base64')}`],
    [`whsec_${Buffer.alloc(65, 1).toString('base64')}`],
    [`whsec_${Buffer.alloc(32, 255).toString('base64url')}`],
    [`whsec_${Buffer.alloc(32, 1).toString('base64').replace('=', '')}`],
    [`whsec_${Buffer.alloc(32, 1).toString('base64').replace('E=', 'F=')}`],
    [` whsec_${Buffer.alloc(32, 1).toString('base64')}`],
    [`whsk_${Buffer.alloc(32, 1).toString('base64')}`],
  ])('does not read %j', (text) => {
    expect(readSigningSecret(text)).toBeUndefined();
  });
});

it('a payload has no room for anything that is not listed', () => {
  const data = { tenant: 'acme', skill: 'lights', connector: 'home' };
  const payload = { type: 'connector.misconfigured', timestamp: '2026-11-22T12:00:00.000Z', data };
  expect(eventPayload.parse(payload)).toEqual(payload);
  expect(eventPayload.safeParse({ ...payload, data: { ...data, email: 'a@example.com' } }).success).toBe(false);
  expect(eventPayload.safeParse({ ...payload, type: 'link.told' }).success).toBe(false);
});
