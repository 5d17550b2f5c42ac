import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Bucket bounds in seconds around what matters: 4.5 s is Alexa's limit (R12). */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3.5, 4.5, 8];

/** The figures an app publishes. Labels hold route names, outcomes, and the names in config files; never a household. */
export class Metrics {
  readonly registry = new Registry();

  private readonly requests = new Counter({
    name: 'linkbroker_http_requests_total',
    help: 'Requests by route, status and outcome',
    labelNames: ['route', 'status', 'outcome'] as const,
    registers: [this.registry],
  });

  private readonly latency = new Histogram({
    name: 'linkbroker_http_request_duration_seconds',
    help: 'Time from request to answer',
    labelNames: ['route'] as const,
    buckets: LATENCY_BUCKETS,
    registers: [this.registry],
  });

  private readonly refreshes = new Counter({
    name: 'linkbroker_refreshes_total',
    help: "Alexa's refreshes by outcome: rotated, replayed, recovered, too_old, revoked, refused, unavailable",
    labelNames: ['tenant', 'skill', 'outcome'] as const,
    registers: [this.registry],
  });

  private readonly upstreamRefreshes = new Counter({
    name: 'linkbroker_upstream_refreshes_total',
    help: 'Refreshes at providers by the bucket they ended in; the buckets are in docs/operations.md',
    labelNames: ['tenant', 'connector', 'bucket'] as const,
    registers: [this.registry],
  });

  private readonly traces = new Counter({
    name: 'linkbroker_trace_events_total',
    help: 'Timeline events by name; incident.* deserve an alert',
    labelNames: ['name'] as const,
    registers: [this.registry],
  });

  private readonly timelineDrops = new Counter({
    name: 'linkbroker_timeline_dropped_total',
    help: 'Timeline entries that were not stored: full (the store is away or slow), flood (unproven requests), unfit, closed',
    labelNames: ['reason'] as const,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'linkbroker_' });
  }

  countRequest(route: string, status: number, outcome: string, seconds: number): void {
    this.requests.labels(route, String(status), outcome).inc();
    this.latency.labels(route).observe(seconds);
  }

  /** @param skill undefined where no client was found */
  countRefresh(skill: { readonly tenantSlug: string; readonly slug: string } | undefined, outcome: string): void {
    this.refreshes.labels(skill?.tenantSlug ?? '', skill?.slug ?? '', outcome).inc();
  }

  /** @param connector undefined where it could not be looked up */
  countUpstreamRefresh(
    connector: { readonly tenantSlug: string; readonly slug: string } | undefined,
    bucket: string,
  ): void {
    this.upstreamRefreshes.labels(connector?.tenantSlug ?? '', connector?.slug ?? '', bucket).inc();
  }

  countTrace(name: string): void {
    this.traces.labels(name).inc();
  }

  countTimelineDrop(reason: string): void {
    this.timelineDrops.labels(reason).inc();
  }

  /** A figure read when asked for, e.g. the depth of a queue. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** The same with labels, and read from a store. One that cannot be read is absent, not zero. */
  labelledGauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: () => Promise<readonly { readonly labels: Readonly<Record<Label, string>>; readonly value: number }[]>,
  ): void {
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      async collect() {
        const rows = await read().catch(() => []);
        this.reset();
        for (const { labels, value } of rows) this.set(labels, value);
      },
    });
  }
}
