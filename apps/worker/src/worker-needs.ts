import type {
  DeliverEventsNeeds,
  EndExpiredGrantsNeeds,
  ForgetForeignTokensNeeds,
  HousekeepingNeeds,
  ProveImportedLinksNeeds,
  PruneEventsNeeds,
  RecoverAnswersNeeds,
  RefreshDueNeeds,
  RefreshEventGrantsNeeds,
  RevokeUpstreamNeeds,
  SendQueuedEventsNeeds,
  SweepSignInsNeeds,
} from '@linkbroker/linking';
import type { Logger, Metrics, ReadinessCheck } from '@linkbroker/telemetry';

/** What the processors need, assembled in `create-worker.ts`. */
export interface WorkerNeeds
  extends
    HousekeepingNeeds,
    EndExpiredGrantsNeeds,
    RevokeUpstreamNeeds,
    RefreshDueNeeds,
    RefreshEventGrantsNeeds,
    SendQueuedEventsNeeds,
    RecoverAnswersNeeds,
    DeliverEventsNeeds,
    PruneEventsNeeds,
    ProveImportedLinksNeeds,
    ForgetForeignTokensNeeds,
    SweepSignInsNeeds {
  readonly housekeeping: HousekeepingNeeds['housekeeping'] & EndExpiredGrantsNeeds['housekeeping'];
  readonly egress: RevokeUpstreamNeeds['egress'] & DeliverEventsNeeds['egress'];
  readonly eventGrants: RefreshEventGrantsNeeds['eventGrants'] & SendQueuedEventsNeeds['eventGrants'];
  readonly deliveries: DeliverEventsNeeds['deliveries'] & PruneEventsNeeds['deliveries'];
  readonly tokenSets: RevokeUpstreamNeeds['tokenSets'] & RefreshDueNeeds['tokenSets'];
  readonly dueTokenSets: RefreshDueNeeds['dueTokenSets'] & RecoverAnswersNeeds['dueTokenSets'];
  readonly importedLinks: ProveImportedLinksNeeds['importedLinks'] & ForgetForeignTokensNeeds['importedLinks'];
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly checks: readonly ReadinessCheck[];
}

/** Injection token of {@link WorkerNeeds}. */
export const WORKER_NEEDS = Symbol('WorkerNeeds');
