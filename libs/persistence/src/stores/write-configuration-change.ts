import type { TenantId } from '@linkbroker/contracts';
import { IsNull, type EntityManager } from 'typeorm';
import {
  ClientEntity,
  ClientSecretEntity,
  ConnectorEntity,
  SkillConnectorEntity,
  SkillEntity,
  TenantEntity,
  WebhookEntity,
} from '../entities/index.js';
import type { ConfigurationChange, ConnectorFields, SkillFields } from './configuration-state.js';

type Change<Kind extends ConfigurationChange['kind']> = Extract<ConfigurationChange, { kind: Kind }>;
type Writers = {
  readonly [Kind in ConfigurationChange['kind']]: (
    manager: EntityManager,
    tenantId: TenantId,
    change: Change<Kind>,
    now: Date,
  ) => Promise<unknown>;
};

const connectorRow = (fields: ConnectorFields) => ({
  ...fields,
  scopes: [...fields.scopes],
  endpoints: { ...fields.endpoints },
  parameters: { ...fields.parameters },
});
const skillRow = (fields: SkillFields) => ({
  ...fields,
  redirectUris: [...fields.redirectUris],
  grantTypes: [...fields.grantTypes],
  scopes: [...fields.scopes],
});

const WRITERS: Writers = {
  'create-tenant': (m, id, { slug, name, timelineDays }) => m.insert(TenantEntity, { id, slug, name, timelineDays }),
  'update-tenant': (m, id, { name, timelineDays }) => m.update(TenantEntity, { id }, { name, timelineDays }),
  'close-tenant': closeTenant,
  'create-connector': (m, tenantId, { id, fields }) =>
    m.insert(ConnectorEntity, { id, tenantId, ...connectorRow(fields) }),
  'update-connector': (m, tenantId, { id, fields }) =>
    m.update(ConnectorEntity, { id, tenantId }, connectorRow(fields)),
  'remove-connector': removeConnector,
  'create-skill': (m, tenantId, { id, fields }) => m.insert(SkillEntity, { id, tenantId, ...skillRow(fields) }),
  'update-skill': (m, tenantId, { id, fields }) => m.update(SkillEntity, { id, tenantId }, skillRow(fields)),
  'remove-skill': removeSkill,
  'create-webhook': (m, tenantId, { id, skillId, webhook }) =>
    m.insert(WebhookEntity, { id, tenantId, skillId, ...webhook, events: [...webhook.events] }),
  'update-webhook': (m, tenantId, { id, webhook }) =>
    m.update(WebhookEntity, { id, tenantId }, { ...webhook, events: [...webhook.events], disabledAt: null }),
  'remove-webhook': (m, tenantId, { id }, now) => removeWebhook(m, tenantId, id, now),
  'set-connectors': async (m, tenantId, { skillId, connectorIds }) => {
    await m.delete(SkillConnectorEntity, { tenantId, skillId });
    await m.insert(
      SkillConnectorEntity,
      connectorIds.map((connectorId, position) => ({ tenantId, skillId, connectorId, position })),
    );
  },
  'add-client': (m, tenantId, { skillId, client, clientId }) =>
    m.insert(ClientEntity, { clientId, tenantId, skillId, kind: client }),
  'rename-client': (m, tenantId, { from, clientId }) =>
    m.query('UPDATE linkbroker.clients SET client_id = $1 WHERE client_id = $2 AND tenant_id = $3', [
      clientId,
      from,
      tenantId,
    ]),
  'remove-client': (m, tenantId, { clientId }) => m.delete(ClientEntity, { tenantId, clientId }),
  'add-secret': (m, tenantId, { id, clientId, hash }) => m.insert(ClientSecretEntity, { id, tenantId, clientId, hash }),
  'supersede-secret': (m, tenantId, { id }, now) =>
    m.update(ClientSecretEntity, { id, tenantId }, { supersededAt: now }),
  'restore-secret': (m, tenantId, { id }) => m.update(ClientSecretEntity, { id, tenantId }, { supersededAt: null }),
  'retire-secret': (m, tenantId, { id }, now) => m.update(ClientSecretEntity, { id, tenantId }, { retiredAt: now }),
};

/** What was on its way to it is given up; its secrets are wiped. */
async function removeWebhook(m: EntityManager, tenantId: TenantId, id: string, now: Date): Promise<void> {
  await m.update(WebhookEntity, { id, tenantId }, { removedAt: now, secrets: Buffer.alloc(0) });
  await m.query('SELECT linkbroker.give_up_deliveries($1, $2, $3, $4)', [tenantId, id, 'the webhook was removed', now]);
}

