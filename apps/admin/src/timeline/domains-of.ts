import { buildDomainList } from '@linkbroker/alexa';
import type { TimelineSkill } from '@linkbroker/persistence';
import { skillToLink } from '../smapi-login-hosts.js';

/** The hosts that a skill's Domain List should have; `npm run smapi` exports the same. @see R52, R53 */
export function domainsOf(brokerUrl: string, skill: TimelineSkill): readonly string[] {
  const { clientId, relayAuthorizationUrl } = skill;
  const relay = relayAuthorizationUrl === null ? null : { authorizationUrl: relayAuthorizationUrl };
  const { loginHosts } = skillToLink(clientId ?? '', { ...skill, relay }, skill.connectors, []).skill;
  return buildDomainList(new URL(brokerUrl).hostname, loginHosts).domains;
}
