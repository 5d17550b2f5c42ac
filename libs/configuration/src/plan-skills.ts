import { redirectUrisOf } from '@linkbroker/alexa';
import { secretsOf, type ConfigSkill } from '@linkbroker/contracts';
import { isDeepStrictEqual } from 'node:util';
import type {
  ClientConfiguration,
  ConfigurationNeeds,
  PlannedChange,
  SkillConfiguration,
  SkillFields,
} from './configuration.js';
import { differences } from './plan-connectors.js';

export interface SkillPlanOptions {
  /** Replaced secrets stop at once instead of after 30 days unseen. */
  readonly retireSecrets: boolean;
}

/** The changes that make one skill what the file says. */
export async function planSkill(
  needs: ConfigurationNeeds,
  wanted: ConfigSkill,
  stored: SkillConfiguration | undefined,
  connectorIds: ReadonlyMap<string, string>,
  options: SkillPlanOptions,
): Promise<PlannedChange[]> {
  const id = stored?.id ?? needs.newId();
  const label = `skill ${wanted.slug}`;
  const fields = fieldsOf(wanted);
  const changes: PlannedChange[] = [];
  if (!stored) {
    changes.push({ change: { kind: 'create-skill', id, fields }, line: `+ ${label}` });
  } else {
    const differing = differences(pick(stored), fields);
    if (differing.length > 0) {
      changes.push({ change: { kind: 'update-skill', id, fields }, line: `~ ${label}: ${differing.join(', ')}` });
    }
  }
  const connectors = wanted.connectors.map((slug) => connectorIds.get(slug) ?? '');
  if (!isDeepStrictEqual(connectors, stored?.connectorIds ?? [])) {
    changes.push({
      change: { kind: 'set-connectors', skillId: id, connectorIds: connectors },
      line: `~ ${label}: connectors ${wanted.connectors.join(', ')}`,
    });
  }
  const clients = [
    { kind: 'alexa' as const, wanted },
    { kind: 'backend' as const, wanted: wanted.backend },
  ];
  for (const { kind, wanted: client } of clients) {
    const known = stored?.clients.find((candidate) => candidate.kind === kind);
    if (client) changes.push(...(await planClient(needs, { skillId: id, kind, label }, client, known, options)));
    else if (known) {
      changes.push({
        change: { kind: 'remove-client', clientId: known.clientId },
        line: `- ${label}: ${kind} client ${known.clientId}`,
      });
    }
  }
  return changes;
}

function fieldsOf(skill: ConfigSkill): SkillFields {
  const regional = skill.vendorId === undefined ? [] : redirectUrisOf(skill.vendorId);
  return {
    slug: skill.slug,
    name: skill.name,
    alexaSkillId: skill.skillId ?? null,
    vendorId: skill.vendorId ?? null,
    redirectUris: [...new Set([...regional, ...skill.redirectUris])],
    grantTypes: skill.grantTypes,
    scopes: skill.scopes,
    pkce: skill.pkce,
    accessTokenTtl: skill.accessTokenTtl,
    refreshKeep: skill.refreshKeep === 'all' ? null : skill.refreshKeep,
  };
}

function pick(skill: SkillConfiguration): SkillFields {
  const { slug, name, alexaSkillId, vendorId, redirectUris, grantTypes, scopes, pkce, accessTokenTtl, refreshKeep } =
    skill;
  return { slug, name, alexaSkillId, vendorId, redirectUris, grantTypes, scopes, pkce, accessTokenTtl, refreshKeep };
}

interface ClientPlace {
  readonly skillId: string;
  readonly kind: 'alexa' | 'backend';
  readonly label: string;
}

type WantedClient = Parameters<typeof secretsOf>[0] & { readonly clientId: string };

async function planClient(
  needs: ConfigurationNeeds,
  { skillId, kind, label }: ClientPlace,
  wanted: WantedClient,
  known: ClientConfiguration | undefined,
  options: SkillPlanOptions,
): Promise<PlannedChange[]> {
  const changes: PlannedChange[] = [];
  const { clientId } = wanted;
  if (!known) {
    changes.push({
      change: { kind: 'add-client', skillId, client: kind, clientId },
      line: `+ ${label}: ${kind} client ${clientId}`,
    });
  } else if (known.clientId !== clientId) {
    changes.push({
      change: { kind: 'rename-client', from: known.clientId, clientId },
      line: `~ ${label}: ${kind} client id ${known.clientId} becomes ${clientId}; set it in the developer console too`,
    });
  }
  const unmatched = new Set(known?.secrets ?? []);
  for (const secret of secretsOf(wanted)) {
    const match = await findMatch(needs, secret, [...unmatched]);
    if (!match) {
      const hash = await needs.hashSecret(secret);
      changes.push({
        change: { kind: 'add-secret', id: needs.newId(), clientId, hash },
        line: `+ ${label}: ${kind} client secret`,
      });
    } else {
      unmatched.delete(match);
      if (match.superseded) {
        changes.push({
          change: { kind: 'restore-secret', id: match.id },
          line: `~ ${label}: ${kind} client secret is current again`,
        });
      }
    }
  }
  for (const { id, superseded } of unmatched) {
    if (options.retireSecrets) {
      changes.push({
        change: { kind: 'retire-secret', id },
        line: `- ${label}: replaced ${kind} client secret, at once`,
      });
    } else if (!superseded) {
      changes.push({
        change: { kind: 'supersede-secret', id },
        line: `~ ${label}: replaced ${kind} client secret retires after 30 days unseen`,
      });
    }
  }
  return changes;
}

async function findMatch<Secret extends { readonly hash: string }>(
  needs: ConfigurationNeeds,
  secret: string,
  stored: readonly Secret[],
): Promise<Secret | undefined> {
  for (const candidate of stored) if (await needs.verifySecret(secret, candidate.hash)) return candidate;
  return undefined;
}
