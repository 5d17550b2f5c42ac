import type { SkillDocument, TenantId } from '@linkbroker/contracts';
import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationNeeds, PlannedChange, SkillConfiguration, SkillFields } from './configuration.js';
import { planClient, type SecretPlanOptions } from './plan-client.js';
import { differences } from './plan-connectors.js';
import { eventFieldsOf } from './plan-events.js';
import { relayFieldsOf } from './plan-relay.js';
import { planWebhooks } from './plan-webhooks.js';
import { redirectUrisOfSkill } from './redirect-uris-of-skill.js';

export interface SkillPlanOptions extends SecretPlanOptions {
  /** Removes what the named tenants have and the file does not, a skill's backend client among it. */
  readonly prune: boolean;
}

/** The changes that make one skill what the file says. */
export async function planSkill(
  needs: ConfigurationNeeds,
  tenantId: TenantId,
  wanted: SkillDocument,
  stored: SkillConfiguration | undefined,
  connectorIds: ReadonlyMap<string, string>,
  options: SkillPlanOptions,
): Promise<PlannedChange[]> {
  const skillId = stored?.id ?? needs.newId();
  const label = `skill ${wanted.slug}`;
  const relay = await relayFieldsOf(needs, tenantId, skillId, wanted, stored);
  const events = await eventFieldsOf(needs, tenantId, skillId, wanted, stored);
  return [
    ...planFields(skillId, label, { ...fieldsOf(wanted), ...relay, ...events }, stored),
    ...planTies(skillId, label, wanted, stored, connectorIds),
    ...(await planClients(needs, skillId, label, wanted, stored, options)),
    ...(await planWebhooks(needs, { tenantId, skillId, label }, wanted.webhooks, stored?.webhooks ?? [])),
  ];
}

function planFields(
  id: string,
  label: string,
  fields: SkillFields,
  stored: SkillConfiguration | undefined,
): PlannedChange[] {
  if (!stored) return [{ change: { kind: 'create-skill', id, fields }, line: `+ ${label}` }];
  const differing = differences<SkillFields>(stored, fields);
  if (differing.length === 0) return [];
  return [{ change: { kind: 'update-skill', id, fields }, line: `~ ${label}: ${differing.join(', ')}` }];
}

function planTies(
  skillId: string,
  label: string,
  wanted: SkillDocument,
  stored: SkillConfiguration | undefined,
  ids: ReadonlyMap<string, string>,
): PlannedChange[] {
  const connectorIds = wanted.connectors.map((slug) => ids.get(slug) ?? '');
  if (isDeepStrictEqual(connectorIds, stored?.connectorIds ?? [])) return [];
  const line = `~ ${label}: connectors ${wanted.connectors.join(', ') || 'none'}`;
  return [{ change: { kind: 'set-connectors', skillId, connectorIds }, line }];
}

async function planClients(
  needs: ConfigurationNeeds,
  skillId: string,
  label: string,
  wanted: SkillDocument,
  stored: SkillConfiguration | undefined,
  options: SkillPlanOptions,
): Promise<PlannedChange[]> {
  const known = (kind: 'alexa' | 'backend') => stored?.clients.find((client) => client.kind === kind);
  const alexa = await planClient(needs, { skillId, kind: 'alexa', label }, wanted, known('alexa'), options);
  const before = known('backend');
  if (wanted.backend) {
    const place = { skillId, kind: 'backend', label } as const;
    return [...alexa, ...(await planClient(needs, place, wanted.backend, before, options))];
  }
  if (!before || !options.prune) return alexa;
  const line = `- ${label}: backend client ${before.clientId}`;
  return [...alexa, { change: { kind: 'remove-client', clientId: before.clientId }, line }];
}

/** Seconds of a year: nothing renews the token, and a household should not have to link again soon. @see R121, ADR 0021 */
const IMPLICIT_TTL = 31_536_000;

function fieldsOf(skill: SkillDocument): Omit<SkillFields, 'relay' | 'relaySecret' | 'events' | 'eventsSecret'> {
  return {
    slug: skill.slug,
    name: skill.name,
    alexaSkillId: skill.skillId ?? null,
    vendorId: skill.vendorId ?? null,
    redirectUris: redirectUrisOfSkill(skill),
    grantTypes: skill.grantTypes,
    scopes: skill.scopes,
    pkce: skill.pkce,
    accessTokenTtl: skill.accessTokenTtl,
    refreshKeep: skill.refreshKeep === 'all' ? null : skill.refreshKeep,
    implicitTokenTtl: skill.grantTypes.includes('implicit') ? (skill.implicitTokenTtl ?? IMPLICIT_TTL) : null,
    tokenMode: skill.tokenMode,
    branding: skill.branding,
    appToApp: skill.appToApp ?? null,
  };
}
