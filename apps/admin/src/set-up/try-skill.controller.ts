import { TRY_SKILL, type ApiAnswer, type ApiInput } from '@linkbroker/contracts';
import type { StoredSkill } from '@linkbroker/persistence';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { ApiProblem, notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { limitGuesses } from '../sign-in/guess-limits.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { skillOf } from '../configuration/skill-answer.js';
import { handToSimulator, simulatorRedirectUri } from './simulator.js';

/** Trying a skill with the Alexa simulator that runs beside. */
@Controller()
export class TrySkillController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(TRY_SKILL)
  async try(
    @CallerOf() caller: Caller,
    @InputOf() { params, body }: ApiInput<typeof TRY_SKILL>,
  ): Promise<ApiAnswer<typeof TRY_SKILL>> {
    const { simulator } = this.needs;
    const tenantId = tenantOfCall(caller);
    const skill = skillOf(await this.needs.configuration.read(tenantId), params.skill);
    if (!simulator) throw notFound('No simulator runs beside this installation.');
    const wanted = simulatorRedirectUri(simulator, skill);
    if (!skill.redirectUris.includes(wanted)) throw notListed(wanted);
    const guess = { at: `client-secret:${skill.id}`, address: caller.address };
    const right = await limitGuesses(this.needs.signIn, guess, () => this.knows(skill, body.clientSecret));
    if (!right) throw wrongSecret();
    return { address: await handToSimulator({ egress: this.needs.egress, simulator }, skill, body.clientSecret) };
  }

  /** Whether one of the secrets that work is this one. */
  private async knows({ clients }: StoredSkill, secret: string): Promise<true | undefined> {
    const known = clients.find(({ kind }) => kind === 'alexa')?.secrets ?? [];
    for (const { hash } of known) if (await this.needs.planning.verifySecret(secret, hash)) return true;
    return undefined;
  }
}

/** The address stands in `errors`, so that it can be added without being copied. */
const notListed = (wanted: string): ApiProblem =>
  new ApiProblem(409, 'In the way', `The skill does not list the simulator’s redirect URI ${wanted}.`, {
    errors: [{ field: 'redirectUris', message: wanted }],
  });

const wrongSecret = (): ApiProblem =>
  new ApiProblem(422, 'Not the secret', 'This is no secret of the skill’s Alexa client.', {
    errors: [{ field: 'clientSecret', message: 'is none of the skill’s Alexa client' }],
  });
