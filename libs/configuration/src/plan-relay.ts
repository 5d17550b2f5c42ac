import { ConfigError, type SkillDocument, type TenantId } from '@linkbroker/contracts';
import {
  relaySecretPlace,
  type ConfigurationNeeds,
  type SkillConfiguration,
  type SkillFields,
  type TenantConfiguration,
} from './configuration.js';
import { sealSecret } from './seal-secret.js';

/** The relay of a skill as it is stored; a secret that has not changed stays as it is sealed. */
export async function relayFieldsOf(
  needs: ConfigurationNeeds,
  tenantId: TenantId,
  skillId: string,
  { relay }: SkillDocument,
  stored: SkillConfiguration | undefined,
): Promise<Pick<SkillFields, 'relay' | 'relaySecret'>> {
  if (!relay) return { relay: null, relaySecret: null };
  const { authorizationUrl, tokenUrl, clientId = null, clientSecret, scheme } = relay;
  const place = relaySecretPlace(tenantId, skillId);
  const known = stored?.relaySecret ?? null;
  return {
    relay: { authorizationUrl, tokenUrl, clientId, scheme },
    relaySecret: clientSecret === undefined ? null : await sealSecret(needs, place, clientSecret, known),
  };
}

/**
 * Households of a relay hold tokens that the broker knows nothing of: without the relay it has to refuse them, and Alexa
 * unlinks. Their number is not known either, so that pruning is all that can be agreed to.
 * @throws ConfigError where a skill of the file would lose its relay
 */
export function checkRelaysStay(
  wanted: readonly Pick<SkillDocument, 'slug' | 'relay'>[],
  stored: TenantConfiguration,
): void {
  const losing = stored.skills.filter(
    ({ slug, relay }) => relay && wanted.some((skill) => skill.slug === slug && !skill.relay),
  );
  if (losing.length === 0) return;
  throw new ConfigError(
    losing.map(({ slug }) => ({
      line: null,
      path: '',
      message: `taking relay off skill ${slug} would unlink all its households; if that is meant, repeat with --prune`,
    })),
  );
}
