import { eventually } from '@linkbroker/testing';
import { closeAll, get, serve, way } from '../test/world.js';
import { AddressPolicy } from './address-policy.js';
import { EgressRefused } from './egress-refused.js';
import { Egress } from './egress.js';

afterEach(closeAll);

/** A server on loopback that must not be reached. */
const inside = () => serve((_, response) => response.end('inside'));
const everything = '0.0.0.0/0,[::]/0';

describe('loopback, however it is written', () => {
  const SPELLINGS = [
    '127.0.0.1',
    '127.0.0.1.',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0X7F.0.0.1',
    '017700000001',
    '0177.0.0.1',
    '0177.0.0.01',
    '127.1',
    '127.0.1',
    '0',
    '0.0.0.0',
    '%31%32%37.0.0.1',
    '127.0.0%2e1',
    '１２７.０.０.１',
    '127。0。0。1',
    '①②⑦.⓪.⓪.①',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::FFFF:7F00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    'localhost',
    'LOCALHOST',
    'loc%61lhost',
    'ｌｏｃａｌｈｏｓｔ',
  ];

  it.each(SPELLINGS)('%s is refused unless it is allowed', async (host) => {
    const { port, seen } = await inside();
    const url = `http://${host}:${port}/`;
    await expect(way('').send(get(url))).rejects.toThrow(/is not a public address$/);
    await expect(way('10.0.0.0/8').send(get(url))).rejects.toThrow(EgressRefused);
    await expect(way('webhook:127.0.0.0/8').send(get(url))).rejects.toThrow(EgressRefused);
    expect(seen).toHaveLength(0);
    const allowed = await way('127.0.0.0/8,0.0.0.0').send(get(url));
    expect([allowed.body, seen.length]).toEqual(['inside', 1]);
  });
});

describe('an address that is none', () => {
  it.each([
    ['credentials', 'http://user:hunter2@127.0.0.1/'],
    ['a user', 'http://user@127.0.0.1/'],
    ['a password', 'http://:hunter2@127.0.0.1/'],
    ['another scheme', 'ftp://127.0.0.1/'],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:text/plain,x'],
    ['gopher', 'gopher://127.0.0.1:6379/_FLUSHALL'],
    ['no address', 'not an address'],
    ['a path', '/token'],
    ['no host', 'http://'],
    ['port 0', 'http://127.0.0.1:0/'],
    ['a port that is none', 'http://127.0.0.1:65536/'],
    ['an empty label', 'http://a..example.com/'],
    ['an empty first label', 'http://.example.com/'],
    ['two dots at the end', 'http://localhost../'],
    ['nothing but a dot', 'http://./'],
    ['a label beyond what DNS holds', `http://${'a'.repeat(64)}.example.com/`],
    ['a name beyond what DNS holds', `http://${'a.'.repeat(127)}example.com/`],
    ['a number beyond IPv4', 'http://4294967296/'],
    ['an octet beyond IPv4', 'http://127.0.0.256/'],
    ['a zone id', 'http://[fe80::1%25eth0]/'],
    ['a bare zone id', 'http://[fe80::1%eth0]/'],
    ['a percent-encoded slash', 'http://127.0.0.1%2f@example.com/'],
    ['a percent-encoded NUL', 'http://localhost%00.example.com/'],
  ])('(%s) is refused, and nothing of it but the host is told', async (_, url) => {
    const attempt = way(everything).send(get(url));
    await expect(attempt).rejects.toThrow(EgressRefused);
    await expect(attempt).rejects.not.toThrow('hunter2');
  });
});

describe('what is never reached, whatever is allowed', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://169.254.43518/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[fd00:ec2::254]/',
    'http://metadata.google.internal/computeMetadata/v1/',
    'http://METADATA.google.internal./',
    'http://metadata/',
    'http://metadata.goog/',
    'http://instance-data/latest/',
    'http://instance-data.ec2.internal/',
  ])('the metadata service as %s', async (url) => {
    const asked: string[] = [];
    const resolve = (host: string) => {
      asked.push(host);
      return Promise.resolve(['127.0.0.1']);
    };
    await expect(way(everything, { resolve }).send(get(url))).rejects.toThrow(/is a metadata service$/);
    expect(asked).toEqual([]);
  });

  it('the metadata service behind a name', async () => {
    const resolve = () => Promise.resolve(['169.254.169.254']);
    const attempt = way(everything, { resolve }).send(get('http://id.example.com/'));
    await expect(attempt).rejects.toThrow('id.example.com:80 is a metadata service');
  });

  it.each(['127.0.0.1', '0.0.0.0', '[::ffff:127.0.0.1]', 'localhost', '2130706433'])(
    'our own stores as %s',
    async (host) => {
      const { port, seen } = await inside();
      const egress = new Egress(new AddressPolicy(everything, [{ address: '127.0.0.1', port }]));
      await expect(egress.send(get(`http://${host}:${port}/`))).rejects.toThrow('one of our stores');
      expect(seen).toHaveLength(0);
      await egress.close();
    },
  );
});

