import { BlockList, isIP, isIPv6 } from 'node:net';

/** What an outbound request is for; allowances are given per purpose. */
export type Purpose = 'upstream' | 'webhook' | 'doctor';

const PURPOSES: readonly Purpose[] = ['upstream', 'webhook', 'doctor'];

interface Allowance {
  readonly purpose: Purpose;
  readonly addresses: BlockList;
  /** Null allows every port. */
  readonly port: number | null;
}

/** An address and port of ours that nothing may reach through egress. */
export interface OwnStore {
  readonly address: string;
  readonly port: number;
}

/** The cloud metadata services, refused whatever is allowed. */
const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  '100.100.100.200',
  '168.63.129.16',
  'fd00:ec2::254',
  'fd20:ce::254',
];

/** Everything that is not the public internet. @see RFC 6890 and its registries */
const SPECIAL: readonly (readonly [string, number])[] = [
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
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const family = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');

const special = new BlockList();
for (const [address, prefix] of SPECIAL) special.addSubnet(address, prefix, family(address));
const metadata = new BlockList();
for (const address of METADATA) metadata.addAddress(address, family(address));

/** IPv4-mapped IPv6 (`::ffff:a.b.c.d`) is the IPv4 address it stands for. */
export function normaliseAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').toLowerCase();
  if (!isIPv6(bare)) return bare;
  const canonical = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!mapped?.[1] || !mapped[2]) return canonical;
  const high = Number.parseInt(mapped[1], 16);
  const low = Number.parseInt(mapped[2], 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/**
 * Decides which addresses an outbound connection may go to.
 * @see docs/operations.md `EGRESS_ALLOW`
 */
export class AddressPolicy {
  private readonly allowances: readonly Allowance[];

  /**
   * @param allow entries `[purpose:]cidr[:port]`, comma separated; IPv6 in brackets: `[::1]/128:4200`
   * @throws Error naming the entry that cannot be read
   */
  constructor(
    allow: string,
    private readonly ownStores: readonly OwnStore[] = [],
  ) {
    this.allowances = allow
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map(parseAllowance);
  }

  /** Why an address is refused for this purpose, or undefined when it may be used. */
  refusal(address: string, port: number, purpose: Purpose, encrypted: boolean): string | undefined {
    const target = normaliseAddress(address);
    if (metadata.check(target, family(target))) return 'a metadata service';
    if (this.ownStores.some((store) => store.port === port && sameHost(store.address, target)))
      return 'one of our stores';
    const allowed = this.allowances.some(
      (allowance) =>
        allowance.purpose === purpose &&
        (allowance.port === null || allowance.port === port) &&
        allowance.addresses.check(target, family(target)),
    );
    if (allowed) return undefined;
    if (special.check(target, family(target))) return 'not a public address';
    return encrypted ? undefined : 'plain http to a public address';
  }
}

/** Where a connection ends on this machine: loopback, and the unspecified address, which systems take for it. */
const thisMachine = new BlockList();
thisMachine.addSubnet('127.0.0.0', 8, 'ipv4');
thisMachine.addAddress('0.0.0.0', 'ipv4');
thisMachine.addSubnet('::', 127, 'ipv6');

function sameHost(store: string, target: string): boolean {
  const ours = normaliseAddress(store);
  return ours === target || (thisMachine.check(ours, family(ours)) && thisMachine.check(target, family(target)));
}

function parseAllowance(entry: string): Allowance {
  const match =
    /^(?:([a-z]+):(?=[[0-9a-f]))?(\[[0-9a-fA-F:.]+\]|[0-9.]+|[0-9a-fA-F:]+(?=\/|$))(?:\/(\d{1,3}))?(?::(\d{1,5}))?$/.exec(
      entry,
    );
  const [, purposeText = 'upstream', addressText = '', prefixText, portText] = match ?? [];
  const address = addressText.replace(/^\[|\]$/g, '');
  const purpose = PURPOSES.find((known) => known === purposeText);
  const bits = isIPv6(address) ? 128 : 32;
  const prefix = prefixText === undefined ? bits : Number(prefixText);
  if (!purpose || isIP(address) === 0 || prefix > bits || Number(portText ?? 0) > 65_535) {
    throw new Error(`EGRESS_ALLOW: cannot read "${entry}"; write [purpose:]cidr[:port], IPv6 in brackets`);
  }
  const addresses = new BlockList();
  addresses.addSubnet(address, prefix, family(address));
  return { purpose, addresses, port: portText === undefined ? null : Number(portText) };
}
