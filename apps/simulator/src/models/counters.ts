const grantTypes = ['authorization_code', 'refresh_token', 'fb_exchange_token'] as const;
export type CountedGrant = (typeof grantTypes)[number] | 'other';

type Counts = Readonly<Record<CountedGrant, number>>;

export interface CounterValues {
  /** Calls that arrived at the token endpoint, those struck by a fault included. */
  readonly tokenCalls: Counts;
  /** Calls that were answered with tokens, even where a fault kept the answer back. */
  readonly tokenGrants: Counts;
  /** How often a refresh token came that had been spent. */
  readonly reuseDetections: number;
  /** Revocations of something that was alive. */
  readonly revocations: number;
}

const none: Counts = { authorization_code: 0, refresh_token: 0, fb_exchange_token: 0, other: 0 };

/** Everything else is `other`, so that callers cannot make names up. */
export function countedGrant(grantType: string): CountedGrant {
  return grantTypes.find((known) => known === grantType) ?? 'other';
}

const start: CounterValues = { tokenCalls: none, tokenGrants: none, reuseDetections: 0, revocations: 0 };

/** What a model has been asked for and what it saw; tests assert on it. */
export class Counters {
  private counted = start;

  clear(): void {
    this.counted = start;
  }

  values(): CounterValues {
    return this.counted;
  }

  countTokens(what: 'tokenCalls' | 'tokenGrants', grant: CountedGrant): void {
    const counts = this.counted[what];
    this.counted = { ...this.counted, [what]: { ...counts, [grant]: counts[grant] + 1 } };
  }

  count(what: 'reuseDetections' | 'revocations'): void {
    this.counted = { ...this.counted, [what]: this.counted[what] + 1 };
  }
}
