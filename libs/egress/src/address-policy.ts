import { BlockList, isIP, isIPv6 } from 'node:net';
import { carriedIpv4, isMetadataAddress, isSpecial } from './special-addresses.js';

/** What an outbound request is for; allowances are given per purpose. */
export type Purpose = 'upstream' | 'webhook' | 'doctor';

const PURPOSES: readonly Purpose[] = ['upstream', 'webhook', 'doctor'];

interface Allowance {
  readonly purpose: Purpose;
  readonly family: 'ipv4' | 'ipv6';
  readonly addresses: BlockList;
  /** Null allows every port. */
  readonly port: number | null;
}

/** An address and port of ours that nothing may reach through egress. */
export interface OwnStore {
  readonly address: string;
  readonly port: number;
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** An address in one spelling. IPv4-mapped IPv6 (`::ffff:a.b.c.d`) is the IPv4 address it stands for. */
export function normaliseAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').toLowerCase();
  // No URL can hold a zone id; the policy refuses it.
  if (!isIPv6(bare) || bare.includes('%')) return bare;
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

  /**
   * Why an address is refused for this purpose, or undefined when it may be used. An IPv6 address that carries an IPv4
   * one (NAT64, 6to4) is judged by both, so that allowing the prefix does not open what lies behind it.
   */
  refusal(address: string, port: number, purpose: Purpose, encrypted: boolean): string | undefined {
    const target = normaliseAddress(address);
    if (isIP(target) === 0) return 'not an address';
    if (target.includes('%')) return 'an address with a zone';
    const carried = carriedIpv4(target);
    return (
      this.forbidden(target, port) ??
      (carried && (this.forbidden(carried, port) ?? this.closed(carried, port, purpose, true))) ??
      this.closed(target, port, purpose, encrypted)
    );
  }

  /** What no allowance opens. */
  private forbidden(target: string, port: number): string | undefined {
    if (isMetadataAddress(target)) return 'a metadata service';
    const ours = this.ownStores.some((store) => store.port === port && sameHost(store.address, target));
    return ours ? 'one of our stores' : undefined;
  }

  /** What is closed unless it is allowed. */
  private closed(target: string, port: number, purpose: Purpose, encrypted: boolean): string | undefined {
    const family = familyOf(target);
    const allowed = this.allowances.some(
      (allowance) =>
        allowance.purpose === purpose &&
        allowance.family === family &&
        (allowance.port === null || allowance.port === port) &&
        allowance.addresses.check(target, family),
    );
    if (allowed) return undefined;
    if (isSpecial(target)) return 'not a public address';
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
  return ours === target || (thisMachine.check(ours, familyOf(ours)) && thisMachine.check(target, familyOf(target)));
}

const ENTRY =
  /^(?:([a-z]+):(?=[[0-9a-f]))?(\[[0-9a-fA-F:.]+\]|[0-9.]+|[0-9a-fA-F:]+(?=\/|$))(?:\/(\d{1,3}))?(?::(\d{1,5}))?$/;

function parseAllowance(entry: string): Allowance {
  const [, purposeText = 'upstream', address = '', prefix, port = null] = ENTRY.exec(entry) ?? [];
  const purpose = PURPOSES.find((known) => known === purposeText);
  const network = parseNetwork(address.replace(/^\[|\]$/g, ''), prefix);
  if (!purpose || !network || Number(port) > 65_535) {
    throw new Error(`EGRESS_ALLOW: cannot read "${entry}"; write [purpose:]cidr[:port], IPv6 in brackets`);
  }
  return { purpose, ...network, port: port === null ? null : Number(port) };
}

function parseNetwork(written: string, prefixText?: string): Pick<Allowance, 'family' | 'addresses'> | undefined {
  if (isIP(written) === 0) return undefined;
  const address = normaliseAddress(written);
  const family = familyOf(address);
  const bits = isIPv6(written) ? 128 : 32;
  const asked = prefixText === undefined ? bits : Number(prefixText);
  // An IPv4-mapped network is the IPv4 network it stands for.
  const prefix = bits === 128 && family === 'ipv4' ? asked - 96 : asked;
  if (asked > bits || prefix < 0) return undefined;
  const addresses = new BlockList();
  addresses.addSubnet(address, prefix, family);
  return { family, addresses };
}
