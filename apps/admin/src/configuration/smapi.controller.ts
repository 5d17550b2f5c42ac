import {
  AccountLinkingRefused,
  AccountLinkingUnreadable,
  buildAccountLinking,
  compareAccountLinking,
  NOT_READ_BACK,
  readAccountLinkingResponse,
} from '@linkbroker/alexa';
import { EXPORT_SMAPI, SMAPI_DRIFT, type ApiAnswer, type ApiInput } from '@linkbroker/contracts';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { ApiProblem } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { skillToLink } from '../smapi-login-hosts.js';
import { pasteLines, SECRET_PLACEHOLDER } from '../smapi-paste-lines.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { alexaClientOf, skillOf } from './skill-answer.js';

/** A skill's account linking as Amazon's API has it. @see docs/alexa-console.md */
@Controller()
export class SmapiController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(EXPORT_SMAPI)
  async write(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof EXPORT_SMAPI>,
  ): Promise<ApiAnswer<typeof EXPORT_SMAPI>> {
    const { body, advice, record } = await this.build(caller, params.skill);
    const fills = body.accountLinkingRequest.clientSecret !== undefined;
    const paste = { skillId: record.alexaSkillId, file: `${record.slug}.json`, fills };
    return { body: { ...body }, advice: [...advice], command: pasteLines(paste).filter((line) => line !== '') };
  }

  @ApiEndpoint(SMAPI_DRIFT)
  async compare(
    @CallerOf() caller: Caller,
    @InputOf() { params, body }: ApiInput<typeof SMAPI_DRIFT>,
  ): Promise<ApiAnswer<typeof SMAPI_DRIFT>> {
    const expected = await this.build(caller, params.skill);
    const actual = refusable(() => readAccountLinkingResponse(JSON.stringify(body)));
    const differences = compareAccountLinking(expected.body.accountLinkingRequest, actual);
    return {
      differences: differences.map(({ field, matters, text }) => ({ field, matters, text })),
      notReadBack: NOT_READ_BACK.map(({ field, advice }) => ({ field, advice })),
    };
  }

  private async build(caller: Caller, slug: string) {
    const state = await this.needs.configuration.read(tenantOfCall(caller));
    const record = skillOf(state, slug);
    const connectors = record.connectorIds.flatMap((id) => state.connectors.filter((one) => one.id === id));
    const { skill, advice } = skillToLink(alexaClientOf(record), record, connectors, []);
    const options = { publicUrl: this.needs.brokerUrl, clientSecret: SECRET_PLACEHOLDER, skipOnEnablement: false };
    const { body, leftOut } = refusable(() => buildAccountLinking(skill, options));
    const unlisted = leftOut.map(({ host, reason }) => `not on the Domain List: ${host}: ${reason}`);
    return { record, body, advice: [...advice, ...unlisted] };
  }
}

/** What Amazon's API would not take, in the words of the check. */
function refusable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AccountLinkingRefused || error instanceof AccountLinkingUnreadable)
      throw new ApiProblem(422, 'Amazon would not take it', error.message);
    throw error;
  }
}
