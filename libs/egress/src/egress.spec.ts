import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { SELF_SIGNED } from '../test/self-signed.js';
import { closeAll, get, post, serve, serveRaw, way } from '../test/world.js';
import { EgressFailed, EgressRefused } from './egress-refused.js';

afterEach(closeAll);

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

describe('headers', () => {
  it('ask for an answer that is not encoded', async () => {
    const { url, seen } = await serve((_, response) => response.end());
    await way().send(get(url));
    expect(seen[0]?.headers).toMatchObject({ 'accept-encoding': 'identity', 'user-agent': 'linkbroker' });
  });

  it.each(['host', 'Host', 'Transfer-Encoding', 'content-length', 'connection', 'accept-encoding', 'upgrade'])(
    'the caller has no say in %s',
    async (name) => {
      const { url, seen } = await serve((_, response) => response.end());
      await expect(way().send(get(url, { headers: { [name]: 'x' } }))).rejects.toThrow(EgressRefused);
      expect(seen).toHaveLength(0);
    },
  );

  it('with a line break in them do not leave, and are not told', async () => {
    const { url, seen } = await serve((_, response) => response.end());
    const attempt = way().send(get(url, { headers: { authorization: 'Bearer hunter2\r\nx: y' } }));
    await expect(attempt).rejects.toMatchObject({ name: 'EgressFailed', sent: false });
    expect(inspect(await attempt.catch((error: unknown) => error), { depth: 9 })).not.toContain('hunter2');
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
    await expect(attempt).rejects.toThrow('no answer in time');
    await gone;
  });

  it('ends one whose answer never ends', async () => {
    const { url, server } = await serve((_, response) => response.writeHead(200).write('{"a":'));
    const gone = hangUp(server);
    const attempt = way().send(get(url, { deadline: performance.now() + 100 }));
    await expect(attempt).rejects.toMatchObject({ name: 'EgressFailed', sent: true });
    await expect(attempt).rejects.toThrow('no answer in time');
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
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

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

  it('that announces more is not waited for', async () => {
    const { url } = await serve((_, response) => response.writeHead(200, { 'content-length': 1e9 }).flushHeaders());
    await expect(way().send(get(url))).rejects.toThrow('answer too large');
  });

  it('with endless headers is cut off', async () => {
    const { url, server } = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const more = (): void => {
        while (!socket.destroyed && socket.write(`x-${'a'.repeat(1_000)}: b\r\n`));
      };
      socket.on('drain', more);
      more();
    });
    const gone = hangUp(server);
    await expect(way().send(get(url))).rejects.toThrow('UND_ERR_HEADERS_OVERFLOW');
    await gone;
  });

  it.each(['gzip', 'GZIP', 'br', 'deflate, gzip', 'identity, gzip', 'x'])(
    'in the encoding %j is refused and not undone',
    async (encoding) => {
      const { url } = await serve((_, response) => response.setHeader('content-encoding', encoding).end(bomb));
      await expect(way().send(get(url))).rejects.toThrow(/: answer is encoded$/);
    },
  );

  it.each([
    ['identity', '{}'],
    ['', '{}'],
    ['gzip', ''],
  ])('that claims the encoding %j over the body %j is read as it is', async (encoding, body) => {
    const { url } = await serve((_, response) => response.setHeader('content-encoding', encoding).end(body));
    expect((await way().send(get(url))).body).toBe(body);
  });

  it('keeps its Retry-After', async () => {
    const { url } = await serve((_, response) => response.writeHead(429, { 'retry-after': '7' }).end());
    expect(await way().send(get(url))).toMatchObject({ status: 429, retryAfter: '7' });
  });

  it('that is broken leaves nothing of itself in the error', async () => {
    const { url } = await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\nhunter2 hunter2\r\n\r\n'));
    const error: unknown = await way()
      .send(post(`${url}/hunter2?hunter2`, { headers: { authorization: 'hunter2' }, body: 'hunter2.' }))
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(EgressFailed);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
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
      /^outbound request failed: 127\.0\.0\.1:\d+: no answer(?: \(\w+\))?$/,
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

  describe('with an authority that is trusted', () => {
    const trusted = getCACertificates('default');
    beforeAll(() => setDefaultCACertificates([SELF_SIGNED.cert]));
    afterAll(() => setDefaultCACertificates(trusted));

    it.each(['localhost', '127.0.0.1', 'localhost.'])('reaches %s', async (host) => {
      const { port, seen } = await serve((_, response) => response.end('ok'), createTlsServer(SELF_SIGNED));
      const egress = way('127.0.0.0/8', { resolve: () => Promise.resolve(['127.0.0.1']) });
      expect((await egress.send(get(`https://${host}:${port}/`))).body).toBe('ok');
      expect(seen).toHaveLength(1);
    });

    it('is refused when the name is another, before anything is sent', async () => {
      const { port, seen } = await serve((_, response) => response.end('ok'), createTlsServer(SELF_SIGNED));
      const egress = way('127.0.0.0/8', { resolve: () => Promise.resolve(['127.0.0.1']) });
      const attempt = egress.send(get(`https://id.example.com:${port}/`));
      await expect(attempt).rejects.toMatchObject({ sent: false, cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
      expect(seen).toHaveLength(0);
    });
  });
});

it('takes an answer that came while this process stood still, though its deadline has passed', async () => {
  const { url } = await serveRaw((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`);
    const end = performance.now() + 400;
    while (performance.now() < end);
  });
  const answer = await way().send(post(url, { deadline: performance.now() + 200 }));
  expect(answer).toMatchObject({ status: 200, body: '{}' });
});
