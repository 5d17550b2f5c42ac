import {
  GET_LINK,
  LIST_LINKS,
  MAKE_REPAIR_LINK,
  REFRESH_LINK,
  REVOKE_LINK,
  type ApiAnswer,
  type ApiInput,
} from '@linkbroker/contracts';
import { repairUrl, REPAIR_MS } from '@linkbroker/linking';
import type { ListedLink } from '@linkbroker/persistence';
import { isUuid } from '@linkbroker/protocol';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { actorOfCall, auditOfCall } from '../http/audit-of-call.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { pageAnswer, readCursor } from '../http/cursor.js';
import { conflict, notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';

const STATEMENT_MS = 5_000;
/** Who it was, in the words of a timeline: nobody's name. */
const REVOKERS = { person: 'a member', 'api-key': 'an API key', 'operator-key': 'the operator', command: 'a command' };

/** Links of a tenant. */
@Controller()
export class LinksController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LIST_LINKS)
  async list(
    @CallerOf() caller: Caller,
    @InputOf() { query }: ApiInput<typeof LIST_LINKS>,
  ): Promise<ApiAnswer<typeof LIST_LINKS>> {
    const { limit, cursor, ...fits } = query;
    const found = await this.needs.links.page(
      tenantOfCall(caller),
      { ...fits, after: readCursor(cursor, isUuid) },
      limit + 1,
    );
    return pageAnswer(found, limit, toWire, ({ id }) => id);
  }

  @ApiEndpoint(GET_LINK)
  async get(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof GET_LINK>,
  ): Promise<ApiAnswer<typeof GET_LINK>> {
    const found = await this.needs.links.find(tenantOfCall(caller), linkIdOf(params));
    if (!found) throw noSuchLink();
    const { provider, accessExpiresAt, refreshDueAt, grants } = found;
    return {
      ...toWire(found),
      provider,
      accessExpiresAt: accessExpiresAt?.toISOString() ?? null,
      refreshDueAt: refreshDueAt?.toISOString() ?? null,
      grants: grants.map((grant) => ({
        ...grant,
        createdAt: grant.createdAt.toISOString(),
        redeemedAt: grant.redeemedAt?.toISOString() ?? null,
        lastRefreshedAt: grant.lastRefreshedAt?.toISOString() ?? null,
        revokedAt: grant.revokedAt?.toISOString() ?? null,
        scopes: [...grant.scopes],
      })),
    };
  }

  @ApiEndpoint(REFRESH_LINK)
  async refresh(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof REFRESH_LINK>,
  ): Promise<ApiAnswer<typeof REFRESH_LINK>> {
    const link = linkIdOf(params);
    const tenantId = tenantOfCall(caller);
    const now = this.needs.now();
    const audit = auditOfCall(caller, now, { action: 'link.refresh', subject: link });
    const due = await this.needs.links.hasten(tenantId, link, now, audit);
    if (due) return { refreshDueAt: due.toISOString() };
    if (!(await this.needs.links.find(tenantId, link))) throw noSuchLink();
    throw conflict('The sign-in has ended, or its provider gave nothing to renew it with.');
  }

  @ApiEndpoint(MAKE_REPAIR_LINK)
  async repair(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof MAKE_REPAIR_LINK>,
  ): Promise<ApiAnswer<typeof MAKE_REPAIR_LINK>> {
    const linkId = linkIdOf(params);
    const tenantId = tenantOfCall(caller);
    const found = await this.needs.links.find(tenantId, linkId);
    if (!found) throw noSuchLink();
    if (found.liveGrants === 0)
      throw conflict('Alexa is not linked through it any more: the household has to link again in the Alexa app.');
    const now = this.needs.now();
    const { macKeys: keys, brokerUrl: publicUrl } = this.needs;
    await keys.load(now, performance.now() + STATEMENT_MS);
    await this.needs.auditLog.append(tenantId, auditOfCall(caller, now, { action: 'link.repair', subject: linkId }));
    const expiresAt = new Date(now.getTime() + REPAIR_MS).toISOString();
    return { url: repairUrl({ keys, publicUrl }, { tenantId, linkId }, now), expiresAt };
  }

  @ApiEndpoint(REVOKE_LINK)
  async revoke(
    @CallerOf() caller: Caller,
    @InputOf() { params, body }: ApiInput<typeof REVOKE_LINK>,
  ): Promise<ApiAnswer<typeof REVOKE_LINK>> {
    const link = linkIdOf(params);
    const now = this.needs.now();
    const { reason } = body;
    const revokedGrants = await this.needs.links.revoke(
      tenantOfCall(caller),
      { id: link, reason: `revoked by ${REVOKERS[actorOfCall(caller).kind]}: ${reason}`, now },
      (count) =>
        auditOfCall(caller, now, { action: 'link.revoke', subject: link, diff: { revokedGrants: count, reason } }),
    );
    if (revokedGrants === undefined) throw noSuchLink();
    return { revokedGrants };
  }
}

const noSuchLink = () => notFound('There is no such link.');

function linkIdOf({ link }: { readonly link: string }): string {
  if (!isUuid(link)) throw noSuchLink();
  return link;
}

const toWire = ({ id, skill, connector, state, liveGrants, lastError, failures, createdAt }: ListedLink) => ({
  ...{ id, skill, connector, state, liveGrants, lastError, failures },
  createdAt: createdAt.toISOString(),
});
