import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** What finishing a link writes. `newLinkId` is used only when the tie does not exist yet. */
export interface LinkCompletion {
  readonly skillId: string;
  readonly connectorId: string;
  readonly subject: string;
  readonly tokenSetId: string;
  readonly newLinkId: string;
  readonly grantId: string;
  readonly codeHash: Buffer;
  readonly codeExpiresAt: Date;
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
  readonly scopes: readonly string[];
}

/** Links: the durable tie of a skill and an upstream subject. */
export class LinksStore {
  constructor(private readonly database: Database) {}

  /**
   * Ties the link, leaves a pending grant with its code and cancels held revocations of its domain; returns the link's id.
   * Undefined when a revocation of the domain is being carried out, with which the new tokens die.
   */
  async complete(tenantId: TenantId, link: LinkCompletion, now: Date, deadline: Deadline): Promise<string | undefined> {
    const values = [
      tenantId,
      link.skillId,
      link.connectorId,
      link.subject,
      link.tokenSetId,
      link.newLinkId,
      link.grantId,
      link.codeHash,
      link.codeExpiresAt,
      link.redirectUri,
      link.codeChallenge,
      link.scopes,
      now,
    ];
    const [row] = await this.database.query<{ complete_link: string | null }>(COMPLETE, values, deadline);
    return row?.complete_link ?? undefined;
  }
}

const COMPLETE = {
  name: 'complete_link',
  text: 'SELECT linkbroker.complete_link($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
};
