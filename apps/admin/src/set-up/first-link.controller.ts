import { FIRST_LINK, type ApiAnswer, type ApiInput, type TenantId } from '@linkbroker/contracts';
import type { TimelineSkill } from '@linkbroker/persistence';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { readAttempt, type ReadTimeline } from '../timeline/read-timeline.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { firstLinkSteps } from './first-link-steps.js';

const USUAL_MS = 7 * 86_400_000;
/** How an attempt begins: let in, or refused at the door. */
const BEGINNINGS = ['authorize.started', 'authorize.refused', 'relay.redirected'];
/** Entries of one attempt. */
const MOST = 200;

type Answer = ApiAnswer<typeof FIRST_LINK>;

/** How somebody's first try with a skill goes, while it does. */
@Controller()
export class FirstLinkController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: Pick<AdminNeeds, 'timelines' | 'now'>) {}

  @ApiEndpoint(FIRST_LINK)
  async read(@CallerOf() caller: Caller, @InputOf() { params, query }: ApiInput<typeof FIRST_LINK>): Promise<Answer> {
    const tenantId = tenantOfCall(caller);
    const skill = await this.needs.timelines.skillBySlug(tenantId, params.skill);
    if (!skill) throw notFound('There is no such skill.');
    const from = query.since === undefined ? new Date(this.needs.now().getTime() - USUAL_MS) : new Date(query.since);
    const reference = await this.newestAttempt(tenantId, skill, from);
    const attempt = reference === undefined ? undefined : await readAttempt(this.needs, reference, MOST);
    // Two attempts of the same reference do not happen; one of another tenant would still not be shown.
    return toAnswer(attempt?.tenantId === tenantId ? attempt : undefined, skill);
  }

  private async newestAttempt(tenantId: TenantId, { id }: TimelineSkill, from: Date): Promise<string | undefined> {
    const found = await Promise.all(
      BEGINNINGS.map((name) => this.needs.timelines.search(tenantId, { name, skillId: id, from }, 1)),
    );
    const [newest] = found
      .flatMap(({ entries }) => entries)
      .filter(({ reference }) => reference !== null)
      .sort((a, b) => b.at.getTime() - a.at.getTime());
    return newest?.reference ?? undefined;
  }
}

function toAnswer(attempt: ReadTimeline | undefined, skill: TimelineSkill): Answer {
  const { reference = null, link = null, entries = [], causes = [] } = attempt ?? {};
  return {
    reference,
    linkId: link?.id ?? null,
    steps: firstLinkSteps(entries, skill).map(({ step, at }) => ({ step, at: at?.toISOString() ?? null })),
    causes: causes.map((cause) => ({ ...cause, at: cause.at.toISOString(), rules: [...cause.rules] })),
  };
}
