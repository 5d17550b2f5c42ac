import fc from 'fast-check';
import { AddressPolicy, normaliseAddress, type OwnStore, type Purpose } from './address-policy.js';

const EVERYTHING = '0.0.0.0/0, [::]/0, webhook:0.0.0.0/0, webhook:[::]/0, doctor:0.0.0.0/0, doctor:[::]/0';
const refusal = (allow: string, address: string, port = 443, purpose: Purpose = 'upstream', encrypted = true) =>
  new AddressPolicy(allow).refusal(address, port, purpose, encrypted);

describe('without any allowance', () => {
  it.each(['8.8.8.8', '93.184.216.34', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '[2a00:1450:4001::1]'])(
    'the public address %s is open to https and closed to http',
    (address) => {
      expect(refusal('', address)).toBeUndefined();
      expect(refusal('', address, 80, 'upstream', false)).toBe('plain http to a public address');
    },
  );

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['loopback', '::1'],
    ['loopback, in brackets', '[::1]'],
    ['this host', '0.0.0.0'],
    ['this host', '::'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['carrier-grade NAT', '100.127.255.255'],
    ['link-local', '169.254.1.1'],
    ['link-local', 'fe80::1'],
    ['site-local', 'fec0::1'],
    ['unique local', 'fc00::1'],
    ['unique local', 'FD12:3456::1'],
    ['protocol assignments', '192.0.0.8'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.7'],
    ['documentation', '203.0.113.7'],
    ['documentation', '2001:db8::1'],
    ['benchmarks', '198.19.0.1'],
    ['6to4 relay', '192.88.99.1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:1::1'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['discard', '100::1'],
    ['NAT64 of loopback', '64:ff9b::7f00:1'],
    ['NAT64 of a public address', '64:ff9b::808:808'],
    ['local NAT64', '64:ff9b:1::1'],
    ['IPv4-compatible public', '::8.8.8.8'],
    ['IPv4-translated public', '::ffff:0:8.8.8.8'],
    ['documentation', '3fff::1'],
    ['documentation', '3fff:fff::1'],
    ['segment routing', '5f00::1'],
    ['not given out yet', '4000::1'],
    ['not given out yet', 'e000::1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped loopback, in hexadecimal', '::ffff:7f00:1'],
    ['IPv4-mapped loopback, in full', '0:0:0:0:0:FFFF:7F00:0001'],
    ['IPv4-mapped private', '::ffff:10.0.0.1'],
  ])('%s: %s is refused to everybody', (_, address) => {
    for (const purpose of ['upstream', 'webhook', 'doctor'] as const) {
      expect(refusal('', address, 443, purpose)).toBe('not a public address');
    }
  });

  it('an IPv4-mapped public address is what it stands for', () => {
    expect(refusal('', '::ffff:8.8.8.8')).toBeUndefined();
  });
});

describe('whatever is allowed', () => {
  it.each([
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '[::ffff:a9fe:a9fe]',
    '169.254.170.2',
    '169.254.170.23',
    '169.254.42.42',
    '192.0.0.192',
    'fd00:ec2::23',
    'fd00:42::42',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::169.254.169.254',
    '2002:a9fe:a9fe::',
    '2002:a9fe:a9fe:1:2:3:4:5',
    '::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    'fd00:ec2::254',
    'FD00:0EC2:0:0:0:0:0:0254',
    'fd20:ce::254',
  ])('the metadata service at %s stays refused', (address) => {
    for (const purpose of ['upstream', 'webhook', 'doctor'] as const) {
      expect(refusal(EVERYTHING, address, 80, purpose, false)).toBe('a metadata service');
    }
  });

  const stores: OwnStore[] = [
    { address: '127.0.0.1', port: 5432 },
    { address: '10.0.0.5', port: 6379 },
    { address: '[fd00::5]', port: 6380 },
  ];

  it.each([
    ['127.0.0.1', 5432, true],
    ['127.0.0.1', 5433, false],
    ['127.9.9.9', 5432, true],
    ['::1', 5432, true],
    ['::ffff:127.0.0.1', 5432, true],
    ['0.0.0.0', 5432, true],
    ['::', 5432, true],
    ['::ffff:0.0.0.0', 5432, true],
    ['10.0.0.5', 6379, true],
    ['::ffff:10.0.0.5', 6379, true],
    ['10.0.0.5', 5432, false],
    ['10.0.0.6', 6379, false],
    ['127.0.0.1', 6379, false],
    ['fd00::5', 6380, true],
    ['FD00:0::5', 6380, true],
    ['fd00::6', 6380, false],
    ['64:ff9b::10.0.0.5', 6379, true],
    ['2002:a00:5::1', 6379, true],
  ])('our own stores stay refused: %s port %d, %s', (address, port, refused) => {
    const policy = new AddressPolicy(EVERYTHING, stores);
    for (const purpose of ['upstream', 'webhook', 'doctor'] as const) {
      expect(policy.refusal(address, port, purpose, false)).toBe(refused ? 'one of our stores' : undefined);
    }
  });
});

describe('an allowance', () => {
  it.each([
    ['10.0.0.0/8', '10.1.2.3', 80, 'upstream', true],
    ['10.0.0.0/8', '10.1.2.3', 80, 'webhook', false],
    ['10.0.0.0/8', '11.0.0.1', 80, 'upstream', false],
    ['10.0.0.7', '10.0.0.7', 1, 'upstream', true],
    ['10.0.0.7', '10.0.0.8', 1, 'upstream', false],
    ['10.0.0.7:8080', '10.0.0.7', 8080, 'upstream', true],
    ['10.0.0.7:8080', '10.0.0.7', 8081, 'upstream', false],
    ['webhook:10.0.0.0/8:8080', '10.0.0.7', 8080, 'webhook', true],
    ['webhook:10.0.0.0/8:8080', '10.0.0.7', 8080, 'upstream', false],
    ['doctor:127.0.0.1', '127.0.0.1', 80, 'doctor', true],
    ['upstream:127.0.0.1/32', '127.0.0.2', 80, 'upstream', false],
    ['127.0.0.1/32', '::ffff:127.0.0.1', 80, 'upstream', true],
    ['::1', '::1', 80, 'upstream', true],
    ['[::1]', '::1', 80, 'upstream', true],
    ['[::1]/128:4200', '::1', 4200, 'upstream', true],
    ['[::1]:4200', '::1', 4201, 'upstream', false],
    ['doctor:[fd00::]/8', 'fdff::1', 80, 'doctor', true],
    ['fd00::/8', 'fd12::1', 80, 'upstream', true],
    ['fd00::/8', 'fc12::1', 80, 'upstream', false],
    [' 10.0.0.1 , ,192.168.0.0/16, ', '192.168.9.9', 80, 'upstream', true],
    ['0.0.0.0/0', '10.0.0.1', 80, 'upstream', true],
    ['[::]/0', '10.0.0.1', 80, 'upstream', false],
    ['[::ffff:10.0.0.0]/104', '10.9.9.9', 80, 'upstream', true],
    ['[::ffff:10.0.0.0]/104', '11.0.0.1', 80, 'upstream', false],
    ['[64:ff9b::]/96', '64:ff9b::8.8.8.8', 80, 'upstream', true],
    ['[64:ff9b::]/96', '64:ff9b::10.0.0.1', 80, 'upstream', false],
    ['[64:ff9b::]/96', '64:ff9b::127.0.0.1', 80, 'upstream', false],
    ['[64:ff9b::]/96,10.0.0.0/8', '64:ff9b::10.0.0.1', 80, 'upstream', true],
    ['10.0.0.0/8', '64:ff9b::10.0.0.1', 80, 'upstream', false],
    ['[64:ff9b:1::]/48', '64:ff9b:1::10.0.0.1', 80, 'upstream', false],
    ['[2002::]/16', '2002:808:808::1', 80, 'upstream', true],
    ['[2002::]/16', '2002:a00:1::1', 80, 'upstream', false],
    ['[2002::]/16', '2002:7f00:1::1', 80, 'upstream', false],
    ['[::]/96', '::10.0.0.1', 80, 'upstream', false],
    ['[::]/0', 'fe80::1%eth0', 80, 'upstream', false],
    ['0.0.0.0/0,[::]/0', 'localhost', 80, 'upstream', false],
    ['0.0.0.0/0,[::]/0', '0177.0.0.1', 80, 'upstream', false],
  ] as [string, string, number, Purpose, boolean][])(
    '%j opens %s port %d to %s: %s',
    (allow, address, port, purpose, open) => {
      expect(refusal(allow, address, port, purpose, false) === undefined).toBe(open);
    },
  );

  it('opens one address to one port, and nothing beside it', () => {
    const octet = fc.nat(255);
    const address = fc.tuple(octet, octet).map(([a, b]) => `10.0.${a}.${b}`);
    fc.assert(
      fc.property(
        address,
        address,
        fc.integer({ min: 1, max: 65_535 }),
        fc.integer({ min: 1, max: 65_535 }),
        (a, b, p, q) => {
          const open = refusal(`${a}:${p}`, b, q, 'upstream', false) === undefined;
          expect(open).toBe(a === b && p === q);
        },
      ),
    );
  });

  it.each([
    'localhost',
    'example.com:443',
    '10.0.0/8',
    '10.0.0.0/33',
    '10.0.0.256',
    '[::1]/129',
    '[10.0.0.1',
    '10.0.0.1:65536',
    '10.0.0.1:',
    '10.0.0.1:http',
    '10.0.0.1/',
    '10.0.0.1/-1',
    'proxy:10.0.0.1',
    '[::ffff:10.0.0.0]/95',
    '[fe80::1%eth0]',
    'Upstream:10.0.0.1',
    'upstream:',
    'upstream',
    '10.0.0.1;10.0.0.2',
    'https://10.0.0.1',
    '*',
  ])('%j is refused by name', (entry) => {
    expect(() => new AddressPolicy(`127.0.0.1, ${entry}`)).toThrow(`EGRESS_ALLOW: cannot read "${entry}"`);
  });
});

describe('normaliseAddress', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8::0:1', '2001:db8::1'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['::ffff:102:304', '1.2.3.4'],
    ['::1.2.3.4', '::102:304'],
    ['Host.Example', 'host.example'],
  ])('%s becomes %s', (address, normal) => {
    expect(normaliseAddress(address)).toBe(normal);
  });

  it('gives every IPv4 address one name, however it is mapped', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
        const hex = `::ffff:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
        expect([address, `::ffff:${address}`, hex, `[${hex}]`].map(normaliseAddress)).toEqual(Array(4).fill(address));
      }),
    );
  });
});
