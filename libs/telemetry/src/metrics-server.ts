import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from './metrics.js';
import { readReadiness, type ReadinessCheck } from './readiness.js';

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}

async function respond(
  url: string | undefined,
  { metrics, checks }: Pick<MetricsServerOptions, 'metrics' | 'checks'>,
  response: ServerResponse,
): Promise<void> {
  if (url === '/metrics') {
    answer(response, 200, metrics.registry.contentType, await metrics.registry.metrics());
  } else if (url === '/health/live') {
    answer(response, 200, 'application/json', '{"status":"live"}');
  } else if (url === '/health/ready') {
    const readiness = await readReadiness(checks);
    answer(response, readiness.ready ? 200 : 503, 'application/json', JSON.stringify(readiness));
  } else {
    answer(response, 404, 'application/json', '{"error":"not_found"}');
  }
}

export interface MetricsServerOptions {
  readonly metrics: Metrics;
  readonly checks: readonly ReadinessCheck[];
  readonly port: number;
  readonly host: string;
}

/** The private port: `/metrics`, `/health/live`, `/health/ready`. Not to be published. */
export async function startMetricsServer(options: MetricsServerOptions): Promise<Server> {
  const server = createServer((request, response) => {
    respond(request.url, options, response).catch(() => {
      answer(response, 500, 'application/json', '{"error":"server_error"}');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return server;
}
