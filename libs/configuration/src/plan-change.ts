import type { ConnectorDocument, SkillDocument, TenantId } from '@linkbroker/contracts';
import { eventComplaints } from './check-events.js';
import { grantComplaints } from './check-grants.js';
import { relayComplaints } from './check-relay.js';
import { connectorComplaints, tokenModeComplaints, type Complaint } from './check-upstreams.js';
import { webhookComplaints } from './check-webhooks.js';
import type { ClientConfiguration, ConfigurationNeeds, PlannedChange, TenantConfiguration } from './configuration.js';
import { planNewSecret } from './plan-client.js';
import { planConnectors } from './plan-connectors.js';
import { checkRelaysStay } from './plan-relay.js';
import { planSkill } from './plan-skills.js';
import { refuse } from './refuse.js';
import { isDeepStrictEqual } from 'node:util';

/** Nothing that is there is taken away: replaced secrets stay until nobody uses them. */
const GENTLE = { retireSecrets: false, prune: true };

/**
 * The changes that make one connector what a document says; its secret stays where none is named.
 * @throws ConfigError naming what does not fit
 */
export async function planConnectorChange(
  needs: ConfigurationNeeds,
  tenantId: TenantId,
  connector: ConnectorDocument,
  stored: TenantConfiguration,
): Promise<PlannedChange[]> {
  refuse(connectorComplaints(connector, []));
  refuse(movedSecret(connector, stored));
  const users = stored.skills.filter(({ connectorIds, tokenMode }) => {
    const known = stored.connectors.find(({ slug }) => slug === connector.slug);
    return tokenMode === 'upstream' && known !== undefined && connectorIds.includes(known.id);
  });
  refuse(
    users.flatMap((skill) =>
      tokenModeComplaints({ tokenMode: skill.tokenMode, connectors: [connector.slug] }, [connector], []).map(
        ({ message }) => ({ path: ['provider'], message: `skill ${skill.slug}: ${message}` }),
      ),
    ),
  );
  return (await planConnectors(needs, tenantId, [connector], stored.connectors)).changes;
}

/**
 * The changes that make one skill what a document says. Secrets stay where none is named, and are made and told once where
 * there are none.
 * @throws ConfigError naming what does not fit
 */
export async function planSkillChange(
  needs: ConfigurationNeeds,
  tenantId: TenantId,
  skill: SkillDocument,
  stored: TenantConfiguration,
): Promise<PlannedChange[]> {
  const before = stored.skills.find(({ slug }) => slug === skill.slug);
  refuse([
    ...unknownConnectors(skill, stored),
    ...tokenModeComplaints(skill, stored.connectors, []),
    ...webhookComplaints(skill, []),
    ...relayComplaints(skill, []),
    ...eventComplaints(skill, []),
    ...grantComplaints(skill, []),
    ...forgottenRelaySecret(skill, before?.relaySecret ?? null),
    ...(before && !before.relay && skill.relay ? [{ path: ['relay'], message: LATE_RELAY }] : []),
  ]);
  checkRelaysStay([skill], stored);
  const ids = new Map(stored.connectors.map(({ slug, id }) => [slug, id]));
  return planSkill(needs, tenantId, skill, before, ids, GENTLE);
}

/**
 * A new secret for a client of a skill that is there, told once; undefined where there is no such one.
 * @param retire ends those before it at once, instead of when nobody has used them for 30 days
 */
export async function planSecretRotation(
  needs: ConfigurationNeeds,
  stored: TenantConfiguration,
  { skill: slug, client, retire }: { skill: string; client: ClientConfiguration['kind']; retire: boolean },
): Promise<PlannedChange[] | undefined> {
  const skill = stored.skills.find((candidate) => candidate.slug === slug);
  const known = skill?.clients.find(({ kind }) => kind === client);
  if (!skill || !known) return undefined;
  const place = { skillId: skill.id, kind: client, label: `skill ${slug}` };
  return planNewSecret(needs, place, known, { retireSecrets: retire });
}

function unknownConnectors(skill: SkillDocument, { connectors }: TenantConfiguration): Complaint[] {
  return skill.connectors.flatMap((slug, index) => {
    const path = ['connectors', index];
    if (skill.connectors.indexOf(slug) < index) return [{ path, message: `connector "${slug}" is listed twice` }];
    if (connectors.some((connector) => connector.slug === slug)) return [];
    return [{ path, message: `there is no connector "${slug}" in this tenant` }];
  });
}

/** It could not be taken back: households of the relay would be unlinked by it. */
const LATE_RELAY = 'is for a skill that is new; a skill that has links gets one by `npm run apply`';

/** What says where a connector's secret is sent. */
const ADDRESSES = ['provider', 'issuer', 'endpoints', 'parameters'] as const;

/** A secret that nobody repeats stays where it has been sent so far: it is not given to whoever names another address. */
function movedSecret(connector: ConnectorDocument, { connectors }: TenantConfiguration): Complaint[] {
  const known = connectors.find(({ slug }) => slug === connector.slug);
  if (!known || connector.clientSecret !== undefined) return [];
  const wanted = { ...connector, issuer: connector.issuer ?? null };
  if (ADDRESSES.every((key) => isDeepStrictEqual(wanted[key], known[key]))) return [];
  return [{ path: ['clientSecret'], message: 'must be repeated: it would be sent to another address' }];
}

/** A relay without a secret is one where Alexa's own is handed on: that cannot be told from one that was left out. */
function forgottenRelaySecret({ relay }: SkillDocument, stored: Buffer | null): Complaint[] {
  if (!relay || relay.clientSecret !== undefined || !stored) return [];
  return [
    { path: ['relay', 'clientSecret'], message: 'must be repeated: without it the one that Alexa presents is used' },
  ];
}
