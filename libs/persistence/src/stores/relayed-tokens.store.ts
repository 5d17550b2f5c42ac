import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** One presentation of a code or refresh token; the hash is keyed by the broker. */
export interface RelayedPresentation {
  readonly skillId: string;
  readonly tokenHash: Buffer;
}

export interface RelayClaim extends RelayedPresentation {
  readonly attemptId: string;
  /** How long nobody else may present the token, by the database's clock. */
  readonly leaseMs: number;
  readonly keepUntil: Date;
}

/** What a claim led to. `attempt` counts from 1. */
export type RelayClaimed =
  | { readonly kind: 'claimed'; readonly attempt: number }
  | { readonly kind: 'answered'; readonly answer: Buffer }
  | { readonly kind: 'under-way'; readonly attemptId: string };

/**
 * What an existing server answered for the codes and refresh tokens that Alexa presented, each presented by one caller at
 * a time. Answers are sealed under what was presented: the store can read none.
 * @see ADR 0018
 */
export class RelayedTokensStore {
  constructor(private readonly database: Database) {}

  /** Takes the right to present a token, or tells what keeps it from the caller. */
  async claim(tenantId: TenantId, claim: RelayClaim, now: Date, deadline: Deadline): Promise<RelayClaimed> {
    const { skillId, tokenHash, attemptId, leaseMs, keepUntil } = claim;
    const [row] = await this.database.query<ClaimRow>(
      CLAIM,
      [tenantId, skillId, tokenHash, attemptId, `${String(leaseMs)} milliseconds`, keepUntil, now],
      deadline,
    );
    // Neither inserted nor found: forgotten in between. Whoever comes next finds it free.
    if (!row) return { kind: 'under-way', attemptId };
    if (row.claimed !== null) return { kind: 'claimed', attempt: row.claimed };
    return row.answer ? { kind: 'answered', answer: row.answer } : { kind: 'under-way', attemptId: row.holder };
  }

  /** What has become of somebody's attempt: its answer, that it is under way, or that it ended without one. */
  async find(
    tenantId: TenantId,
    { skillId, tokenHash }: RelayedPresentation,
    attemptId: string,
    deadline: Deadline,
  ): Promise<Buffer | 'under-way' | 'ended'> {
    const [row] = await this.database.query<{ under_way: boolean; answer: Buffer | null }>(
      FIND,
      [tenantId, skillId, tokenHash, attemptId],
      deadline,
    );
    if (row?.answer) return row.answer;
    return row?.under_way ? 'under-way' : 'ended';
  }

  /** Keeps an answer, unless there is one already; answers the one that is kept. Safe to repeat. */
  async answer(
    tenantId: TenantId,
    { skillId, tokenHash }: RelayedPresentation,
    answer: Buffer,
    keepUntil: Date,
    deadline: Deadline,
  ): Promise<Buffer | undefined> {
    const [row] = await this.database.query<{ answer_relayed_token: Buffer | null }>(
      ANSWER,
      [tenantId, skillId, tokenHash, answer, keepUntil],
      deadline,
    );
    return row?.answer_relayed_token ?? undefined;
  }

  /** Ends an attempt that brought no answer, so that the next one need not wait for its lease. */
  async release(
    tenantId: TenantId,
    { skillId, tokenHash }: RelayedPresentation,
    attemptId: string,
    deadline: Deadline,
  ): Promise<void> {
    await this.database.query(RELEASE, [tenantId, skillId, tokenHash, attemptId], deadline);
  }
}

const CLAIM = {
  name: 'claim_relayed_token',
  text: `SELECT * FROM linkbroker.claim_relayed_token($1, $2, $3, $4, $5, $6, $7)`,
};
const FIND = { name: 'find_relayed_token', text: 'SELECT * FROM linkbroker.find_relayed_token($1, $2, $3, $4)' };
const ANSWER = {
  name: 'answer_relayed_token',
  text: 'SELECT linkbroker.answer_relayed_token($1, $2, $3, $4, $5)',
};
const RELEASE = {
  name: 'release_relayed_token',
  text: 'SELECT linkbroker.release_relayed_token($1, $2, $3, $4)',
};

interface ClaimRow {
  readonly claimed: number | null;
  readonly holder: string;
  readonly answer: Buffer | null;
}
