import type { ConfigSkill, TenantId } from '@linkbroker/contracts';
import {
  eventsSecretPlace,
  type ConfigurationNeeds,
  type SkillConfiguration,
  type SkillFields,
} from './configuration.js';
import { sealSecret } from './seal-secret.js';

/** The event permission of a skill as it is stored. */
export async function eventFieldsOf(
  needs: ConfigurationNeeds,
  tenantId: TenantId,
  skillId: string,
  { events }: ConfigSkill,
  stored: SkillConfiguration | undefined,
): Promise<Pick<SkillFields, 'events' | 'eventsSecret'>> {
  if (!events) return { events: null, eventsSecret: null };
  const { clientId, clientSecret, region } = events;
  const place = eventsSecretPlace(tenantId, skillId);
  const eventsSecret = await sealSecret(needs, place, clientSecret, stored?.eventsSecret ?? null);
  return { events: { clientId, region }, eventsSecret };
}
