import { planRemoval, planSecretRotation, planSkillChange } from '@linkbroker/configuration';
import {
  GET_SKILL,
  LIST_SKILLS,
  PUT_SKILL,
  REMOVE_SKILL,
  ROTATE_SECRET,
  type ApiAnswer,
  type ApiInput,
} from '@linkbroker/contracts';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { checkUnchanged } from '../http/check-unchanged.js';
import { notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { checkSlug } from './check-slug.js';
import { alexaClientOf, skillAnswer, skillOf } from './skill-answer.js';
import { writePlanned } from './write-planned.js';

/** Skills of a tenant: Alexa's clients of the broker. */
@Controller()
export class SkillsController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LIST_SKILLS)
  async list(@CallerOf() caller: Caller): Promise<ApiAnswer<typeof LIST_SKILLS>> {
    const { skills, connectors } = await this.needs.configuration.read(tenantOfCall(caller));
    const items = skills.map((skill) => ({
      slug: skill.slug,
      name: skill.name,
      clientId: alexaClientOf(skill),
      connectors: skill.connectorIds.flatMap((id) => connectors.find((one) => one.id === id)?.slug ?? []),
      grantTypes: [...skill.grantTypes],
      relay: skill.relay !== null,
      events: skill.events !== null,
    }));
    return { items: items.sort((a, b) => (a.slug < b.slug ? -1 : 1)) };
  }

  @ApiEndpoint(GET_SKILL)
  async get(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof GET_SKILL>,
  ): Promise<ApiAnswer<typeof GET_SKILL>> {
    return this.read(caller, params.skill);
  }

  @ApiEndpoint(PUT_SKILL)
  async put(
    @CallerOf() caller: Caller,
    @InputOf() { params, body, ifMatch }: ApiInput<typeof PUT_SKILL>,
  ): Promise<ApiAnswer<typeof PUT_SKILL>> {
    const tenantId = tenantOfCall(caller);
    const slug = checkSlug(params.skill);
    const state = await this.needs.configuration.read(tenantId);
    const before = state.skills.find((skill) => skill.slug === slug);
    checkUnchanged(GET_SKILL, before && skillAnswer(before, state, this.needs.brokerUrl), ifMatch);
    const planned = await planSkillChange(this.needs.planning, tenantId, { ...body, slug }, state);
    const written = await writePlanned(
      this.needs,
      caller,
      { action: 'skill.change', subject: slug },
      { from: state, changes: planned },
    );
    return { ...(await this.read(caller, slug)), ...written };
  }

  @ApiEndpoint(ROTATE_SECRET)
  async rotate(
    @CallerOf() caller: Caller,
    @InputOf() { params, body }: ApiInput<typeof ROTATE_SECRET>,
  ): Promise<ApiAnswer<typeof ROTATE_SECRET>> {
    const state = await this.needs.configuration.read(tenantOfCall(caller));
    const { slug } = skillOf(state, params.skill);
    const planned = await planSecretRotation(this.needs.planning, state, { skill: slug, ...body });
    if (!planned) throw notFound(`The skill has no ${body.client} client.`);
    const written = await writePlanned(
      this.needs,
      caller,
      { action: 'skill.rotate-secret', subject: slug },
      { from: state, changes: planned },
    );
    return { ...(await this.read(caller, slug)), ...written };
  }

  @ApiEndpoint(REMOVE_SKILL)
  async remove(
    @CallerOf() caller: Caller,
    @InputOf() { params, query }: ApiInput<typeof REMOVE_SKILL>,
  ): Promise<ApiAnswer<typeof REMOVE_SKILL>> {
    const tenantId = tenantOfCall(caller);
    const state = await this.needs.configuration.read(tenantId);
    const { id, slug } = skillOf(state, params.skill);
    const what = { kind: 'skill', id, slug } as const;
    const planned = await planRemoval(this.needs.planning, tenantId, what, state, query.liveGrants);
    const { changes } = await writePlanned(
      this.needs,
      caller,
      { action: 'skill.remove', subject: slug },
      { from: state, changes: planned },
    );
    return { changes };
  }

  private async read(caller: Caller, slug: string) {
    const state = await this.needs.configuration.read(tenantOfCall(caller));
    return skillAnswer(skillOf(state, slug), state, this.needs.brokerUrl);
  }
}
