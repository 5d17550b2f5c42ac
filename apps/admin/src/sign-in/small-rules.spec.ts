import { addressPrefix } from './address-prefix.js';
import { agentName } from './agent-name.js';
import { readSessionSecret } from './session-cookie.js';

test.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:0db8:0001::6', '2001:db8:1::/48'],
  ['2001:db8::1', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['nowhere', undefined],
])('the network of %s is %s', (address, prefix) => {
  expect(addressPrefix(address)).toBe(prefix);
});

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1',
    'Safari on iPhone',
  ],
  ['curl/8.9.1', 'curl'],
  ['', 'unknown program'],
  [undefined, 'unknown program'],
])('%s is %s', (userAgent, name) => {
  expect(agentName(userAgent)).toBe(name);
});

const SECRET = 'A'.repeat(43);
test.each([
  [`__Host-linkbroker_admin=${SECRET}`, SECRET],
  [`a=b; __Host-linkbroker_admin=${SECRET}; c=d`, SECRET],
  [`linkbroker_admin=${SECRET}`, undefined],
  [`__Host-linkbroker_admin=${SECRET}A`, undefined],
  ['__Host-linkbroker_admin=', undefined],
  ['', undefined],
  [undefined, undefined],
])('of the cookies %s the session is %s', (cookies, secret) => {
  expect(readSessionSecret(cookies)).toBe(secret);
});
