import type { Deadline, Skill, TenantId } from '@linkbroker/contracts';
import { accessSecretOf, adoptedSecretOf, sha256, unavailable } from '@linkbroker/protocol';
import type { Ambient } from './needs.js';

type ForeignKind = 'refresh' | 'access';

interface FoundForeignToken {
  readonly kind: ForeignKind;
  readonly state: 'pending' | 'adopted' | 'refused';
  readonly grantId: string | null;
  readonly linkId: string | null;
  readonly used: boolean;
  readonly expiresAt: Date;
}

export interface ForeignTokensNeeds extends Pick<Ambient, 'now' | 'trace'> {
  /** Tokens of other servers whose links were imported. */
  readonly foreignTokens: {
    find(
      tenantId: TenantId,
      skillId: string,
      token: { kinds: readonly ForeignKind[]; sha256: Buffer },
      deadline: Deadline,
    ): Promise<FoundForeignToken | undefined>;
    claimGrant(
      tenantId: TenantId,
      grant: { skillId: string; grantId: string; secretHash: Buffer; accessSecretHash: Buffer; now: Date },
      deadline: Deadline,
    ): Promise<boolean>;
  };
}

/** A token of another server that is good, and the grant it stands for. */
export interface ForeignToken {
  readonly kind: ForeignKind;
  readonly grantId: string;
  readonly linkId: string | null;
  readonly used: boolean;
  readonly expiresAt: Date;
}

type SkillOfToken = Pick<Skill, 'id' | 'tenantId' | 'foreignTokens'>;

/**
 * Finds what a token stands for that is not ours and that the server before may have issued. Of a skill that has imported
 * no links it is known without I/O that there is nothing.
 * @returns undefined when the stores answered, and it is not known, refused or past its end
 * @throws OAuthError `temporarily_unavailable` as long as its line has not been proved: nobody is unlinked for being early
 * @see ADR 0023
 */
export async function findForeignToken(
  needs: ForeignTokensNeeds,
  skill: SkillOfToken,
  token: string,
  kinds: readonly ForeignKind[],
  deadline: Deadline,
): Promise<ForeignToken | undefined> {
  if (!skill.foreignTokens) return undefined;
  const presented = { kinds, sha256: sha256(token) };
  const found = await needs.foreignTokens.find(skill.tenantId, skill.id, presented, deadline);
  if (!found || found.state === 'refused' || found.expiresAt <= needs.now()) return undefined;
  const { kind, grantId, linkId, used, expiresAt } = found;
  if (grantId === null) throw unavailable(new Error('the imported link of a token has not been proved yet'));
  return { kind, grantId, linkId, used, expiresAt };
}

/**
 * The secret of the grant that another server's refresh token stands for. The first time, it is written to the grant, in
 * the form of its hash; two who come at once derive the same.
 * @returns 16 octets
 * @see ADR 0023
 */
export async function claimForeignGrant(
  needs: ForeignTokensNeeds,
  skill: SkillOfToken,
  token: string,
  { grantId, linkId, used }: ForeignToken,
  deadline: Deadline,
): Promise<Buffer> {
  const secret = adoptedSecretOf(token, grantId);
  if (used) return secret;
  const hashes = { secretHash: sha256(secret), accessSecretHash: sha256(accessSecretOf(secret)) };
  const grant = { skillId: skill.id, grantId, ...hashes, now: needs.now() };
  const first = await needs.foreignTokens.claimGrant(skill.tenantId, grant, deadline);
  const where = { tenantId: skill.tenantId, skillId: skill.id, grantId, ...(linkId !== null && { linkId }) };
  if (first) needs.trace({ name: 'grant.adopted', ...where });
  return secret;
}
