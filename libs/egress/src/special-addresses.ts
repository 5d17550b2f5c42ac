import { BlockList, isIPv6 } from 'node:net';

type Network = readonly [address: string, prefix: number];

/** Where clouds hand out credentials: Amazon (with ECS and EKS), Alibaba, Azure, Google, Oracle, Scaleway. */
const METADATA = [
  '100.100.100.200',
  '168.63.129.16',
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '169.254.42.42',
  '192.0.0.192',
  'fd00:42::42',
  'fd00:ec2::23',
  'fd00:ec2::254',
  'fd20:ce::254',
];

/** What of IPv4 is not the public internet. @see RFC 6890 and the registry it started */
const SPECIAL_V4: readonly Network[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/**
 * What of IPv6 is not: everything beside 2000::/3 (so also unspecified, loopback, IPv4-compatible, NAT64, segment
 * routing, unique local, link-local, multicast), and in it Teredo and its neighbours, documentation, 6to4.
 * @see RFC 4291 2.4, RFC 6890, RFC 9637
 */
const SPECIAL_V6: readonly Network[] = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

/** Where an IPv6 address carries an IPv4 one: the network, and the first of the four octets. */
const CARRIERS: readonly (readonly [BlockList, number])[] = (
  [
    ['::', 96, 12],
    ['::ffff:0:0:0', 96, 12],
    ['64:ff9b::', 96, 12],
    ['64:ff9b:1::', 48, 12],
    ['2002::', 16, 2],
  ] as const
).map(([address, prefix, octet]) => [networks([[address, prefix]], 'ipv6'), octet]);

const specialV4 = networks(SPECIAL_V4, 'ipv4');
const specialV6 = networks(SPECIAL_V6, 'ipv6');
const metadata = new BlockList();
for (const address of METADATA) metadata.addAddress(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** Whether an address, in its normal form, is not on the public internet. */
export function isSpecial(address: string): boolean {
  // A list of its own per family: a list takes an IPv4 address for its mapped form, which is inside ::/3.
  return isIPv6(address) ? specialV6.check(address, 'ipv6') : specialV4.check(address, 'ipv4');
}

/** Whether a cloud's metadata service has this address, in its normal form. */
export function isMetadataAddress(address: string): boolean {
  return metadata.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Whether a cloud's metadata service has this name, wherever it leads; in lower case, without a dot at its end. */
export function isMetadataName(host: string): boolean {
  return /^(?:metadata|metadata\.goog|metadata\.google\.internal|instance-data(?:\..+)?)$/.test(host);
}

/**
 * The IPv4 address that a translator or tunnel would send an IPv6 address to: IPv4-compatible, IPv4-translated, NAT64
 * (the local-use prefix with its default length), 6to4.
 * @see RFC 6052 2.2, RFC 8215, RFC 3056 2
 */
export function carriedIpv4(address: string): string | undefined {
  // Unspecified and loopback are no IPv4-compatible addresses. @see RFC 4291 2.5.5.1
  if (!isIPv6(address) || address === '::' || address === '::1') return undefined;
  const carrier = CARRIERS.find(([network]) => network.check(address, 'ipv6'));
  return (
    carrier &&
    octetsOf(address)
      .slice(carrier[1], carrier[1] + 4)
      .join('.')
  );
}

/** The sixteen octets of an IPv6 address in its normal form, which has no dotted end. */
function octetsOf(address: string): number[] {
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [groups(head), groups(tail)];
  const gap = Array<number>(8 - before.length - after.length).fill(0);
  return [...before, ...gap, ...after].flatMap((group) => [group >> 8, group & 255]);
}

function networks(entries: readonly Network[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of entries) list.addSubnet(address, prefix, family);
  return list;
}
