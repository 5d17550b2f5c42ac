import { exportConfigFile, planClosing } from '@linkbroker/configuration';
import {
  asTenantId,
  CHANGE_TENANT,
  CREATE_TENANT,
  DELETE_TENANT,
  EXPORT_CONFIG,
  GET_TENANT,
  LIST_TENANTS,
  type ApiAnswer,
  type ApiInput,
  type TenantId,
} from '@linkbroker/contracts';
import { SlugTaken, type ListedTenant, type TenantRecord } from '@linkbroker/persistence';
import { Controller, Inject } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { auditOfCall } from '../http/audit-of-call.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { pageAnswer, readCursor } from '../http/cursor.js';
import { checkUnchanged, movedProblem } from '../http/check-unchanged.js';
import { conflict, notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import { writePlanned } from '../configuration/write-planned.js';
import { checkFreshProof } from '../sign-in/check-fresh-proof.js';
import type { Caller } from '../sign-in/caller.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';

const SLUG = /^[a-z0-9-]{1,63}$/;

/** Tenants: all of them for operators, one for its members. */
@Controller()
export class TenantsController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LIST_TENANTS)
  async list(@InputOf() { query }: ApiInput<typeof LIST_TENANTS>): Promise<ApiAnswer<typeof LIST_TENANTS>> {
    const found = await this.needs.tenants.list(
      readCursor(query.cursor, (text) => SLUG.test(text)),
      query.limit + 1,
    );
    return pageAnswer(found, query.limit, toListed, ({ slug }) => slug);
  }

  @ApiEndpoint(CREATE_TENANT)
  async create(
    @CallerOf() caller: Caller,
    @InputOf() { body }: ApiInput<typeof CREATE_TENANT>,
  ): Promise<ApiAnswer<typeof CREATE_TENANT>> {
    const tenantId = asTenantId(randomUUID());
    const now = this.needs.now();
    const audit = auditOfCall(caller, now, { action: 'tenant.create', subject: body.slug, diff: body });
    try {
      await this.needs.configuration.write(tenantId, [{ kind: 'create-tenant', ...body }], now, { audit });
    } catch (error) {
      if (error instanceof SlugTaken)
        throw conflict(`There is a tenant ${body.slug} already, or one that is being deleted.`);
      throw error;
    }
    return this.read(tenantId);
  }

  @ApiEndpoint(GET_TENANT)
  async get(@CallerOf() caller: Caller): Promise<ApiAnswer<typeof GET_TENANT>> {
    return this.read(tenantOfCall(caller));
  }

  @ApiEndpoint(CHANGE_TENANT)
  async change(
    @CallerOf() caller: Caller,
    @InputOf() { body, ifMatch }: ApiInput<typeof CHANGE_TENANT>,
  ): Promise<ApiAnswer<typeof CHANGE_TENANT>> {
    const tenantId = tenantOfCall(caller);
    const from = await this.needs.configuration.read(tenantId);
    const before = await this.read(tenantId);
    checkUnchanged(GET_TENANT, before, ifMatch);
    const fields = { name: body.name ?? before.name, timelineDays: body.timelineDays ?? before.timelineDays };
    const now = this.needs.now();
    const audit = auditOfCall(caller, now, { action: 'tenant.change', subject: caller.tenantSlug ?? '', diff: body });
    const change = { kind: 'update-tenant' as const, ...fields };
    await this.needs.configuration.write(tenantId, [change], now, { audit, from }).catch((error: unknown) => {
      throw movedProblem(error);
    });
    return this.read(tenantId);
  }

  @ApiEndpoint(DELETE_TENANT)
  async delete(
    @CallerOf() caller: Caller,
    @InputOf() { params, query }: ApiInput<typeof DELETE_TENANT>,
  ): Promise<ApiAnswer<typeof DELETE_TENANT>> {
    checkFreshProof(this.needs, caller);
    const tenantId = tenantOfCall(caller);
    const from = await this.needs.configuration.read(tenantId);
    const planned = await planClosing(this.needs.planning, tenantId, from, query.liveGrants);
    const deed = { action: 'tenant.delete', subject: params.tenant };
    const { changes } = await writePlanned(this.needs, caller, deed, { from, changes: planned });
    return { changes };
  }

  @ApiEndpoint(EXPORT_CONFIG)
  async export(@CallerOf() caller: Caller, @InputOf() { params }: ApiInput<typeof EXPORT_CONFIG>): Promise<string> {
    return exportConfigFile(params.tenant, await this.needs.configuration.read(tenantOfCall(caller)));
  }

  private async read(tenantId: TenantId) {
    const found = await this.needs.tenants.find(tenantId);
    if (!found) throw notFound('There is no such tenant.');
    return toWire(found);
  }
}

const toWire = ({ slug, name, timelineDays, createdAt }: TenantRecord) => ({
  ...{ slug, name, timelineDays },
  createdAt: createdAt.toISOString(),
});

const toListed = ({ closedAt, ...tenant }: ListedTenant) => ({
  ...toWire(tenant),
  closedAt: closedAt?.toISOString() ?? null,
});
