import { buildEnablementCall, readEnablementAnswer, type EnablementVerdict } from '@linkbroker/alexa';
import type { Deadline, Skill } from '@linkbroker/contracts';
import { callAlexa, findApis, type AlexaApiNeeds } from './alexa-api.js';

/**
 * Asks Alexa whether a skill is enabled and linked for a household, or disables it, with the household's token of Amazon's.
 * Undefined for a skill whose id at Amazon is not known. Disabling ends no grant: Alexa only forgets its tokens (R111).
 * @see R192 R194
 */
export async function askEnablement(
  needs: AlexaApiNeeds,
  skill: Skill,
  { method, token }: { readonly method: 'GET' | 'DELETE'; readonly token: string },
  deadline: Deadline,
): Promise<EnablementVerdict | undefined> {
  const { alexaSkillId } = skill;
  if (alexaSkillId === undefined) return undefined;
  const apis = await findApis(needs, skill.id, token, deadline);
  const requests = apis.map((api) => buildEnablementCall(method, api, alexaSkillId, token));
  return callAlexa(needs, skill.id, requests, readEnablementAnswer, deadline);
}
