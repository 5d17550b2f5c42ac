import type { CachedDocuments, Egress } from '@linkbroker/egress';
import type { LinkRequestsStore } from '@linkbroker/ephemeral';
import type {
  CancelLinkNeeds,
  ClaimCallbackNeeds,
  ContinueLinkNeeds,
  FailUpstreamNeeds,
  IssueCodeNeeds,
  RestartLinkNeeds,
  RevokeNeeds,
  StartLinkNeeds,
  TokenEndpointNeeds,
} from '@linkbroker/linking';
import type { ConnectorsStore } from '@linkbroker/persistence';
import type { Logger, Metrics, ReadinessCheck } from '@linkbroker/telemetry';

/** Everything the flows need, assembled once in `wire-broker.ts`; TypeScript holds the stores to the flows' shapes. */
export interface BrokerNeeds
  extends
    TokenEndpointNeeds,
    RevokeNeeds,
    StartLinkNeeds,
    ContinueLinkNeeds,
    ClaimCallbackNeeds,
    CancelLinkNeeds,
    RestartLinkNeeds,
    FailUpstreamNeeds,
    IssueCodeNeeds {
  readonly grants: TokenEndpointNeeds['grants'] & RevokeNeeds['grants'];
  readonly linkRequests: LinkRequestsStore;
  readonly connectors: ConnectorsStore;
  readonly documents: CachedDocuments;
  readonly egress: Egress;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly checks: readonly ReadinessCheck[];
  /** BROKER_URL without a trailing slash. */
  readonly publicUrl: string;
}

/** Injection token of {@link BrokerNeeds}. */
export const BROKER_NEEDS = Symbol('BrokerNeeds');
