import { eventually } from '@linkbroker/testing';
import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { SELF_SIGNED } from '../test/self-signed.js';
import { closeAll, get, post, serve, serveRaw, way } from '../test/world.js';

afterEach(closeAll);

const soon = () => ({ deadline: performance.now() + 100 });
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
const failed = (sent: boolean) => ({ name: 'EgressFailed', sent });

describe('nothing was sent', () => {
  it('where nobody listens', async () => {
    const { url, server } = await serve((_, response) => response.end());
    await new Promise((resolve) => server.close(resolve));
    await expect(way().send(post(url))).rejects.toMatchObject({ ...failed(false), cause: { code: 'ECONNREFUSED' } });
  });

  it('where the name does not exist', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('hunter2'), { code: 'ENOTFOUND' }));
    const attempt = way('', { resolve }).send(post('https://id.example.com/'));
    await expect(attempt).rejects.toMatchObject({
      ...failed(false),
      message: 'outbound request failed: id.example.com: no connection (ENOTFOUND)',
    });
  });

  it('where the certificate is not trusted', async () => {
    const { port, seen } = await serve((_, response) => response.end(), createTlsServer(SELF_SIGNED));
    await expect(way().send(post(`https://127.0.0.1:${port}/`))).rejects.toMatchObject(failed(false));
    expect(seen).toHaveLength(0);
  });

  it('where TLS is not what the far end speaks', async () => {
    const { url, lines } = await serveRaw(() => undefined);
    const attempt = way().send(post(url.replace('http', 'https'), soon()));
    await expect(attempt).rejects.toMatchObject(failed(false));
    expect(lines).toHaveLength(0);
  });

  it('where the far end hangs up during the handshake', async () => {
    const { url, server } = await serveRaw(() => undefined);
    server.on('connection', (socket) => socket.destroy());
    await expect(way().send(post(url.replace('http', 'https')))).rejects.toMatchObject(failed(false));
  });

  it('when the deadline had passed', async () => {
    const { url, seen } = await serve((_, response) => response.end());
    const attempt = way().send(post(url, { deadline: performance.now() - 1 }));
    await expect(attempt).rejects.toMatchObject(failed(false));
    expect(seen).toHaveLength(0);
  });

  it('when the deadline passes before there is an address, and not when there is one later', async () => {
    const { port, seen } = await serve((_, response) => response.end());
    let answer: (addresses: string[]) => void = () => undefined;
    const egress = way('127.0.0.1', { resolve: () => new Promise<string[]>((resolve) => (answer = resolve)) });
    const url = `http://id.example.com:${port}/`;
    await expect(egress.send(post(url, soon()))).rejects.toMatchObject(failed(false));
    const later = egress.send(post(`${url}later`));
    answer(['127.0.0.1']);
    await eventually('the later request', () => seen.length > 0);
    expect((await later).status).toBe(200);
    expect(seen.map((request) => request.url)).toEqual(['/later']);
  });

  it('when the process is busy until the deadline has passed', async () => {
    const { url, seen } = await serve((_, response) => response.end());
    const egress = way();
    const deadline = performance.now() + 30;
    const attempt = egress.send(post(url, { deadline }));
    attempt.catch(() => undefined);
    while (performance.now() < deadline);
    await expect(attempt).rejects.toMatchObject(failed(false));
    expect((await egress.send(get(url))).status).toBe(200);
    expect(seen.map((request) => request.method)).toEqual(['GET']);
  });

  it('when it is closed before there is a connection', async () => {
    const egress = way('', { resolve: () => new Promise<string[]>(() => undefined) });
    const attempt = egress.send(post('https://id.example.com/'));
    attempt.catch(() => undefined);
    await egress.close();
    await expect(attempt).rejects.toMatchObject(failed(false));
    await expect(egress.send(post('https://id.example.com/'))).rejects.toMatchObject(failed(false));
  });
});

