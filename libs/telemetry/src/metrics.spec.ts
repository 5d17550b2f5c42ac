import { Metrics } from './metrics.js';

/** The rendered lines that begin with `name`. */
const lines = async (metrics: Metrics, name: string): Promise<string[]> =>
  (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name));

describe('Metrics', () => {
  it('count requests by route, status and outcome, and how long they took', async () => {
    const metrics = new Metrics();
    metrics.countRequest('/oauth/token', 200, 'ok', 0.02);
    metrics.countRequest('/oauth/token', 200, 'ok', 0.3);
    metrics.countRequest('/oauth/token', 503, 'unavailable', 4);
    expect(await lines(metrics, 'linkbroker_http_requests_total')).toEqual([
      'linkbroker_http_requests_total{route="/oauth/token",status="200",outcome="ok"} 2',
      'linkbroker_http_requests_total{route="/oauth/token",status="503",outcome="unavailable"} 1',
    ]);
    const buckets = await lines(metrics, 'linkbroker_http_request_duration_seconds');
    expect(buckets).toContain('linkbroker_http_request_duration_seconds_bucket{le="0.025",route="/oauth/token"} 1');
    expect(buckets).toContain('linkbroker_http_request_duration_seconds_bucket{le="3.5",route="/oauth/token"} 2');
    expect(buckets).toContain('linkbroker_http_request_duration_seconds_bucket{le="4.5",route="/oauth/token"} 3');
    expect(buckets).toContain('linkbroker_http_request_duration_seconds_count{route="/oauth/token"} 3');
  });

  it('count refreshes by outcome and timeline events by name', async () => {
    const metrics = new Metrics();
    const skill = { tenantSlug: 'acme', slug: 'lights' };
    metrics.countRefresh(skill, 'rotated');
    metrics.countRefresh(skill, 'rotated');
    metrics.countRefresh(undefined, 'refused');
    metrics.countTrace('incident.grant_behind');
    expect(await lines(metrics, 'linkbroker_refreshes_total')).toEqual([
      'linkbroker_refreshes_total{tenant="acme",skill="lights",outcome="rotated"} 2',
      'linkbroker_refreshes_total{tenant="",skill="",outcome="refused"} 1',
    ]);
    expect(await lines(metrics, 'linkbroker_trace_events_total')).toEqual([
      'linkbroker_trace_events_total{name="incident.grant_behind"} 1',
    ]);
  });

  it('count attempts at providers by tenant, connector and bucket', async () => {
    const metrics = new Metrics();
    metrics.countUpstreamRefresh({ tenantSlug: 'acme', slug: 'google' }, 'refreshed');
    metrics.countUpstreamRefresh(undefined, 'unknown');
    expect(await lines(metrics, 'linkbroker_upstream_refreshes_total')).toEqual([
      'linkbroker_upstream_refreshes_total{tenant="acme",connector="google",bucket="refreshed"} 1',
      'linkbroker_upstream_refreshes_total{tenant="",connector="",bucket="unknown"} 1',
    ]);
  });

  it('read a labelled gauge from a store; what is gone or cannot be read is absent', async () => {
    const metrics = new Metrics();
    let read: () => Promise<{ labels: { state: string }; value: number }[]>;
    metrics.labelledGauge('linkbroker_things', 'Things', ['state'], () => read());
    read = () => Promise.resolve([{ labels: { state: 'dead' }, value: 2 }]);
    expect(await lines(metrics, 'linkbroker_things')).toEqual(['linkbroker_things{state="dead"} 2']);
    read = () => Promise.resolve([]);
    expect(await lines(metrics, 'linkbroker_things')).toEqual([]);
    read = () => Promise.reject(new Error('away'));
    expect(await lines(metrics, 'linkbroker_things')).toEqual([]);
  });

  it('read a gauge when they are asked', async () => {
    const metrics = new Metrics();
    let depth = 3;
    metrics.gauge('linkbroker_queue_depth', 'Waiting jobs', () => depth);
    expect(await lines(metrics, 'linkbroker_queue_depth')).toEqual(['linkbroker_queue_depth 3']);
    depth = 0;
    expect(await lines(metrics, 'linkbroker_queue_depth')).toEqual(['linkbroker_queue_depth 0']);
  });

  it('have the figures of the process, and nothing in common with another set', async () => {
    const [one, other] = [new Metrics(), new Metrics()];
    one.countRefresh(undefined, 'rotated');
    expect(await lines(other, 'linkbroker_refreshes_total')).toEqual([]);
    expect((await lines(one, 'linkbroker_process_cpu_seconds_total')).length).toBe(1);
    expect((await lines(one, 'linkbroker_nodejs_eventloop_lag_seconds')).length).toBeGreaterThan(0);
  });
});