/** The skill and its grants stay as tombstones; its client ids become free again. Upstream tokens are revoked by the worker. */
async function removeSkill(
  m: EntityManager,
  tenantId: TenantId,
  { id }: Change<'remove-skill'>,
  now: Date,
): Promise<void> {
  await m.query(
    `UPDATE linkbroker.grants SET revoked_at = $3, revoke_reason = 'skill removed'
     WHERE tenant_id = $1 AND skill_id = $2 AND revoked_at IS NULL`,
    [tenantId, id, now],
  );
  await m.query(
    'SELECT linkbroker.hold_link_revocation($1, l.id, $3) FROM linkbroker.links l WHERE l.tenant_id = $1 AND l.skill_id = $2',
    [tenantId, id, now],
  );
  const webhooks = await m.findBy(WebhookEntity, { tenantId, skillId: id, removedAt: IsNull() });
  for (const webhook of webhooks) await removeWebhook(m, tenantId, webhook.id, now);
  await m.delete(ClientEntity, { tenantId, skillId: id });
  await m.delete(SkillConnectorEntity, { tenantId, skillId: id });
  await m.query(
    `UPDATE linkbroker.event_grants SET state = 'ended', sealed = NULL, refresh_due_at = NULL, fence = fence + 1
     WHERE tenant_id = $1 AND skill_id = $2`,
    [tenantId, id],
  );
  await m.update(SkillEntity, { id, tenantId }, { removedAt: now, relaySecret: null, eventsSecret: null });
}

/** Its links cannot be kept fresh any more: their grants end as tombstones. */
async function removeConnector(
  m: EntityManager,
  tenantId: TenantId,
  { id }: Change<'remove-connector'>,
  now: Date,
): Promise<void> {
  const [live] = await m.query<{ links: string[] | null }[]>(
    `SELECT array_agg(DISTINCT g.link_id) AS links FROM linkbroker.grants g JOIN linkbroker.links l ON l.id = g.link_id
     WHERE l.tenant_id = $1 AND l.connector_id = $2 AND g.revoked_at IS NULL AND g.code_consumed_at IS NOT NULL`,
    [tenantId, id],
  );
  await m.query(
    `UPDATE linkbroker.grants SET revoked_at = $3, revoke_reason = 'connector removed'
     WHERE tenant_id = $1 AND revoked_at IS NULL
       AND link_id IN (SELECT id FROM linkbroker.links WHERE tenant_id = $1 AND connector_id = $2)`,
    [tenantId, id, now],
  );
  await m.query(
    'SELECT linkbroker.hold_link_revocation($1, l.id, $3) FROM linkbroker.links l WHERE l.tenant_id = $1 AND l.connector_id = $2',
    [tenantId, id, now],
  );
  await m.query(`SELECT linkbroker.tell_links($1, $2::uuid[], 'link.revoked', '{"reason":"connector removed"}', $3)`, [
    tenantId,
    live?.links ?? [],
    now,
  ]);
  await m.delete(SkillConnectorEntity, { tenantId, connectorId: id });
  await m.update(ConnectorEntity, { id, tenantId }, { removedAt: now });
}

/** Nobody gets in any more: members, keys and providers end with it. What is left is the worker's to destroy. @see ADR 0025 */
async function closeTenant(
  m: EntityManager,
  tenantId: TenantId,
  _change: Change<'close-tenant'>,
  now: Date,
): Promise<void> {
  await m.query('DELETE FROM linkbroker.members WHERE tenant_id = $1', [tenantId]);
  await m.query(
    `UPDATE linkbroker.invitations SET revoked_at = $2
     WHERE tenant_id = $1 AND consumed_at IS NULL AND revoked_at IS NULL`,
    [tenantId, now],
  );
  await m.query('UPDATE linkbroker.api_keys SET revoked_at = $2 WHERE tenant_id = $1 AND revoked_at IS NULL', [
    tenantId,
    now,
  ]);
  await m.query(
    'SELECT linkbroker.remove_sign_in_provider($1, p.id, $2) FROM linkbroker.list_sign_in_providers($1) AS p',
    [tenantId, now],
  );
  await m.query('UPDATE linkbroker.tenants SET closed_at = $2 WHERE id = $1', [tenantId, now]);
}

/** Makes one change inside the caller's transaction, which has the tenant set. */
export async function writeChange(
  manager: EntityManager,
  tenantId: TenantId,
  change: ConfigurationChange,
  now: Date,
): Promise<void> {
  const write = WRITERS[change.kind] as (
    m: EntityManager,
    t: TenantId,
    c: ConfigurationChange,
    n: Date,
  ) => Promise<unknown>;
  await write(manager, tenantId, change, now);
}
