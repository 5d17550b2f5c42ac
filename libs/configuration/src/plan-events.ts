import { ConfigError, type SkillDocument, type TenantId } from '@linkbroker/contracts';
import {
  eventsSecretPlace,
  type ConfigurationNeeds,
  type SkillConfiguration,
  type SkillFields,
} from './configuration.js';
import { sealSecret } from './seal-secret.js';

/** The event permission of a skill as it is stored; a secret that is not named stays. */
export async function eventFieldsOf(
  needs: ConfigurationNeeds,
  tenantId: TenantId,
  skillId: string,
  { slug, events }: SkillDocument,
  stored: SkillConfiguration | undefined,
): Promise<Pick<SkillFields, 'events' | 'eventsSecret'>> {
  if (!events) return { events: null, eventsSecret: null };
  const { clientId, clientSecret, region, reciprocal } = events;
  const fields = { clientId, region, ...(reciprocal && { reciprocal }) };
  const known = stored?.eventsSecret ?? null;
  if (clientSecret !== undefined) {
    const place = eventsSecretPlace(tenantId, skillId);
    return { events: fields, eventsSecret: await sealSecret(needs, place, clientSecret, known) };
  }
  if (known) return { events: fields, eventsSecret: known };
  const message = `is needed: skill ${slug} has none yet`;
  throw new ConfigError([{ line: null, path: 'events.clientSecret', message }]);
}
