import type { ClientKind, Deadline, RegisteredClient, StoredSecret, Trace } from '@linkbroker/contracts';
import type { MacKeyLookup } from '@linkbroker/protocol';

/** Registered clients, from a cache or fresh. */
export interface Clients {
  /** @param maxAgeMs how old a cached answer may be; 0 asks the database */
  find(clientId: string, maxAgeMs: number, deadline: Deadline): Promise<RegisteredClient | undefined>;
}

/** Checks client secrets; the id of the stored one that matched. */
export interface Secrets {
  verify(secret: string, stored: readonly StoredSecret[]): Promise<string | undefined>;
}

/** The MAC keys in memory. */
export interface MacKeys {
  readonly lookup: MacKeyLookup;
  signingKeyId(now: Date): number;
}

/** Clock, randomness and trace: what every flow is handed instead of reaching for. */
export interface Ambient {
  readonly now: () => Date;
  readonly randomBytes: (size: number) => Buffer;
  readonly trace: Trace;
}

/** Milliseconds a cached client may be used for. */
export const CLIENT_MAX_AGE_MS = 5_000;

/** What a request was about, for its log line and metrics. */
export interface RequestFacts {
  readonly tenantId?: string;
  readonly skillId?: string;
  readonly clientKind?: ClientKind;
  readonly grantId?: string;
  readonly linkId?: string;
}
