import type { Deadline, TenantId } from '@linkbroker/contracts';

export interface PresentationUnderTest {
  readonly skillId: string;
  readonly tokenHash: Buffer;
}

export interface RelayClaimUnderTest extends PresentationUnderTest {
  readonly attemptId: string;
  readonly leaseMs: number;
  readonly keepUntil: Date;
}

export type RelayClaimedUnderTest =
  | { readonly kind: 'claimed'; readonly attempt: number }
  | { readonly kind: 'answered'; readonly answer: Buffer }
  | { readonly kind: 'under-way'; readonly attemptId: string };

/** What a store of relayed answers offers. */
export interface RelayedTokensUnderTest {
  claim(tenantId: TenantId, claim: RelayClaimUnderTest, now: Date, deadline: Deadline): Promise<RelayClaimedUnderTest>;
  find(
    tenantId: TenantId,
    presentation: PresentationUnderTest,
    attemptId: string,
    deadline: Deadline,
  ): Promise<Buffer | 'under-way' | 'ended'>;
  answer(
    tenantId: TenantId,
    presentation: PresentationUnderTest,
    answer: Buffer,
    keepUntil: Date,
    deadline: Deadline,
  ): Promise<Buffer | undefined>;
  release(tenantId: TenantId, at: PresentationUnderTest, attemptId: string, deadline: Deadline): Promise<void>;
}

interface Row {
  attemptId: string;
  attempts: number;
  leaseUntil: number;
  keepUntil: Date;
  answer: Buffer | undefined;
}

const keyOf = (tenantId: TenantId, { skillId, tokenHash }: PresentationUnderTest): string =>
  `${tenantId}|${skillId}|${tokenHash.toString('hex')}`;

/** Relayed answers in memory. Leases run by the process's own clock, as they run by the database's there. */
export class MemoryRelayedTokens implements RelayedTokensUnderTest {
  private readonly rows = new Map<string, Row>();

  claim(tenantId: TenantId, claim: RelayClaimUnderTest, now: Date): Promise<RelayClaimedUnderTest> {
    const key = keyOf(tenantId, claim);
    const row = this.rows.get(key);
    const { attemptId, keepUntil } = claim;
    const free = !row || (row.leaseUntil <= performance.now() && (!row.answer || row.keepUntil <= now));
    if (!free) {
      const taken = row.answer
        ? { kind: 'answered' as const, answer: row.answer }
        : { kind: 'under-way' as const, attemptId: row.attemptId };
      return Promise.resolve(taken);
    }
    const attempts = row && !row.answer ? row.attempts + 1 : 1;
    const leaseUntil = performance.now() + claim.leaseMs;
    this.rows.set(key, { attemptId, attempts, leaseUntil, keepUntil, answer: undefined });
    return Promise.resolve({ kind: 'claimed', attempt: attempts });
  }

  find(tenantId: TenantId, at: PresentationUnderTest, attemptId: string): Promise<Buffer | 'under-way' | 'ended'> {
    const row = this.rows.get(keyOf(tenantId, at));
    if (row?.answer) return Promise.resolve(row.answer);
    const underWay = row?.attemptId === attemptId && row.leaseUntil > performance.now();
    return Promise.resolve(underWay ? 'under-way' : 'ended');
  }

  answer(tenantId: TenantId, at: PresentationUnderTest, answer: Buffer, keepUntil: Date): Promise<Buffer | undefined> {
    const row = this.rows.get(keyOf(tenantId, at));
    if (row && !row.answer) Object.assign(row, { answer, keepUntil, leaseUntil: performance.now() });
    return Promise.resolve(row?.answer);
  }

  release(tenantId: TenantId, at: PresentationUnderTest, attemptId: string): Promise<void> {
    const row = this.rows.get(keyOf(tenantId, at));
    if (row?.attemptId === attemptId && !row.answer) row.leaseUntil = performance.now();
    return Promise.resolve();
  }
}
