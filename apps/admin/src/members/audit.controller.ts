import {
  LIST_AUDIT,
  LIST_TENANT_AUDIT,
  VERIFY_AUDIT,
  type ApiAnswer,
  type ApiInput,
  type TenantId,
} from '@linkbroker/contracts';
import type { LoggedAuditEntry } from '@linkbroker/persistence';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { pageAnswer, readCursor } from '../http/cursor.js';
import { notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';

interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** What people and programs did. @see ADR 0022 */
@Controller()
export class AuditController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LIST_TENANT_AUDIT)
  ofTenant(
    @CallerOf() caller: Caller,
    @InputOf() { query }: ApiInput<typeof LIST_TENANT_AUDIT>,
  ): Promise<ApiAnswer<typeof LIST_TENANT_AUDIT>> {
    return this.page(tenantOfCall(caller), query);
  }

  @ApiEndpoint(LIST_AUDIT)
  ofInstallation(@InputOf() { query }: ApiInput<typeof LIST_AUDIT>): Promise<ApiAnswer<typeof LIST_AUDIT>> {
    return this.page(null, query);
  }

  @ApiEndpoint(VERIFY_AUDIT)
  async verify(@InputOf() { body }: ApiInput<typeof VERIFY_AUDIT>): Promise<ApiAnswer<typeof VERIFY_AUDIT>> {
    if (body.tenant === undefined) return this.needs.auditLog.verify(null);
    const tenantId = await this.needs.resolveTenant(body.tenant);
    if (!tenantId) throw notFound('There is no such tenant.');
    return this.needs.auditLog.verify(tenantId);
  }

  private async page(tenantId: TenantId | null, { limit, cursor }: Page): Promise<ApiAnswer<typeof LIST_AUDIT>> {
    const before = readCursor(cursor, (text) => /^\d{1,15}$/.test(text));
    const found = await this.needs.auditLog.list(tenantId, before === undefined ? null : Number(before), limit + 1);
    return pageAnswer(found, limit, sentEntry, ({ seq }) => String(seq));
  }
}

const sentEntry = ({ at, diff, actor, ...entry }: LoggedAuditEntry) => ({
  ...entry,
  actor: { ...actor },
  diff: { ...diff },
  at: at.toISOString(),
});
