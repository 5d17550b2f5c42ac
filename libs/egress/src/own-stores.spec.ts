import { AddressPolicy } from './address-policy.js';
import { ownStores } from './own-stores.js';

test('a store named by host is out of reach at every address behind the name, whatever is allowed', async () => {
  const stores = await ownStores(['postgres://app:pw@localhost/db', 'redis://127.0.0.1:6380/0']);
  const policy = new AddressPolicy('0.0.0.0/0,[::]/0', stores);
  for (const [address, port] of [
    ['127.0.0.1', 5432],
    ['::1', 5432],
    ['127.0.0.2', 6380],
  ] as const) {
    expect(policy.refusal(address, port, 'upstream', false)).toBe('one of our stores');
  }
  expect(policy.refusal('127.0.0.1', 4200, 'upstream', false)).toBeUndefined();
});
