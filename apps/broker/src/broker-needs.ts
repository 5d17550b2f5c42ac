import type { TraceEvent } from '@linkbroker/contracts';
import type { CachedDocuments, Egress } from '@linkbroker/egress';
import type { LinkRequestsStore, PostedCallbacksStore } from '@linkbroker/ephemeral';
import type {
  AcceptGrantNeeds,
  CancelLinkNeeds,
  ClaimCallbackNeeds,
  ContinueLinkNeeds,
  EnableSkillNeeds,
  FailUpstreamNeeds,
  IssueCodeNeeds,
  IssueImplicitTokenNeeds,
  ReceiveSkillEventNeeds,
  RestartLinkNeeds,
  RevokeNeeds,
  SendAlexaEventNeeds,
  StartLinkNeeds,
  StartRepairNeeds,
  StoreUpstreamTokensNeeds,
  TokenEndpointNeeds,
  UserinfoNeeds,
} from '@linkbroker/linking';
import type {
  ConnectorsStore,
  EventGrantsStore,
  ForeignTokensStore,
  GrantedTokensStore,
  LinksStore,
  RelayedTokensStore,
  TokenSetsStore,
} from '@linkbroker/persistence';
import type { Logger, Metrics, Rations, ReadinessCheck } from '@linkbroker/telemetry';
import type { SkillEventAuthentication } from './alexa/skill-events/authenticate-skill-event.js';

/** Everything the flows need, assembled once in `wire-broker.ts`; TypeScript holds the stores to the flows' shapes. */
export interface BrokerNeeds
  extends
    TokenEndpointNeeds,
    RevokeNeeds,
    StartLinkNeeds,
    StartRepairNeeds,
    ContinueLinkNeeds,
    ClaimCallbackNeeds,
    CancelLinkNeeds,
    RestartLinkNeeds,
    FailUpstreamNeeds,
    IssueCodeNeeds,
    IssueImplicitTokenNeeds,
    StoreUpstreamTokensNeeds,
    UserinfoNeeds,
    AcceptGrantNeeds,
    EnableSkillNeeds,
    SendAlexaEventNeeds,
    ReceiveSkillEventNeeds {
  readonly grants: TokenEndpointNeeds['grants'] & RevokeNeeds['grants'];
  readonly links: LinksStore;
  readonly linkRequests: LinkRequestsStore;
  readonly postedCallbacks: PostedCallbacksStore;
  readonly tokenSets: TokenSetsStore;
  readonly relayedTokens: RelayedTokensStore;
  readonly grantedTokens: GrantedTokensStore;
  readonly foreignTokens: ForeignTokensStore;
  readonly connectors: ConnectorsStore;
  readonly eventGrants: EventGrantsStore;
  readonly documents: CachedDocuments;
  readonly egress: Egress;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly checks: readonly ReadinessCheck[];
  readonly skillEventAuthentication: SkillEventAuthentication;
  /** Refused requests that are told, by skill: anybody can send one. */
  readonly refusedSkillEvents: Rations;
  /** BROKER_URL without a trailing slash. */
  readonly publicUrl: string;
  /** Puts an event on its timeline only: the log has a line of its own for it. */
  readonly record: (event: TraceEvent) => void;
}

/** Injection token of {@link BrokerNeeds}. */
export const BROKER_NEEDS = Symbol('BrokerNeeds');
