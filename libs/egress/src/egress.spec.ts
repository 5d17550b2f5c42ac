import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { SELF_SIGNED } from '../test/self-signed.js';
import { AddressPolicy } from './address-policy.js';
import { Egress, type OutboundRequest } from './egress.js';
import { EgressFailed, EgressRefused } from './egress-refused.js';

const servers: Server[] = [];
const ways: Egress[] = [];

afterEach(async () => {
  await Promise.all(ways.splice(0).map((egress) => egress.close()));
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

/** A server of ours on loopback; `seen` is every request that reached it. */
async function serve(listener: RequestListener, server: Server = createServer()) {
  const seen: IncomingMessage[] = [];
  server.on('request', (request, response) => {
    seen.push(request);
    listener(request, response);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, seen, server, url: `http://127.0.0.1:${port}` };
}

function way(allow = '127.0.0.0/8'): Egress {
  const egress = new Egress(new AddressPolicy(allow));
  ways.push(egress);
  return egress;
}

const get = (url: string, changes: Partial<OutboundRequest> = {}): OutboundRequest => ({
  method: 'GET',
  url,
  purpose: 'upstream',
  deadline: performance.now() + 10_000,
  ...changes,
});

/** When the server sees the other side hang up, politely or not. */
async function hangUp(server: Server): Promise<void> {
  const [socket] = (await once(server, 'connection')) as [Socket];
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
}

describe('an allowed request', () => {
  it('arrives as it was sent, and its answer comes back', async () => {
    const bodies: string[] = [];
    const { url, seen } = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (chunk: string) => bodies.push(chunk));
      request.on('end', () => response.writeHead(201, { 'content-type': 'application/json' }).end('{"ä":1}'));
    });
    const answer = await way().send(
      get(`${url}/token?x=1`, {
        method: 'POST',
        headers: { authorization: 'Basic abc', accept: 'text/html' },
        body: 'a=b',
      }),
    );
    expect(answer).toEqual({ status: 201, contentType: 'application/json', body: '{"ä":1}' });
    expect(bodies).toEqual(['a=b']);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/token?x=1',
      headers: { authorization: 'Basic abc', accept: 'text/html', host: url.slice('http://'.length) },
    });
  });

  it.each([301, 302, 303, 307, 308])('hands a redirect (%d) back and does not follow it', async (status) => {
    const target = await serve((_, response) => response.end());
    const { url } = await serve((_, response) => response.writeHead(status, { location: target.url }).end());
    expect((await way().send(get(url))).status).toBe(status);
    expect(target.seen).toHaveLength(0);
  });

  it('keeps the name it was sent to as its host', async () => {
    const { port, seen } = await serve((_, response) => response.end());
    await way().send(get(`http://localhost:${port}/`));
    expect(seen[0]?.headers.host).toBe(`localhost:${port}`);
  });
});

describe('a refused request never leaves', () => {
  it.each([
    ['loopback', (port: number) => `http://127.0.0.1:${port}/`],
    ['a name that means loopback', (port: number) => `http://localhost:${port}/`],
    ['loopback as one number', (port: number) => `http://2130706433:${port}/`],
    ['loopback in hexadecimal', (port: number) => `http://0x7f.1:${port}/`],
    ['loopback in octal', (port: number) => `http://017700000001:${port}/`],
    ['loopback shortened', (port: number) => `http://127.1:${port}/`],
    ['loopback as IPv6', (port: number) => `http://[::ffff:127.0.0.1]:${port}/`],
    ['this host', (port: number) => `http://0:${port}/`],
  ])('to %s, unless that is allowed', async (_, urlOf) => {
    const { port, seen } = await serve((__, response) => response.end());
    await expect(way('').send(get(urlOf(port)))).rejects.toThrow(EgressRefused);
    await expect(way('10.0.0.0/8').send(get(urlOf(port)))).rejects.toThrow('is not a public address');
    await expect(way(`webhook:127.0.0.0/8`).send(get(urlOf(port)))).rejects.toThrow(EgressRefused);
    expect(seen).toHaveLength(0);
    const allowed = await way('127.0.0.0/8,0.0.0.0').send(get(urlOf(port)));
    expect([allowed.status, seen.length]).toEqual([200, 1]);
  });

  it.each([
    ['plain http to a public address', 'http://8.8.8.8/'],
    ['a metadata service', 'http://169.254.169.254/latest/meta-data'],
    ['credentials', 'http://user:hunter2@127.0.0.1/'],
    ['a user', 'http://user@127.0.0.1/'],
    ['another scheme', 'ftp://127.0.0.1/'],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:text/plain,x'],
    ['no address', 'not an address'],
    ['a path', '/token'],
  ])('with %s', async (_, url) => {
    const attempt = way('127.0.0.0/8').send(get(url));
    await expect(attempt).rejects.toThrow(EgressRefused);
    await expect(attempt).rejects.not.toThrow('hunter2');
  });

  it('for a purpose that has no allowance, even where another purpose has a connection open', async () => {
    const { url, seen } = await serve((_, response) => response.end());
    const egress = way('upstream:127.0.0.0/8');
    await egress.send(get(url));
    await expect(egress.send(get(url, { purpose: 'webhook' }))).rejects.toThrow(EgressRefused);
    await expect(egress.send(get(url, { purpose: 'doctor' }))).rejects.toThrow(EgressRefused);
    expect(seen).toHaveLength(1);
  });

  it('to one of our stores', async () => {
    const { port, seen, url } = await serve((_, response) => response.end());
    const egress = new Egress(new AddressPolicy('0.0.0.0/0', [{ address: '127.0.0.1', port }]));
    ways.push(egress);
    await expect(egress.send(get(url))).rejects.toThrow('one of our stores');
    await expect(egress.send(get(`http://0.0.0.0:${port}/`))).rejects.toThrow('one of our stores');
    expect(seen).toHaveLength(0);
  });
});

