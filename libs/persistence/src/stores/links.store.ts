import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** What tying a link takes. `newLinkId` is used only when the tie does not exist yet. */
interface LinkTie {
  readonly skillId: string;
  readonly connectorId: string;
  readonly subject: string;
  readonly tokenSetId: string;
  readonly newLinkId: string;
  readonly grantId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/** A link with a pending grant. */
export interface LinkCompletion extends LinkTie {
  readonly codeHash: Buffer;
  readonly codeExpiresAt: Date;
  readonly codeChallenge: string | null;
}

/** A link with an implicit grant: its only token is issued already. */
export interface ImplicitLinkCompletion extends LinkTie {
  readonly accessSecretHash: Buffer;
  readonly signingKeyId: number;
  readonly expiresAt: Date;
}

/** The link that a repair renews. */
export interface StoredRepairTarget {
  readonly linkId: string;
  readonly skillId: string;
  /** The client id that Alexa uses for the skill. */
  readonly clientId: string;
  readonly connectorId: string;
  readonly subject: string;
  /** Whether Alexa holds a grant of it that works. */
  readonly live: boolean;
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

  /** The same with a grant that is issued, and ends at `expiresAt`; tells that the link is there. */
  async completeImplicit(
    tenantId: TenantId,
    link: ImplicitLinkCompletion,
    now: Date,
    deadline: Deadline,
  ): Promise<string | undefined> {
    const values = [
      tenantId,
      link.skillId,
      link.connectorId,
      link.subject,
      link.tokenSetId,
      link.newLinkId,
      link.grantId,
      link.accessSecretHash,
      link.signingKeyId,
      link.expiresAt,
      link.redirectUri,
      link.scopes,
      now,
    ];
    const [row] = await this.database.query<{ complete_implicit_link: string | null }>(IMPLICIT, values, deadline);
    return row?.complete_implicit_link ?? undefined;
  }

  /** Leaves one more pending grant of a link; false where the skill has no such link whose sign-in goes on. */
  async grantAgain(
    tenantId: TenantId,
    grant: Pick<LinkCompletion, 'skillId' | 'grantId' | 'codeHash' | 'codeExpiresAt' | 'redirectUri' | 'scopes'> & {
      readonly linkId: string;
    },
    now: Date,
    deadline: Deadline,
  ): Promise<boolean> {
    const values = [
      ...[tenantId, grant.skillId, grant.linkId, grant.grantId, grant.codeHash, grant.codeExpiresAt],
      ...[grant.redirectUri, grant.scopes, now],
    ];
    const [row] = await this.database.query<{ grant_link_again: boolean }>(AGAIN, values, deadline);
    return row?.grant_link_again ?? false;
  }

  /** Undefined for a link that this tenant does not have. */
  async findRepairTarget(
    tenantId: TenantId,
    linkId: string,
    deadline: Deadline,
  ): Promise<StoredRepairTarget | undefined> {
    const [row] = await this.database.query<RepairTargetRow>(FIND_REPAIR_TARGET, [tenantId, linkId], deadline);
    return (
      row && {
        linkId: row.link_id,
        skillId: row.skill_id,
        clientId: row.client_id,
        connectorId: row.connector_id,
        subject: row.subject,
        live: row.live,
      }
    );
  }
}

const COMPLETE = {
  name: 'complete_link',
  text: 'SELECT linkbroker.complete_link($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
};
const IMPLICIT = {
  name: 'complete_implicit_link',
  text: 'SELECT linkbroker.complete_implicit_link($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
};
const AGAIN = {
  name: 'grant_link_again',
  text: 'SELECT linkbroker.grant_link_again($1, $2, $3, $4, $5, $6, $7, $8, $9)',
};
const FIND_REPAIR_TARGET = {
  name: 'find_repair_target',
  text: 'SELECT * FROM linkbroker.find_repair_target($1, $2)',
};

interface RepairTargetRow {
  readonly link_id: string;
  readonly skill_id: string;
  readonly client_id: string;
  readonly connector_id: string;
  readonly subject: string;
  readonly live: boolean;
}
