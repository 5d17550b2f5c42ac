import type { TenantId } from '@linkbroker/contracts';
import type { SchemaStatus, TimelineReader } from '@linkbroker/persistence';
import type { Logger, Metrics, ReadinessCheck } from '@linkbroker/telemetry';

/** What the admin app's pages and API need, assembled in `create-admin.ts`. */
export interface AdminNeeds {
  readonly version: string;
  readonly startedAt: Date;
  readonly checks: readonly ReadinessCheck[];
  readonly schema: () => Promise<SchemaStatus>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => Date;
  /** Opens the API, of every tenant. */
  readonly operatorKey: string;
  /** The broker's public address, without a trailing slash. */
  readonly brokerUrl: string;
  readonly timelines: TimelineReader;
  readonly resolveTenant: (slug: string) => Promise<TenantId | undefined>;
  readonly fingerprint: (purpose: string, parts: readonly string[]) => Buffer;
}

/** Injection token of {@link AdminNeeds}. */
export const ADMIN_NEEDS = Symbol('AdminNeeds');