describe('a deadline', () => {
  const silence: RequestListener = () => undefined;
  it('ends a request to a server that never answers, and its connection', async () => {
    const { url, server } = await serve(silence);
    const gone = hangUp(server);
    const start = performance.now();
    const attempt = way().send(get(url, { deadline: start + 100 }));
    await expect(attempt).rejects.toThrow(EgressFailed);
    expect(performance.now() - start).toBeLessThan(1_500);
    await expect(attempt).rejects.toMatchObject({ cause: { name: 'TimeoutError' } });
    await gone;
  });

  it('ends one whose answer never ends', async () => {
    const { url, server } = await serve((_, response) => response.writeHead(200).write('{"a":'));
    const gone = hangUp(server);
    const attempt = way().send(get(url, { deadline: performance.now() + 100 }));
    await expect(attempt).rejects.toMatchObject({ name: 'EgressFailed', cause: { name: 'TimeoutError' } });
    await gone;
  });

  it('that has passed sends nothing', async () => {
    const { url, seen } = await serve((_, response) => response.end());
    await expect(way().send(get(url, { deadline: performance.now() - 1 }))).rejects.toThrow('deadline had passed');
    expect(seen).toHaveLength(0);
  });
});

describe('an answer', () => {
  const HALF_MEGABYTE = 512 * 1024;

  it('is read up to half a megabyte', async () => {
    const { url } = await serve((_, response) => response.end(Buffer.alloc(HALF_MEGABYTE, 'a')));
    expect((await way().send(get(url))).body).toHaveLength(HALF_MEGABYTE);
  });

  it('is refused beyond that', async () => {
    const { url } = await serve((_, response) => response.end(Buffer.alloc(HALF_MEGABYTE + 1, 'a')));
    const attempt = way().send(get(url));
    await expect(attempt).rejects.toThrow(EgressFailed);
    await expect(attempt).rejects.toThrow('answer too large');
  });

  it('that goes on for ever is cut off', async () => {
    const { url, server } = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const gone = hangUp(server);
    await expect(way().send(get(url))).rejects.toThrow('answer too large');
    await gone;
  });

  it.each([
    [
      'that is cut off',
      (_: IncomingMessage, socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'),
    ],
    ['that is not HTTP', (_: IncomingMessage, socket: Socket) => socket.end('SSH-2.0-x\r\n\r\n')],
    ['that is a hang-up', (_: IncomingMessage, socket: Socket) => socket.destroy()],
  ])('%s is a failure', async (_, behave) => {
    const { url } = await serve((request) => behave(request, request.socket));
    await expect(way().send(get(`${url}/?token=hunter2`))).rejects.toThrow(
      /^outbound request failed: 127\.0\.0\.1:\d+: no answer$/,
    );
  });

  it('is a failure where nobody listens', async () => {
    const { url, server } = await serve((_, response) => response.end());
    await new Promise((resolve) => server.close(resolve));
    const attempt = way().send(get(url));
    await expect(attempt).rejects.toThrow(EgressFailed);
    await expect(attempt).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});

describe('https', () => {
  it.each(['127.0.0.1', 'localhost'])(
    'to %s is refused with a certificate nobody trusts, before anything is sent',
    async (host) => {
      const { port, seen } = await serve((_, response) => response.end(), createTlsServer(SELF_SIGNED));
      const attempt = way().send(get(`https://${host}:${port}/`, { headers: { authorization: 'Basic hunter2' } }));
      await expect(attempt).rejects.toThrow(EgressFailed);
      await expect(attempt).rejects.toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
      expect(seen).toHaveLength(0);
    },
  );
});
