import type { TenantId } from '@linkbroker/contracts';
import { decideRefresh, type ChainState, type Checkpoint } from '@linkbroker/protocol';
import type { GrantsUnderTest, PendingGrant } from './grants-under-test.js';

interface Row extends PendingGrant {
  readonly tenantId: TenantId;
  consumedAt: Date | null;
  revokedAt: Date | null;
  accessEndedAt: Date | null;
  secretHash: Buffer | null;
  accessSecretHash: Buffer | null;
  macKeyId: number;
  chain: ChainState;
}

/** Grants in memory, settled by the pure rule: the other end of the store conformance suite. */
export class MemoryGrants implements GrantsUnderTest {
  private readonly rows: Row[] = [];

  issue(tenantId: TenantId, pending: PendingGrant): Promise<void> {
    this.rows.push({
      ...pending,
      tenantId,
      consumedAt: null,
      revokedAt: null,
      accessEndedAt: null,
      secretHash: null,
      accessSecretHash: null,
      macKeyId: 0,
      chain: { generation: 0, generationAt: 0, checkpoints: [] },
    });
    return Promise.resolve();
  }

  redeem: GrantsUnderTest['redeem'] = (tenantId, code) => {
    const row = this.rows.find(
      (candidate) =>
        candidate.tenantId === tenantId &&
        candidate.skillId === code.skillId &&
        candidate.codeHash.equals(code.codeHash) &&
        candidate.consumedAt === null &&
        candidate.revokedAt === null &&
        candidate.codeExpiresAt > code.now &&
        (code.redirectUri === null || code.redirectUri === candidate.redirectUri) &&
        candidate.codeChallenge === code.codeChallenge,
    );
    if (!row) return Promise.resolve(undefined);
    row.consumedAt = code.now;
    row.secretHash = code.secretHash;
    row.accessSecretHash = code.accessSecretHash;
    row.macKeyId = code.signingKeyId;
    row.chain = { generation: 1, generationAt: code.now.getTime() / 1000, checkpoints: [] };
    return Promise.resolve({ grantId: row.grantId, linkId: row.linkId, scopes: row.scopes });
  };

  refresh: GrantsUnderTest['refresh'] = (tenantId, attempt) => {
    const row = this.own(tenantId, attempt.skillId, attempt.grantId);
    if (!row?.secretHash?.equals(attempt.secretHash) || row.revokedAt) return Promise.resolve(undefined);
    const verdict = decideRefresh(row.chain, attempt.presented, attempt.keep, attempt.now.getTime() / 1000);
    if (verdict.outcome === 'too-old') return Promise.resolve(undefined);
    const generationBefore = row.chain.generation;
    if (verdict.outcome !== 'replayed') row.macKeyId = attempt.signingKeyId;
    row.chain = verdict.next;
    const { generation } = row.chain;
    return Promise.resolve({
      generation,
      generationBefore,
      macKeyId: row.macKeyId,
      linkId: row.linkId,
      scopes: row.scopes,
    });
  };

  find: GrantsUnderTest['find'] = (tenantId, skillId, grantId) => {
    const row = this.own(tenantId, skillId, grantId);
    if (!row) return Promise.resolve(undefined);
    const checkpoints: readonly Checkpoint[] = row.chain.checkpoints;
    return Promise.resolve({ ...row, ...row.chain, checkpoints });
  };

  revoke: GrantsUnderTest['revoke'] = (tenantId, { skillId, grantId, secretHash, now }) => {
    const row = this.own(tenantId, skillId, grantId);
    if (!row?.secretHash?.equals(secretHash) || row.revokedAt) return Promise.resolve(false);
    row.revokedAt = now;
    return Promise.resolve(true);
  };

  endAccessTokens: GrantsUnderTest['endAccessTokens'] = (tenantId, { skillId, grantId, accessSecretHash, until }) => {
    const row = this.own(tenantId, skillId, grantId);
    if (!row?.accessSecretHash?.equals(accessSecretHash)) return Promise.resolve(false);
    if (!row.accessEndedAt || row.accessEndedAt < until) row.accessEndedAt = until;
    return Promise.resolve(true);
  };

  private own(tenantId: TenantId, skillId: string, grantId: string): Row | undefined {
    return this.rows.find((row) => row.tenantId === tenantId && row.skillId === skillId && row.grantId === grantId);
  }
}
