import { ROLE_PERMISSIONS, type ApiRoute, type Permission, type TenantId } from '@linkbroker/contracts';
import { isUuid } from '@linkbroker/protocol';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller, Principal } from '../sign-in/caller.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { rememberRequest } from './api-request.js';
import { routeOf } from './api-route-key.js';
import { checkForgery } from './check-forgery.js';
import { findPrincipal } from './find-principal.js';
import { ApiProblem, forbidden, notAuthenticated, notFound } from './problem.js';
import { readInput } from './read-input.js';
import { takeTurn } from './request-limit.js';

interface TenantOfCall {
  readonly tenantId: TenantId;
  readonly tenantSlug?: string;
}

/** What is found of the caller before anything else of the request is believed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const route = routeOf(context);
    const principal = await findPrincipal(this.needs, request).catch(async (error: unknown) => {
      // Whoever guesses keys is counted like anybody who has not signed in.
      if (error instanceof ApiProblem) await takeTurn(this.needs, request, undefined);
      throw error;
    });
    checkForgery(this.needs.adminUrl, request, principal);
    await takeTurn(this.needs, request, principal);
    const tenant = await this.letIn(route, principal, request.params as Readonly<Record<string, string>>);
    const caller: Caller = { principal: principal ?? null, address: request.ip, ...tenant };
    rememberRequest(request, { caller, input: readInput(route, request) });
    return true;
  }

  private async letIn(
    { access }: ApiRoute,
    principal: Principal | undefined,
    params: Readonly<Record<string, string>>,
  ): Promise<TenantOfCall | undefined> {
    if (access === 'public') return undefined;
    if (!principal) throw notAuthenticated('Sign in, or present an API key as a bearer token.');
    if (access === 'signed-in' || access === 'operator') {
      checkThatIs(access, principal);
      return 'tenant' in params ? (await this.enter(params, principal)).tenant : undefined;
    }
    const { tenant, held } = await this.enter(params, principal);
    if (held !== 'all' && !held.includes(access.tenant)) throw forbidden(`This needs the permission ${access.tenant}.`);
    return tenant;
  }

  /** The tenant of a path, and what the caller may do there. */
  private async enter(
    params: Readonly<Record<string, string>>,
    principal: Principal,
  ): Promise<{ tenant: TenantOfCall; held: readonly Permission[] | 'all' }> {
    const tenant = await this.tenantOf(params);
    // Whoever has nothing to do with a tenant does not learn that it is there.
    const held = tenant && (await this.permissionsIn(tenant.tenantId, principal));
    const missing = 'link' in params && !('tenant' in params) ? 'There is no such link.' : 'There is no such tenant.';
    if (!tenant || !held) throw notFound(missing);
    return { tenant, held };
  }

  private async tenantOf({ tenant, link }: Readonly<Record<string, string>>): Promise<TenantOfCall | undefined> {
    if (tenant !== undefined) {
      const tenantId = SLUG.test(tenant) ? await this.needs.resolveTenant(tenant) : undefined;
      return tenantId && { tenantId, tenantSlug: tenant };
    }
    const tenantId =
      link !== undefined && isUuid(link) ? await this.needs.timelines.resolve({ linkId: link }) : undefined;
    return tenantId && { tenantId };
  }

  private async permissionsIn(
    tenantId: TenantId,
    principal: Principal,
  ): Promise<readonly Permission[] | 'all' | undefined> {
    if (principal.kind === 'operator-key') return 'all';
    if (principal.kind === 'api-key') return principal.tenantId === tenantId ? principal.permissions : undefined;
    if (principal.only !== null && principal.only !== tenantId) return undefined;
    if (principal.operator && principal.secondFactorAt) return 'all';
    const role = await this.needs.access.roleOf(tenantId, principal.accountId);
    return role && ROLE_PERMISSIONS[role];
  }
}

const SLUG = /^[a-z0-9-]{1,63}$/;

function checkThatIs(who: 'signed-in' | 'operator', principal: Principal): void {
  if (who === 'signed-in') {
    if (principal.kind !== 'person') throw forbidden('This is for people who are signed in.');
    return;
  }
  if (principal.kind === 'operator-key') return;
  if (principal.kind !== 'person' || !principal.operator) throw forbidden('This is for operators.');
  if (!principal.secondFactorAt) throw forbidden('Operators need a second factor: set one up, or present it.');
}
