import { implicitRedirectUrisOf, redirectUrisOf } from '@linkbroker/alexa';
import type { SkillDocument } from '@linkbroker/contracts';

type Addresses = Pick<SkillDocument, 'vendorId' | 'grantTypes' | 'redirectUris' | 'appToApp'>;

/**
 * Every redirect URI of a skill, each once: Amazon's for its vendor id, those of the implicit grant where it has one, the
 * file's own, and those of apps that begin a link, because a code for them is redeemed with the app's.
 * @see R21 R25 R191
 */
export function redirectUrisOfSkill({ vendorId, grantTypes, redirectUris, appToApp }: Addresses): string[] {
  const regional = vendorId === undefined ? [] : redirectUrisOf(vendorId);
  const implicit = vendorId !== undefined && grantTypes.includes('implicit') ? implicitRedirectUrisOf(vendorId) : [];
  return [...new Set([...regional, ...implicit, ...redirectUris, ...(appToApp?.redirectUrls ?? [])])];
}
