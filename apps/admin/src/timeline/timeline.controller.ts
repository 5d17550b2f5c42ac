import { findCausesOfSteps } from '@linkbroker/alexa';
import {
  LINK_SUPPORT_CASE,
  LINK_TIMELINE,
  SEARCH_TRACES,
  SUPPORT_CASE,
  TENANT_SUPPORT_CASE,
  TENANT_TRACES,
  type ApiAnswer,
  type ApiInput,
  type TenantId,
  type TimelineAnswer,
  type TraceFilter,
} from '@linkbroker/contracts';
import { alexaUserFingerprint, alexaUserName, stateFingerprint } from '@linkbroker/linking';
import type { TimelineQuery, TimelineSkill } from '@linkbroker/persistence';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { badRequest, notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { readAttempt, readLinkTimeline, type ReadTimeline } from './read-timeline.js';
import { readReference } from './read-reference.js';
import { writeSupportCase } from './write-support-case.js';

/** As many entries as a case looks through. */
const CASE_LIMIT = 200;

interface CaseOf {
  readonly ref?: string | undefined;
  readonly at?: string | undefined;
}

/** Timelines, for whoever helps a household. @see docs/timeline.md */
@Controller()
export class TimelineController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LINK_TIMELINE)
  async ofLink(
    @CallerOf() caller: Caller,
    @InputOf() { params, query }: ApiInput<typeof LINK_TIMELINE>,
  ): Promise<ApiAnswer<typeof LINK_TIMELINE>> {
    return toWire(await this.timelineOf(tenantOfCall(caller), params.link, query.limit));
  }

  @ApiEndpoint(LINK_SUPPORT_CASE)
  async caseOfLink(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof LINK_SUPPORT_CASE>,
  ): Promise<string> {
    return writeSupportCase(this.needs, await this.timelineOf(tenantOfCall(caller), params.link, CASE_LIMIT));
  }

  @ApiEndpoint(SEARCH_TRACES)
  async traces(@InputOf() { query }: ApiInput<typeof SEARCH_TRACES>): Promise<ApiAnswer<typeof SEARCH_TRACES>> {
    const { tenant, ...fits } = query;
    if (fits.ref !== undefined) return toWire(await this.attempt(fits.ref, fits.limit));
    if (tenant === undefined) throw badRequest('give ref, or tenant (its slug)');
    return this.search(await this.tenantOf(tenant), fits);
  }

  @ApiEndpoint(TENANT_TRACES)
  async tracesOfTenant(
    @CallerOf() caller: Caller,
    @InputOf() { query }: ApiInput<typeof TENANT_TRACES>,
  ): Promise<ApiAnswer<typeof TENANT_TRACES>> {
    const tenantId = tenantOfCall(caller);
    return query.ref === undefined
      ? this.search(tenantId, query)
      : toWire(await this.attempt(query.ref, query.limit, tenantId));
  }

  @ApiEndpoint(SUPPORT_CASE)
  async caseOfAttempt(@InputOf() { query }: ApiInput<typeof SUPPORT_CASE>): Promise<string> {
    const { tenant, ref, at } = query;
    if (ref !== undefined) return writeSupportCase(this.needs, await this.attempt(ref, CASE_LIMIT));
    if (tenant === undefined || at === undefined) throw badRequest(NO_CASE);
    return this.caseAt(await this.tenantOf(tenant), { at });
  }

  @ApiEndpoint(TENANT_SUPPORT_CASE)
  async caseOfTenant(
    @CallerOf() caller: Caller,
    @InputOf() { query }: ApiInput<typeof TENANT_SUPPORT_CASE>,
  ): Promise<string> {
    return this.caseAt(tenantOfCall(caller), query);
  }

  private async caseAt(tenantId: TenantId, { ref, at }: CaseOf): Promise<string> {
    if (ref === undefined && at === undefined) throw badRequest(NO_CASE);
    const reference = ref ?? (await this.attemptAt(tenantId, new Date(at ?? '')));
    return writeSupportCase(this.needs, await this.attempt(reference, CASE_LIMIT, tenantId));
  }

  private async timelineOf(tenantId: TenantId, id: string, limit: number): Promise<ReadTimeline> {
    const found = await readLinkTimeline(this.needs, id, limit);
    if (found?.tenantId !== tenantId) throw notFound('There is no such link.');
    return found;
  }

  /** @param tenantId whose it has to be; anybody's where nobody says so */
  private async attempt(asTyped: string, limit: number, tenantId?: TenantId): Promise<ReadTimeline> {
    const found = await readAttempt(this.needs, readReference(asTyped), limit);
    if (found && (tenantId === undefined || found.tenantId === tenantId)) return found;
    throw notFound('No timeline knows this reference. It may be older than its tenant keeps, or mistyped.');
  }

  /** The attempt of a tenant that something happened in nearest to a time. */
  private async attemptAt(tenantId: TenantId, at: Date): Promise<string> {
    const { entries } = await this.needs.timelines.search(tenantId, around(at), MOST_AROUND);
    const [nearest] = entries
      .flatMap((entry) => (entry.reference === null ? [] : { reference: entry.reference, off: offBy(entry.at, at) }))
      .sort((a, b) => a.off - b.off);
    if (!nearest) throw notFound(`No attempt is known within ten minutes of ${at.toISOString()}.`);
    return nearest.reference;
  }

  private async tenantOf(slug: string): Promise<TenantId> {
    const tenantId = await this.needs.resolveTenant(slug);
    if (!tenantId) throw notFound(`There is no tenant ${slug}.`);
    return tenantId;
  }

  private async search(tenantId: TenantId, filter: TraceFilter): Promise<ApiAnswer<typeof SEARCH_TRACES>> {
    const { skill, at, from, before, name, outcome, limit } = filter;
    const known = skill === undefined ? undefined : await this.skillOf(tenantId, skill);
    const fits: TimelineQuery = {
      ...(at !== undefined && around(new Date(at))),
      ...(from !== undefined && { from: new Date(from) }),
      ...(before !== undefined && { before }),
      ...(name !== undefined && { name }),
      ...(outcome !== undefined && { outcome }),
      ...(known && { skillId: known.id }),
      ...(await this.fingerprintsOf(tenantId, filter)),
    };
    const found = await this.needs.timelines.search(tenantId, fits, limit);
    const facts = {
      now: this.needs.now(),
      accessTokenTtl: 0,
      live: false,
      sendsEvents: false,
      redirectUris: known?.redirectUris ?? [],
    };
    const links = fits.alexaUser && { links: fits.alexaUser.linkIds };
    const causes = findCausesOfSteps(found.entries, facts);
    return toWire({ tenantId, ...links, entries: found.entries, causes, before: found.before });
  }

  /** What is stored of a `state` and of Alexa's id of a user. */
  private async fingerprintsOf(
    tenantId: TenantId,
    { state, alexaUser }: Pick<TraceFilter, 'state' | 'alexaUser'>,
  ): Promise<Pick<TimelineQuery, 'stateFingerprint' | 'alexaUser'>> {
    return {
      ...(state !== undefined && { stateFingerprint: stateFingerprint(this.needs.fingerprint, tenantId, state) }),
      ...(alexaUser !== undefined && { alexaUser: await this.alexaUserOf(tenantId, alexaUser) }),
    };
  }

  /** Who an id of Alexa's stands for: entries that name him, and the links he made. */
  private async alexaUserOf(tenantId: TenantId, userId: string): Promise<NonNullable<TimelineQuery['alexaUser']>> {
    const user = alexaUserFingerprint(this.needs.fingerprint, tenantId, userId);
    return { name: alexaUserName(user), linkIds: await this.needs.timelines.linksOfAlexaUser(tenantId, user) };
  }

  private async skillOf(tenantId: TenantId, slug: string): Promise<TimelineSkill> {
    const skill = await this.needs.timelines.skillBySlug(tenantId, slug);
    if (!skill) throw notFound(`The tenant has no skill ${slug}.`);
    return skill;
  }
}

const NO_CASE = 'give ref, the reference that the household was shown, or tenant and at, the time';
const AROUND_MS = 10 * 60_000;
const MOST_AROUND = 1_000;

const around = (at: Date): { from: Date; before: string } => ({
  from: new Date(at.getTime() - AROUND_MS),
  before: new Date(at.getTime() + AROUND_MS).toISOString(),
});
const offBy = (one: Date, other: Date): number => Math.abs(one.getTime() - other.getTime());

type About = Pick<TimelineAnswer, 'reference' | 'before'> & {
  readonly tenantId: TenantId;
  readonly link?: object | null;
  readonly skill?: object | null;
  readonly links?: readonly string[];
};

/** As JSON has it: times are texts. */
function toWire({ entries, causes, ...about }: About & Pick<ReadTimeline, 'entries' | 'causes'>): TimelineAnswer {
  const { link, skill, links, ...rest } = about;
  return {
    ...rest,
    ...(link !== undefined && { link: link && { ...link } }),
    ...(skill !== undefined && { skill: skill && { ...skill } }),
    ...(links && { links: [...links] }),
    entries: entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
    causes: causes.map((cause) => ({ ...cause, at: cause.at.toISOString(), rules: [...cause.rules] })),
  };
}