describe('a name', () => {
  it.each([
    ['loopback', '127.0.0.1'],
    ['a private address', '10.0.0.1'],
    ['a link-local address', '169.254.1.1'],
    ['a link-local address with its zone', 'fe80::1%eth0'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['NAT64 of a private address', '64:ff9b::a00:1'],
    ['something that is no address', 'localhost'],
  ])('that leads to %s is refused, with a dot at its end too', async (_, address) => {
    const egress = way('', { resolve: () => Promise.resolve([address]) });
    for (const name of ['id.example.com', 'id.example.com.', 'localhost.']) {
      await expect(egress.send(get(`https://${name}/`))).rejects.toThrow(EgressRefused);
    }
  });

  it('that leads nowhere is refused', async () => {
    const egress = way('', { resolve: () => Promise.resolve([]) });
    await expect(egress.send(get('https://id.example.com/'))).rejects.toThrow('is without an address');
  });

  it('with an allowed address among others goes to that one', async () => {
    const { port } = await inside();
    const egress = way('127.0.0.1', { resolve: () => Promise.resolve(['10.0.0.1', '169.254.169.254', '127.0.0.1']) });
    expect((await egress.send(get(`http://id.example.com:${port}/`))).body).toBe('inside');
  });
});

describe('a name that changes its mind', () => {
  /** Answers in turn, and counts. */
  const rebinding = (...answers: string[][]) => {
    const asked: string[] = [];
    const resolve = (host: string) => {
      asked.push(host);
      return Promise.resolve(answers[asked.length - 1] ?? []);
    };
    return { asked, resolve };
  };

  it('is asked once: the address that was checked is the one connected to', async () => {
    const { port, seen } = await inside();
    // Nobody listens at the first. Whoever asked again to connect would arrive inside.
    const { asked, resolve } = rebinding(['127.0.0.77'], ['127.0.0.1']);
    const egress = way('127.0.0.77/32', { resolve });
    const attempt = egress.send(get(`http://id.example.com:${port}/`, { deadline: performance.now() + 2_000 }));
    await expect(attempt).rejects.toMatchObject({ name: 'EgressFailed', sent: false });
    expect([asked.length, seen.length]).toEqual([1, 0]);
    await expect(egress.send(get(`http://id.example.com:${port}/`))).rejects.toThrow('is not a public address');
    expect([asked.length, seen.length]).toEqual([2, 0]);
  });

  it('is judged again for the next connection', async () => {
    const { port, seen, server } = await inside();
    const { asked, resolve } = rebinding(['127.0.0.1'], ['0.0.0.0']);
    const egress = way('127.0.0.1/32', { resolve });
    const url = `http://id.example.com:${port}/`;
    expect((await egress.send(get(url))).body).toBe('inside');
    expect(asked).toHaveLength(1);
    server.closeAllConnections();
    // 0.0.0.0 is the same machine to the system, and not what was allowed.
    await eventually('the connection to be closed', () => seen[0]?.socket.destroyed === true);
    await expect(egress.send(get(url))).rejects.toThrow(EgressRefused);
    expect(seen).toHaveLength(1);
  });
});

it.each([301, 302, 303, 307, 308])('a redirect (%d) to inside is handed back', async (status) => {
  const target = await inside();
  const { url } = await serve((_, response) => response.writeHead(status, { location: target.url }).end());
  const answer = await way().send(get(url));
  expect(answer).toEqual({ status, contentType: '', body: '' });
  expect(target.seen).toHaveLength(0);
});

describe('a purpose', () => {
  it('without an allowance does not profit from another one, not even from its open connection', async () => {
    const { url, seen } = await inside();
    const egress = way('upstream:127.0.0.0/8');
    await egress.send(get(url));
    await expect(egress.send(get(url, { purpose: 'webhook' }))).rejects.toThrow(EgressRefused);
    await expect(egress.send(get(url, { purpose: 'doctor' }))).rejects.toThrow(EgressRefused);
    expect(seen).toHaveLength(1);
  });
});

it('plain http to a public address is refused', async () => {
  await expect(way().send(get('http://8.8.8.8/'))).rejects.toThrow('plain http to a public address');
});

it('a name server that hangs ends with the deadline, and is asked once for all who wait', async () => {
  const asked: string[] = [];
  const resolve = (host: string) => {
    asked.push(host);
    return new Promise<string[]>(() => undefined);
  };
  const egress = way('', { resolve });
  const url = 'https://id.example.com/';
  const attempts = [1, 2, 3].map(() => egress.send(get(url, { deadline: performance.now() + 50 })));
  const rejected = { status: 'rejected', reason: { name: 'EgressFailed', sent: false } };
  expect(await Promise.allSettled(attempts)).toMatchObject([rejected, rejected, rejected]);
  expect(asked).toEqual(['id.example.com']);
});
