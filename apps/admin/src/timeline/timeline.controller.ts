import { findCausesOfSteps } from '@linkbroker/alexa';
import type { TenantId } from '@linkbroker/contracts';
import { stateFingerprint } from '@linkbroker/linking';
import type { TimelineSkill } from '@linkbroker/persistence';
import { Controller, Get, Inject, Param, Query, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiGuard } from '../http/api.guard.js';
import { badRequest, notFound } from '../http/problem.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../status.js';
import { readAttempt, readLinkTimeline, type ReadTimeline } from './read-timeline.js';
import { writeSupportCase } from './write-support-case.js';
import { readLimit, readTraceQuery, type TraceQuery } from './trace-query.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Timelines, for the operator. @see docs/timeline.md */
@Controller('api/v1')
@UseGuards(ApiGuard)
export class TimelineController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @Get('links/:id/timeline')
  async ofLink(
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const unknown = Object.keys(query).find((name) => name !== 'limit');
    if (unknown !== undefined) throw badRequest(`unknown parameter ${unknown.slice(0, 60)}`);
    answer(reply, await this.timelineOf(id, readLimit(query['limit'])));
  }

  @Get('links/:id/support-case')
  async caseOfLink(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    answerText(reply, writeSupportCase(this.needs, await this.timelineOf(id, readLimit(undefined))));
  }

  @Get('traces')
  async traces(@Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    const asked = readTraceQuery(query);
    answer(reply, asked.ref === undefined ? await this.search(asked) : await this.attempt(asked.ref, asked.limit));
  }

  @Get('support-case')
  async caseOfAttempt(@Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    const { ref, tenant = '', at, limit } = readTraceQuery(query);
    if (ref === undefined && at === undefined)
      throw badRequest('give ref, the reference that the household was shown, or tenant and at, the time');
    const reference = ref ?? (await this.attemptAt(tenant, at ?? this.needs.now()));
    answerText(reply, writeSupportCase(this.needs, await this.attempt(reference, limit)));
  }

  private async timelineOf(id: string, limit: number): Promise<ReadTimeline> {
    const found = UUID.test(id) ? await readLinkTimeline(this.needs, id, limit) : undefined;
    if (!found) throw notFound('There is no such link.');
    return found;
  }

  private async attempt(reference: string, limit: number): Promise<ReadTimeline> {
    const found = await readAttempt(this.needs, reference, limit);
    if (!found) throw notFound('No timeline knows this reference. It may be older than its tenant keeps, or mistyped.');
    return found;
  }

  /** The attempt of a tenant that something happened in nearest to a time. */
  private async attemptAt(tenant: string, at: Date): Promise<string> {
    const { entries } = await this.needs.timelines.search(await this.tenantOf(tenant), around(at), MOST_AROUND);
    const [nearest] = entries
      .flatMap((entry) => (entry.reference === null ? [] : { reference: entry.reference, off: offBy(entry.at, at) }))
      .sort((a, b) => a.off - b.off);
    if (!nearest) throw notFound(`No attempt of ${tenant} is known within ten minutes of ${at.toISOString()}.`);
    return nearest.reference;
  }

  private async tenantOf(slug: string): Promise<TenantId> {
    const tenantId = await this.needs.resolveTenant(slug);
    if (!tenantId) throw notFound(`There is no tenant ${slug}.`);
    return tenantId;
  }

  private async search({ tenant = '', skill, state, at, limit, ...rest }: TraceQuery): Promise<object> {
    const tenantId = await this.tenantOf(tenant);
    const known = skill === undefined ? undefined : await this.skillOf(tenantId, skill);
    const fits = {
      ...(at && around(at)),
      ...rest,
      ...(known && { skillId: known.id }),
      ...(state !== undefined && { stateFingerprint: stateFingerprint(this.needs.fingerprint, tenantId, state) }),
    };
    const { entries, before } = await this.needs.timelines.search(tenantId, fits, limit);
    const facts = {
      now: this.needs.now(),
      accessTokenTtl: 0,
      live: false,
      sendsEvents: false,
      redirectUris: known?.redirectUris ?? [],
    };
    return { tenantId, entries, causes: findCausesOfSteps(entries, facts), before };
  }

  private async skillOf(tenantId: TenantId, slug: string): Promise<TimelineSkill> {
    const skill = await this.needs.timelines.skillBySlug(tenantId, slug);
    if (!skill) throw notFound(`The tenant has no skill ${slug}.`);
    return skill;
  }
}

const AROUND_MS = 10 * 60_000;
const MOST_AROUND = 1_000;

const around = (at: Date): { from: Date; before: string } => ({
  from: new Date(at.getTime() - AROUND_MS),
  before: new Date(at.getTime() + AROUND_MS).toISOString(),
});
const offBy = (one: Date, other: Date): number => Math.abs(one.getTime() - other.getTime());

function answer(reply: FastifyReply, body: object): void {
  reply.header('cache-control', 'no-store').send(body);
}

function answerText(reply: FastifyReply, text: string): void {
  reply.header('cache-control', 'no-store').header('content-type', 'text/plain; charset=utf-8').send(text);
}
