import { eventually, noteSecret } from '@linkbroker/testing';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { createServer as createHttpsServer } from 'node:https';
import { SELF_SIGNED } from '../test/self-signed.js';
import { closeAll, closeLater, serve, serveRaw } from '../test/world.js';
import { AddressPolicy } from './address-policy.js';
import { ForwardProxy, type ForwardProxyOptions } from './forward-proxy.js';

afterEach(closeAll);

const EVERYTHING = 'doctor:127.0.0.0/8, doctor:[::1]/128, doctor:169.254.0.0/16, doctor:10.0.0.0/8';

async function start(change: Partial<ForwardProxyOptions> = {}): Promise<ForwardProxy> {
  const proxy = await ForwardProxy.start({
    policy: new AddressPolicy(EVERYTHING),
    purpose: 'doctor',
    hosts: new Set(['localhost', '127.0.0.1', 'id.example.com']),
    ...change,
  });
  closeLater(() => proxy.close());
  noteSecret('proxy credential', proxy.credential);
  return proxy;
}

interface Asked {
  readonly status: number;
  readonly reason: string | undefined;
  readonly socket: Socket;
}

const basic = (credential: string): string => `Basic ${Buffer.from(credential).toString('base64')}`;

/** CONNECT, as a client does it. */
async function tunnel(proxy: ForwardProxy, authority: string, credential = proxy.credential): Promise<Asked> {
  const headers = { 'Proxy-Authorization': basic(credential) };
  const asked = httpRequest({ port: proxy.port, method: 'CONNECT', path: authority, headers, agent: false });
  asked.end();
  const [answer, socket] = (await once(asked, 'connect')) as [IncomingMessage, Socket];
  socket.on('error', () => undefined);
  closeLater(() => Promise.resolve(socket.destroy()));
  return { status: answer.statusCode ?? 0, reason: answer.headers['x-reason'] as string | undefined, socket };
}

