import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Metrics } from './metrics.js';
import { startMetricsServer } from './metrics-server.js';
import type { ReadinessCheck } from './readiness.js';

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

async function start(checks: readonly ReadinessCheck[] = [], metrics = new Metrics()) {
  const server = await startMetricsServer({ metrics, checks, port: 0, host: '127.0.0.1' });
  servers.push(server);
  const { port, address } = server.address() as AddressInfo;
  return { port, address, get: (path: string) => fetch(`http://127.0.0.1:${port}${path}`) };
}

describe('the private port', () => {
  it('listens where it is told to', async () => {
    expect((await start()).address).toBe('127.0.0.1');
  });

  it('gives the metrics', async () => {
    const metrics = new Metrics();
    metrics.countRefresh(undefined, 'rotated');
    const answer = await (await start([], metrics)).get('/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toContain('linkbroker_refreshes_total{tenant="",skill="",outcome="rotated"} 1');
  });

  it('is live even where something is missing', async () => {
    const { get } = await start([{ name: 'postgres', check: () => Promise.resolve('away') }]);
    const answer = await get('/health/live');
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'live' }]);
  });

  it('is ready only when nothing is missing, and names what is', async () => {
    let missing: string | undefined = 'migrations are missing';
    const { get } = await start([
      { name: 'postgres', check: () => Promise.resolve(missing) },
      { name: 'redis', check: () => Promise.resolve(undefined) },
    ]);
    const before = await get('/health/ready');
    expect([before.status, await before.json()]).toEqual([
      503,
      { ready: false, checks: { postgres: 'migrations are missing', redis: 'ok' } },
    ]);
    missing = undefined;
    const after = await get('/health/ready');
    expect([after.status, await after.json()]).toEqual([200, { ready: true, checks: { postgres: 'ok', redis: 'ok' } }]);
  });

  it.each(['/', '/health', '/metrics/', '/../metrics2', '/health/ready?x'])('knows nothing at %s', async (path) => {
    const answer = await (await start()).get(path);
    expect([answer.status, await answer.json()]).toEqual([404, { error: 'not_found' }]);
  });

  it('answers, without saying why, when a figure cannot be read', async () => {
    const metrics = new Metrics();
    metrics.gauge('linkbroker_broken', 'x', () => {
      throw new Error('hunter2');
    });
    const answer = await (await start([], metrics)).get('/metrics');
    expect([answer.status, await answer.json()]).toEqual([500, { error: 'server_error' }]);
  });

  it('that is taken is an error', async () => {
    const { port } = await start();
    const again = startMetricsServer({ metrics: new Metrics(), checks: [], port, host: '127.0.0.1' });
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
