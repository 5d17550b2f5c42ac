import type { TraceName } from '@linkbroker/contracts';
import { createLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { createTrace } from './trace.js';

function capture() {
  const lines: string[] = [];
  const metrics = new Metrics();
  const logger = createLogger({
    app: 'broker',
    level: 'trace',
    destination: { write: (line) => void lines.push(line) },
  });
  return { trace: createTrace(logger, metrics), metrics, last: () => JSON.parse(lines.at(-1) ?? '{}') as object };
}

it.each([
  ['code.issued', 'info'],
  ['grant.refreshed', 'info'],
  ['grant.revoked', 'info'],
  ['authorize.refused', 'warn'],
  ['code.replayed', 'warn'],
  ['grant.too_old', 'warn'],
  ['callback.without_cookie', 'warn'],
  ['callback.repeated', 'warn'],
  ['upstream.failed', 'warn'],
  ['incident.grant_behind', 'error'],
  ['incident.decrypt_failed', 'error'],
] as [TraceName, string][])('%s is a line of level %s, and counted', async (name, level) => {
  const { trace, metrics, last } = capture();
  const event = { name, tenantId: 't', linkId: 'l', reference: 'K7QX-3M2P', figures: { generation: 3 } };
  trace(event);
  expect(last()).toMatchObject({ level, msg: name, trace: event });
  expect(await metrics.registry.getSingleMetricAsString('linkbroker_trace_events_total')).toContain(
    `{name="${name}"} 1`,
  );
});
