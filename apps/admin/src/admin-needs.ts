import type { ConfigurationNeeds } from '@linkbroker/configuration';
import type { TenantId } from '@linkbroker/contracts';
import type { IdempotentAnswersStore, TurnsStore } from '@linkbroker/ephemeral';
import type {
  AuditLogStore,
  ConfigurationStore,
  ConnectorsStore,
  EventGrantPagesStore,
  EventLogStore,
  LinkPagesStore,
  LiveMarksStore,
  OverviewStore,
  SchemaStatus,
  TenantsStore,
  TimelineReader,
} from '@linkbroker/persistence';
import type { TestConnectorNeeds } from '@linkbroker/linking';
import type { Logger, Metrics, ReadinessCheck } from '@linkbroker/telemetry';
import type { MacKeyRing } from '@linkbroker/vault';
import type { BuiltConsole } from './console/read-console.js';
import type { DoctorNeeds } from './doctor/doctor-needs.js';
import type { Simulator } from './set-up/simulator.js';
import type { ImportNeeds } from './imports/import-needs.js';
import type { Access } from './sign-in/access.js';
import type { SignInNeeds } from './sign-in/sign-in-needs.js';

/** What the admin app's pages and API need, assembled in `wire-admin.ts`. */
export interface AdminNeeds extends ImportNeeds {
  readonly version: string;
  /** Undefined where it was not built. */
  readonly console: BuiltConsole | undefined;
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
  /** Where a skill can be tried; null where no simulator runs beside. */
  readonly simulator: Simulator | null;
  /** The admin app's own. */
  readonly adminUrl: string;
  readonly access: Access;
  readonly signIn: SignInNeeds;
  readonly turns: Pick<TurnsStore, 'take'>;
  readonly idempotent: IdempotentAnswersStore;
  readonly links: LinkPagesStore;
  readonly tenants: TenantsStore;
  readonly overview: OverviewStore;
  readonly configuration: ConfigurationStore;
  readonly planning: ConfigurationNeeds;
  /** With their secrets, to try them. */
  readonly connectors: Pick<ConnectorsStore, 'find'>;
  readonly documents: TestConnectorNeeds['documents'];
  readonly egress: TestConnectorNeeds['egress'];
  readonly doctor: DoctorNeeds;
  readonly eventGrants: EventGrantPagesStore;
  readonly eventLog: EventLogStore;
  readonly liveMarks: LiveMarksStore;
  readonly auditLog: AuditLogStore;
  readonly macKeys: MacKeyRing;
  readonly timelines: TimelineReader;
  readonly resolveTenant: (slug: string) => Promise<TenantId | undefined>;
  readonly fingerprint: (purpose: string, parts: readonly string[]) => Buffer;
}

/** Injection token of {@link AdminNeeds}. */
export const ADMIN_NEEDS = Symbol('AdminNeeds');