describe('it may have been sent', () => {
  it.each([
    ['accepts it and hangs', () => undefined],
    ['hangs in its headers', (socket: NodeJS.WritableStream) => void socket.write('HTTP/1.1 200 OK\r\n')],
    ['hangs in its body', (socket: NodeJS.WritableStream) => void socket.write(OK.slice(0, -1))],
  ])('where the far end %s', async (_, behave) => {
    const { url, lines } = await serveRaw(behave);
    await expect(way().send(post(url, soon()))).rejects.toMatchObject(failed(true));
    expect(lines).toEqual(['POST / HTTP/1.1']);
  });

  it.each([
    ['resets the connection after it', (socket: { resetAndDestroy(): unknown }) => void socket.resetAndDestroy()],
    ['hangs up after it', (socket: { end(): unknown }) => void socket.end()],
    ['hangs up within its answer', (socket: { end(text: string): unknown }) => void socket.end(OK.slice(0, -1))],
    ['answers what is not HTTP', (socket: { end(text: string): unknown }) => void socket.end('SSH-2.0-x\r\n')],
    [
      'wants to continue',
      (socket: { write(text: string): unknown }) => void socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
    ],
    [
      'switches protocols',
      (socket: { write(text: string): unknown }) =>
        void socket.write('HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    ],
  ])('where the far end %s, and it is not sent again', async (_, behave) => {
    const { url, lines } = await serveRaw(behave);
    const egress = way();
    await expect(egress.send(post(url, { deadline: performance.now() + 1_000 }))).rejects.toMatchObject(failed(true));
    // A request of its own shows that nothing else was under way.
    await egress.send(get(`${url}/after`, soon())).catch(() => undefined);
    expect(lines).toEqual(['POST / HTTP/1.1', 'GET /after HTTP/1.1']);
  });

  it('where nobody reads it, because the connection was closed before it arrived', async () => {
    // Reads nothing and resets as soon as something is there.
    const server = createServer({ pauseOnConnect: true }, (socket) => setImmediate(() => socket.resetAndDestroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await expect(way().send(post(`http://127.0.0.1:${port}/`))).rejects.toMatchObject(failed(true));
    server.close();
  });
});

describe('a connection that was kept', () => {
  it.each(['GET', 'POST', 'DELETE'] as const)('and is reset under a %s: it is not sent again', async (method) => {
    const { url, lines } = await serveRaw((socket, count) => {
      if (count === 1) socket.write(OK);
      else socket.resetAndDestroy();
    });
    const egress = way();
    expect((await egress.send(get(url))).status).toBe(200);
    const second = method === 'POST' ? post(`${url}/2`) : get(`${url}/2`, { method });
    await expect(egress.send(second)).rejects.toMatchObject(failed(true));
    await egress.send(get(`${url}/3`)).catch(() => undefined);
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['/', '/2', '/3']);
  });

  it('and closed meanwhile is not used again: nothing is lost and nothing sent twice', async () => {
    let connections = 0;
    const { url, lines, server } = await serveRaw((socket) => {
      socket.write(OK, () => socket.end());
    });
    server.on('connection', () => (connections += 1));
    const egress = way();
    const outcomes: unknown[] = [];
    for (let round = 1; round <= 40; round += 1) {
      outcomes.push(await egress.send(post(`${url}/${round}`)).catch((error: unknown) => error));
    }
    // Whichever way each race went: what was answered arrived once, and what says it was not sent did not arrive.
    const arrived = lines.map((line) => Number(line.split(' ')[1]?.slice(1)));
    expect(new Set(arrived).size).toBe(arrived.length);
    outcomes.forEach((outcome, index) => {
      const answered = typeof outcome === 'object' && outcome !== null && 'status' in outcome;
      if (answered) expect(arrived).toContain(index + 1);
      else if ((outcome as { sent: boolean }).sent) expect(outcome).toMatchObject(failed(true));
      else expect(arrived).not.toContain(index + 1);
    });
    expect(connections).toBeGreaterThan(1);
  });

  // Some servers hang up after two seconds, or after the worker's very turn of five, and announce nothing.
  it('is given up by us before a server would, unless that has said how long it keeps it', async () => {
    const { url, server } = await serveRaw((socket) => socket.write(OK));
    const connected = once(server, 'connection') as Promise<[Socket]>;
    await way().send(post(url));
    const [socket] = await connected;
    await once(socket, 'close');
  }, 3_000);

  it('under many at once: each arrives at most once, however they are cut off', async () => {
    const { url, lines } = await serveRaw((socket, count) => {
      if (count % 3 === 0) socket.resetAndDestroy();
      else if (count % 3 === 1) socket.end(OK);
      else socket.write(OK);
    });
    const egress = way('127.0.0.0/8', { perHost: 4 });
    const sends = Array.from({ length: 60 }, (_, index) => egress.send(post(`${url}/${index}`)));
    const outcomes = await Promise.allSettled(sends);
    const arrived = lines.map((line) => line.split(' ')[1]);
    expect(new Set(arrived).size).toBe(arrived.length);
    outcomes.forEach((outcome, index) => {
      if (outcome.status === 'rejected' && !(outcome.reason as { sent: boolean }).sent) {
        expect(arrived).not.toContain(`/${index}`);
      } else if (outcome.status === 'fulfilled') expect(arrived).toContain(`/${index}`);
    });
  });
});