/** A plain request through the proxy. */
async function plain(proxy: ForwardProxy, url: string, options: { credential?: string; body?: string } = {}) {
  const headers = { 'Proxy-Authorization': basic(options.credential ?? proxy.credential), 'X-Kept': 'yes' };
  const method = options.body === undefined ? 'GET' : 'POST';
  const asked = httpRequest({ port: proxy.port, method, path: url, headers, agent: false });
  asked.end(options.body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  const { statusCode: status, headers: got } = answer;
  return { status, reason: got['x-reason'], headers: got, body: Buffer.concat(chunks).toString() };
}

describe('what is let through', () => {
  test('a tunnel, with TLS of the two ends', async () => {
    const server = createHttpsServer({ ...SELF_SIGNED });
    const { port, seen } = await serve((_, response) => response.end('hello'), server);
    const { status, socket } = await tunnel(await start(), `localhost:${String(port)}`);
    expect(status).toBe(200);
    const secure = tlsConnect({ socket, servername: 'localhost', ca: SELF_SIGNED.cert });
    secure.end('GET /page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    let text = '';
    secure.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await once(secure, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 200 [^]*hello/);
    expect(seen.map(({ url }) => url)).toEqual(['/page']);
  });

  test('a plain request, without what was for the proxy', async () => {
    const { port, seen } = await serve((request, response) => {
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      request.pipe(response.writeHead(201));
    });
    const answer = await plain(await start(), `http://localhost:${String(port)}/a?b=c`, { body: 'body' });
    expect(answer).toMatchObject({ status: 201, body: 'body' });
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(seen[0]).toMatchObject({ url: '/a?b=c', method: 'POST' });
    expect(seen[0]?.headers).toMatchObject({ host: `localhost:${String(port)}`, 'x-kept': 'yes' });
    expect(seen[0]?.headers).not.toHaveProperty('proxy-authorization');
  });
});

describe('what is refused', () => {
  test('everything without the credential of this proxy', async () => {
    const { port, seen } = await serve((_, response) => response.end());
    const [proxy, other] = [await start(), await start()];
    for (const credential of ['run:wrong', '', other.credential]) {
      expect((await tunnel(proxy, `localhost:${String(port)}`, credential)).status).toBe(407);
      expect((await plain(proxy, `http://localhost:${String(port)}/`, { credential })).status).toBe(407);
    }
    expect(seen).toEqual([]);
  });

  test.each([
    ['a host that nobody named', 'evil.example.com:443', 403, /not one of the hosts/],
    ['an address that nobody named', '127.0.0.2:443', 403, /not one of the hosts/],
    ['no port', 'localhost', 403, /not a host and a port/],
    ['port 0', 'localhost:0', 403, /port 0/],
    ['credentials', 'a@localhost:443', 403, /not a host and a port/],
  ])('%s', async (_, authority, status, reason) => {
    const asked = await tunnel(await start(), authority);
    expect([asked.status, asked.reason]).toEqual([status, expect.stringMatching(reason)]);
  });

  test.each([
    ['the metadata service', '169.254.169.254', 'a metadata service'],
    ['a private address that is not allowed', '192.168.0.1', 'not a public address'],
  ])('%s, behind a name that was named', async (_, address, reason) => {
    const proxy = await start({ resolve: () => Promise.resolve([address]) });
    expect(await tunnel(proxy, 'id.example.com:443')).toMatchObject({
      status: 403,
      reason: expect.stringMatching(reason) as unknown,
    });
    expect(await plain(proxy, 'http://id.example.com/')).toMatchObject({ status: 403 });
  });

  test('our own stores, whatever is allowed', async () => {
    const { port, lines } = await serveRaw(() => undefined);
    const policy = new AddressPolicy(EVERYTHING, [{ address: '127.0.0.1', port }]);
    const proxy = await start({ policy });
    for (const host of ['localhost', '127.0.0.1']) {
      expect(await tunnel(proxy, `${host}:${String(port)}`)).toMatchObject({ status: 403 });
      expect(await plain(proxy, `http://${host}:${String(port)}/`)).toMatchObject({ status: 403 });
    }
    expect(lines).toEqual([]);
  });

  test.each([80, 8443, 22, 6379])('port %d of a public address', async (port) => {
    const proxy = await start({ resolve: () => Promise.resolve(['93.184.216.34']) });
    const asked = await tunnel(proxy, `id.example.com:${String(port)}`);
    expect([asked.status, asked.reason]).toEqual([403, expect.stringMatching(/plain http to a public address/)]);
  });

  test('a name that leads somewhere else the second time', async () => {
    const { port } = await serveRaw(() => undefined);
    const answers = [['127.0.0.1'], ['169.254.169.254'], ['192.168.7.7']];
    const proxy = await start({ resolve: () => Promise.resolve(answers.shift() ?? []) });
    const statuses: number[] = [];
    for (let turn = 0; turn < 4; turn += 1)
      statuses.push((await tunnel(proxy, `id.example.com:${String(port)}`)).status);
    expect(statuses).toEqual([200, 403, 403, 403]);
  });

  test('what nobody answers is not policy', async () => {
    const proxy = await start({ resolve: () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })) });
    expect(await tunnel(proxy, 'id.example.com:443')).toMatchObject({
      status: 502,
      reason: 'id.example.com: ENOTFOUND',
    });
  });
});

describe('limits', () => {
  test('octets: when they are carried, everything ends', async () => {
    const { port } = await serveRaw((socket) => socket.write('x'.repeat(50_000)));
    const proxy = await start({ limits: { bytes: 60_000 } });
    const first = await tunnel(proxy, `localhost:${String(port)}`);
    const second = await tunnel(proxy, `localhost:${String(port)}`);
    for (const { socket } of [first, second]) socket.resume().write('GET / HTTP/1.1\r\n\r\n');
    await eventually('the end of both tunnels', () => first.socket.destroyed && second.socket.destroyed);
    const late = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    await once(late, 'close');
  });

  test('connections in its life', async () => {
    const { port } = await serveRaw(() => undefined);
    const proxy = await start({ limits: { total: 2 } });
    for (let turn = 0; turn < 2; turn += 1) expect((await tunnel(proxy, `localhost:${String(port)}`)).status).toBe(200);
    await expect(tunnel(proxy, `localhost:${String(port)}`)).rejects.toThrow();
  });

  test('standing still', async () => {
    const { port } = await serveRaw(() => undefined);
    const { socket } = await tunnel(await start({ limits: { idleMs: 50 } }), `localhost:${String(port)}`);
    socket.resume();
    await once(socket, 'close');
  });

  test('closing ends what is under way', async () => {
    const { port } = await serveRaw(() => undefined);
    const proxy = await start();
    const { socket } = await tunnel(proxy, `localhost:${String(port)}`);
    socket.resume();
    await Promise.all([once(socket, 'close'), proxy.close()]);
  });
});
