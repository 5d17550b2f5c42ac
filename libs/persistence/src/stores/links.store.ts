import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** A stored token set as far as a re-link must know it. */
export interface FoundTokenSet {
  readonly id: string;
  readonly version: number;
  readonly scopes: readonly string[];
  readonly hasRefreshToken: boolean;
}

/** One version of a token set, sealed for exactly this row and version. */
export interface SealedTokenSet {
  readonly id: string;
  readonly connectorId: string;
  readonly subject: string;
  readonly version: number;
  readonly scopes: readonly string[];
  readonly hasRefreshToken: boolean;
  readonly accessExpiresAt: Date | null;
  readonly sealed: Buffer;
}

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

/** Links and the upstream token sets they point to. */
export class LinksStore {
  constructor(private readonly database: Database) {}

  async findTokenSet(
    tenantId: TenantId,
    connectorId: string,
    subject: string,
    deadline: Deadline,
  ): Promise<FoundTokenSet | undefined> {
    const [row] = await this.database.query<TokenSetRow>(FIND_TOKEN_SET, [tenantId, connectorId, subject], deadline);
    return row && { id: row.id, version: row.version, scopes: row.scopes, hasRefreshToken: row.has_refresh_token };
  }

  /** Stores the next version of a set; false when another writer was first and the caller must read again. */
  async storeTokenSet(tenantId: TenantId, set: SealedTokenSet, now: Date, deadline: Deadline): Promise<boolean> {
    const values = [
      tenantId,
      set.id,
      set.connectorId,
      set.subject,
      set.version,
      set.scopes,
      set.hasRefreshToken,
      set.accessExpiresAt,
      set.sealed,
      now,
    ];
    const [row] = await this.database.query<{ store_token_set: boolean }>(STORE_TOKEN_SET, values, deadline);
    return row?.store_token_set ?? false;
  }

  /** Ties the link and leaves a pending grant with its code; returns the link's id. */
  async complete(tenantId: TenantId, link: LinkCompletion, now: Date, deadline: Deadline): Promise<string> {
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
    const [row] = await this.database.query<{ complete_link: string }>(COMPLETE, values, deadline);
    if (!row) throw new Error('complete_link returned no row');
    return row.complete_link;
  }
}

const FIND_TOKEN_SET = { name: 'find_token_set', text: 'SELECT * FROM linkbroker.find_token_set($1, $2, $3)' };
const STORE_TOKEN_SET = {
  name: 'store_token_set',
  text: 'SELECT linkbroker.store_token_set($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
};
const COMPLETE = {
  name: 'complete_link',
  text: 'SELECT linkbroker.complete_link($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
};

interface TokenSetRow {
  readonly id: string;
  readonly version: number;
  readonly scopes: string[];
  readonly has_refresh_token: boolean;
}
