import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from './metrics.js';
import { readReadiness, type ReadinessCheck } from './readiness.js';

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}

/** The private port: `/metrics`, `/health/live`, `/health/ready`. Not to be published. */
export async function startMetricsServer(options: {
  readonly metrics: Metrics;
  readonly checks: readonly ReadinessCheck[];
  readonly port: number;
  readonly host: string;
}): Promise<Server> {
  const server = createServer((request, response) => {
    void (async () => {
      if (request.url === '/metrics') {
        const { registry } = options.metrics;
        return answer(response, 200, registry.contentType, await registry.metrics());
      }
      if (request.url === '/health/live') return answer(response, 200, 'application/json', '{"status":"live"}');
      if (request.url === '/health/ready') {
        const readiness = await readReadiness(options.checks);
        return answer(response, readiness.ready ? 200 : 503, 'application/json', JSON.stringify(readiness));
      }
      return answer(response, 404, 'application/json', '{"error":"not_found"}');
    })();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return server;
}
