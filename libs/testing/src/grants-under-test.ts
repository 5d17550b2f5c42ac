import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Checkpoint } from '@linkbroker/protocol';

/** A grant whose code waits to be redeemed. */
export interface PendingGrant {
  readonly grantId: string;
  readonly skillId: string;
  readonly linkId: string;
  readonly codeHash: Buffer;
  readonly codeExpiresAt: Date;
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
  readonly scopes: readonly string[];
}

export interface RedemptionUnderTest {
  readonly skillId: string;
  readonly codeHash: Buffer;
  readonly redirectUri: string | null;
  readonly codeChallenge: string | null;
  readonly secretHash: Buffer;
  readonly accessSecretHash: Buffer;
  readonly signingKeyId: number;
  readonly now: Date;
}

export interface RefreshUnderTest {
  readonly skillId: string;
  readonly grantId: string;
  readonly secretHash: Buffer;
  readonly presented: number;
  readonly keep: number | null;
  readonly signingKeyId: number;
  readonly now: Date;
}

/** What a grants store must do; the conformance suite holds every one to it. */
export interface GrantsUnderTest {
  redeem(
    tenantId: TenantId,
    code: RedemptionUnderTest,
    deadline: Deadline,
  ): Promise<{ grantId: string; linkId: string; scopes: readonly string[] } | undefined>;
  refresh(
    tenantId: TenantId,
    attempt: RefreshUnderTest,
    deadline: Deadline,
  ): Promise<
    | { generation: number; generationBefore: number; macKeyId: number; linkId: string; scopes: readonly string[] }
    | undefined
  >;
  find(
    tenantId: TenantId,
    skillId: string,
    grantId: string,
    deadline: Deadline,
  ): Promise<
    | {
        linkId: string;
        generation: number;
        generationAt: number;
        checkpoints: readonly Checkpoint[];
        macKeyId: number;
        accessEndedAt: Date | null;
        revokedAt: Date | null;
      }
    | undefined
  >;
  revoke(
    tenantId: TenantId,
    grant: { skillId: string; grantId: string; secretHash: Buffer; reason: string; now: Date },
    deadline: Deadline,
  ): Promise<boolean>;
  endAccessTokens(
    tenantId: TenantId,
    grant: { skillId: string; grantId: string; accessSecretHash: Buffer; until: Date },
    deadline: Deadline,
  ): Promise<boolean>;
}

/** A store with one tenant's skill and link ready in it. */
export interface GrantsFixture {
  readonly grants: GrantsUnderTest;
  readonly tenantId: TenantId;
  readonly skillId: string;
  readonly linkId: string;
  /** Another tenant, with a skill of its own. */
  readonly other: { readonly tenantId: TenantId; readonly skillId: string };
  issue(tenantId: TenantId, pending: PendingGrant): Promise<void>;
}
