import { describeSkill } from '@linkbroker/configuration';
import type { StoredSkill, TenantState } from '@linkbroker/persistence';
import { notFound } from '../http/problem.js';

/** A tenant's skill. @throws ApiProblem */
export function skillOf({ skills }: TenantState, slug: string): StoredSkill {
  const found = skills.find((skill) => skill.slug === slug);
  if (!found) throw notFound('There is no such skill.');
  return found;
}

/** The id of the client that Alexa has. */
export const alexaClientOf = ({ clients }: StoredSkill): string =>
  clients.find(({ kind }) => kind === 'alexa')?.clientId ?? '';

/** A skill as the API tells it: no secret, no hash. */
export function skillAnswer(skill: StoredSkill, state: TenantState, brokerUrl: string) {
  const hasCodes = skill.grantTypes.includes('authorization_code');
  return {
    skill: describeSkill(skill, state),
    clients: skill.clients.map(({ kind, clientId, secrets }) => ({
      kind,
      clientId,
      secrets: secrets.map(({ id, createdAt, lastSeenAt, superseded }) => ({
        id,
        createdAt: createdAt.toISOString(),
        lastSeenAt: lastSeenAt?.toISOString() ?? null,
        superseded,
      })),
    })),
    alexaConsole: {
      authorizationUrl: `${brokerUrl}/oauth/authorize`,
      tokenUrl: hasCodes ? `${brokerUrl}/oauth/token` : null,
      clientId: alexaClientOf(skill),
      scopes: [...skill.scopes],
      redirectUris: [...skill.redirectUris],
    },
  };
}
