import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Bucket bounds in seconds around what matters: 4.5 s is Alexa's limit (R12). */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3.5, 4.5, 8];

/** The figures an app publishes. Labels hold route names and outcomes, never ids. */
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
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });

  private readonly traces = new Counter({
    name: 'linkbroker_trace_events_total',
    help: 'Timeline events by name; incident.* deserve an alert',
    labelNames: ['name'] as const,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'linkbroker_' });
  }

  countRequest(route: string, status: number, outcome: string, seconds: number): void {
    this.requests.labels(route, String(status), outcome).inc();
    this.latency.labels(route).observe(seconds);
  }

  countRefresh(outcome: string): void {
    this.refreshes.labels(outcome).inc();
  }

  countTrace(name: string): void {
    this.traces.labels(name).inc();
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
}
