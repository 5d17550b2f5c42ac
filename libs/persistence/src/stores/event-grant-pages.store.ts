import type { TenantId } from '@linkbroker/contracts';
import type { DataSource } from 'typeorm';
import { asTenant } from './tenant-transaction.js';

/** The right to send events about one link to Alexa, without its tokens. */
export interface ListedEventGrant {
  readonly id: string;
  readonly link: string;
  readonly skill: string;
  readonly state: 'pending' | 'active' | 'at_risk' | 'dead' | 'ended';
  readonly createdAt: Date;
  readonly accessExpiresAt: Date | null;
  readonly refreshDueAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastAttemptAt: Date | null;
  readonly lastError: string | null;
  readonly failures: number;
}

/** Event grants of one tenant, page by page, for people. */
export class EventGrantPagesStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest `limit`, newest first; `after` is the last id of the page before, `skill` a slug. Walked by index. */
  page(
    tenantId: TenantId,
    { skill, after }: { readonly skill?: string | undefined; readonly after?: string | undefined },
    limit: number,
  ): Promise<ListedEventGrant[]> {
    return asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<ListedEventGrant[]>(PAGE, [tenantId, limit, after ?? null, skill ?? null]),
    );
  }
}

const PAGE = `
SELECT e.id, e.link_id AS link, k.slug AS skill, e.state, e.created_at AS "createdAt", e.access_expires_at AS "accessExpiresAt",
  e.refresh_due_at AS "refreshDueAt", e.last_used_at AS "lastUsedAt", e.attempt_at AS "lastAttemptAt",
  e.last_error AS "lastError", e.failures
FROM linkbroker.event_grants e JOIN linkbroker.skills k ON k.id = e.skill_id
WHERE e.tenant_id = $1 AND ($3::uuid IS NULL OR e.id < $3) AND ($4::text IS NULL OR k.slug = $4)
ORDER BY e.id DESC LIMIT $2`;
