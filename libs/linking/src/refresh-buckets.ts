import type { Connector } from '@linkbroker/contracts';

/**
 * Where an attempt to refresh at a provider ended; each ends in exactly one.
 *
 * - `refreshed`: stored. `superseded`: somebody stored something newer meanwhile. Both are good.
 * - `kept`: answered, but the database would not take it; it waits in a second durable place.
 * - `not_sent`, `transient`, `misconfigured`: nothing is lost, it is tried again.
 * - `refused`: the provider calls the credential dead; the link is at risk. `dead`: the evidence was enough.
 * - `unknown`: sent by a process that died; the credential may be spent. `unstored`: answered, and no place would take it.
 */
export type RefreshBucket =
  | 'refreshed'
  | 'superseded'
  | 'kept'
  | 'not_sent'
  | 'transient'
  | 'misconfigured'
  | 'refused'
  | 'dead'
  | 'unknown'
  | 'unstored';

/** Whose attempt it was; undefined when the connector could not be looked up. */
export type CountedConnector = Pick<Connector, 'id' | 'tenantId' | 'tenantSlug' | 'slug'> | undefined;

export interface CountRefreshNeeds {
  /** Counts an attempt for the service level of links, by tenant and connector. */
  readonly countUpstreamRefresh: (connector: CountedConnector, bucket: RefreshBucket) => void;
}
