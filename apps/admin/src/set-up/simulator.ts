import { EgressFailed, EgressRefused } from '@linkbroker/egress';
import type { StoredSkill } from '@linkbroker/persistence';
import { ApiProblem } from '../http/problem.js';
import type { AdminNeeds } from '../admin-needs.js';
import { alexaClientOf } from '../configuration/skill-answer.js';

/** The Alexa simulator that runs beside, and what it knows us by. */
export interface Simulator {
  /** Without a slash at the end. */
  readonly url: string;
  readonly key: string;
}

/** The simulator of an environment; null where it names none, or no key to it. */
export const simulatorOf = ({
  SIMULATOR_URL: url,
  SIMULATOR_KEY: key,
}: {
  readonly SIMULATOR_URL: string;
  readonly SIMULATOR_KEY: string;
}): Simulator | null => (url === '' || key === '' ? null : { url, key });

type Redirecting = Pick<StoredSkill, 'vendorId' | 'grantTypes'>;

/** Stands for the vendor id of a skill that has none. */
const NO_VENDOR = 'MSIMULATOR';
const vendorIdOf = ({ vendorId }: Redirecting): string => vendorId ?? NO_VENDOR;

/** Where the simulator lets a skill's households come back to, as Amazon's hosts do. @see R21 R25 */
export function simulatorRedirectUri({ url }: Pick<Simulator, 'url'>, skill: Redirecting): string {
  const vendorId = vendorIdOf(skill);
  return skill.grantTypes.includes('authorization_code')
    ? `${url}/alexa/api/skill/link/${vendorId}`
    : `${url}/alexa/spa/skill/account-linking-status.html?vendorId=${vendorId}`;
}

const WITHIN_MS = 5_000;

/**
 * Lets the simulator know a skill as Amazon's console would, for an hour.
 * @returns the skill's page there
 * @throws ApiProblem 503 where it does not take it
 */
export async function handToSimulator(
  { egress, simulator }: Pick<AdminNeeds, 'egress'> & { readonly simulator: Simulator },
  skill: StoredSkill,
  clientSecret: string,
): Promise<string> {
  const clientId = alexaClientOf(skill);
  const { name, alexaSkillId, scopes, redirectUris, grantTypes, pkce } = skill;
  const known = { name, clientId, clientSecret, scopes, redirectUris, grantTypes, pkce };
  try {
    const { status } = await egress.send({
      method: 'POST',
      url: `${simulator.url}/_skills`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${simulator.key}` },
      body: JSON.stringify({ ...known, vendorId: vendorIdOf(skill), skillId: alexaSkillId }),
      purpose: 'upstream',
      circuit: 'simulator',
      deadline: performance.now() + WITHIN_MS,
    });
    if (status !== 201) throw away(`it answered ${String(status)}`);
  } catch (error) {
    if (error instanceof EgressFailed || error instanceof EgressRefused) throw away(error.message);
    throw error;
  }
  return `${simulator.url}/alexa/skills/${encodeURIComponent(clientId)}`;
}

const away = (why: string): ApiProblem =>
  new ApiProblem(503, 'Not available', `The simulator did not take the skill: ${why}.`);
