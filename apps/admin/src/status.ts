import type { SchemaStatus } from '@linkbroker/persistence';
import type { Logger, Metrics, ReadinessCheck } from '@linkbroker/telemetry';

/** What the admin app knows without looking at any tenant. */
export interface AdminNeeds {
  readonly version: string;
  readonly startedAt: Date;
  readonly checks: readonly ReadinessCheck[];
  readonly schema: () => Promise<SchemaStatus>;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Injection token of {@link AdminNeeds}. */
export const ADMIN_NEEDS = Symbol('AdminNeeds');
