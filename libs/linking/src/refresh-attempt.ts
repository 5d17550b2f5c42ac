import type { Connector, Deadline, TenantId } from '@linkbroker/contracts';
import type { Upstream } from '@linkbroker/providers';
import type { TokenSecrets } from './upstream-secrets.js';

export type TokenSetState = 'active' | 'at_risk' | 'dead' | 'revoked';

/** A stored set as far as a refresh and a release need it. */
export interface UpstreamTokenSet {
  readonly id: string;
  readonly connectorId: string;
  readonly version: number;
  readonly state: TokenSetState;
  readonly scopes: readonly string[];
  readonly hasRefreshToken: boolean;
  readonly accessExpiresAt: Date | null;
  readonly refreshExpiresAt: Date | null;
  readonly storedAt: Date;
  readonly retryAt: Date | null;
  readonly leased: boolean;
  readonly sealed: Buffer;
}

/** A set whose lease and journal entry have been taken by a claim. */
export interface LeasedSet extends UpstreamTokenSet {
  readonly tenantId: TenantId;
  readonly fence: number;
  readonly attemptId: string;
  /** Attempts in a row that brought nothing. */
  readonly failures: number;
}

export interface ConnectorLookup {
  find(tenantId: TenantId, connectorId: string, deadline: Deadline): Promise<Connector | undefined>;
}

/** An attempt that holds the lease. */
export interface RefreshAttempt {
  readonly tenantId: TenantId;
  readonly set: UpstreamTokenSet;
  readonly connector: Connector;
  readonly upstream: Upstream;
  readonly secrets: TokenSecrets;
  readonly fence: number;
  readonly attemptId: string;
  readonly failures: number;
  /** When we began to count, before the lease was asked for (`performance.now()`). */
  readonly began: number;
}

/** Fresh tokens of a set. */
export interface FreshTokens {
  readonly secrets: TokenSecrets;
  readonly accessExpiresAt: Date | null;
  readonly scopes: readonly string[];
}

export type RefreshResult =
  | ({ readonly kind: 'fresh' } & FreshTokens)
  /** Somebody else refreshes it, or stored a newer version meanwhile. */
  | { readonly kind: 'busy' }
  /** The provider could not be asked, or did not say anything final. */
  | { readonly kind: 'unavailable' }
  /** By the provider's own word the credential is dead; `state` says what this evidence amounts to. */
  | { readonly kind: 'refused'; readonly state: TokenSetState }
  /** There is nothing to refresh it with. */
  | { readonly kind: 'unrefreshable' };

/** Milliseconds for the provider's answer. The lease lasts three times that, so that its owner is done long before. */
export const HTTP_MS = 8_000;
export const LEASE_MS = 3 * HTTP_MS + 6_000;
export const STATEMENT_MS = 2_000;
/** The latest answer that is waited for, from before the lease: its turn, its journal entry, its HTTP. */
export const LATEST_ANSWER_MS = 2 * HTTP_MS + STATEMENT_MS;
