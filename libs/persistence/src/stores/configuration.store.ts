import { asTenantId, type TenantId } from '@linkbroker/contracts';
import { isDeepStrictEqual } from 'node:util';
import { IsNull, type DataSource, type EntityManager } from 'typeorm';
import {
  ClientEntity,
  ClientSecretEntity,
  ConnectorEntity,
  SkillConnectorEntity,
  SkillEntity,
  TenantEntity,
  WebhookEntity,
} from '../entities/index.js';
import { appendAudit, type AuditEntry } from './audit-log.store.js';
import type {
  ConfigurationChange,
  StoredConnector,
  StoredSkill,
  StoredWebhook,
  TenantState,
} from './configuration-state.js';
import { writeChange } from './write-configuration-change.js';

/** A client id that another skill, of this tenant or any other, has already. */
export class ClientIdTaken extends Error {
  constructor(readonly clientId: string) {
    super(`client id "${clientId}" is already in use`);
    this.name = 'ClientIdTaken';
  }
}

/** A slug that another tenant has already, or one that was closed still has. */
export class SlugTaken extends Error {
  constructor(readonly slug: string) {
    super(`tenant slug "${slug}" is already in use, or of a tenant that is being deleted`);
    this.name = 'SlugTaken';
  }
}

/** Somebody else has changed it since it was read, or closed the tenant. */
export class ConfigurationMoved extends Error {
  constructor() {
    super('the configuration was changed meanwhile');
    this.name = 'ConfigurationMoved';
  }
}

interface WriteOptions {
  /** Written with the changes. */
  readonly audit?: AuditEntry;
  /** What they were planned from: they are made only while it is still so. */
  readonly from?: TenantState;
}

/** A tenant's configuration as one aggregate: read whole, changed in one transaction. */
export class ConfigurationStore {
  constructor(private readonly dataSource: DataSource) {}

  async resolveTenant(slug: string): Promise<TenantId | undefined> {
    const [row] = await this.dataSource.query<{ id: string | null }[]>('SELECT linkbroker.resolve_tenant($1) AS id', [
      slug,
    ]);
    return row?.id ? asTenantId(row.id) : undefined;
  }

  read(tenantId: TenantId): Promise<TenantState> {
    return this.asTenant(tenantId, (manager) => readState(manager, tenantId));
  }

  /** Grants of these skills, or linked through these connectors, that still work. */
  async countLiveGrants(
    tenantId: TenantId,
    skillIds: readonly string[],
    connectorIds: readonly string[],
  ): Promise<number> {
    return this.asTenant(tenantId, async (manager) => {
      const [row] = await manager.query<{ count: string }[]>(
        `SELECT count(*) FROM linkbroker.grants g JOIN linkbroker.links l ON l.id = g.link_id
         WHERE g.tenant_id = $1 AND (g.skill_id = ANY ($2) OR l.connector_id = ANY ($3))
           AND g.code_consumed_at IS NOT NULL AND g.revoked_at IS NULL`,
        [tenantId, skillIds, connectorIds],
      );
      return Number(row?.count ?? 0);
    });
  }

  /**
   * Makes the changes, all or none.
   * @throws ClientIdTaken, SlugTaken when a client id or a tenant's slug belongs to somebody else; ConfigurationMoved
   */
  async write(
    tenantId: TenantId,
    changes: readonly ConfigurationChange[],
    now: Date,
    { audit, from }: WriteOptions = {},
  ): Promise<void> {
    await this.asTenant(tenantId, async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('linkbroker.configuration:' || $1, 0))`, [
        tenantId,
      ]);
      await checkUnmoved(manager, tenantId, from);
      for (const change of changes) {
        try {
          await writeChange(manager, tenantId, change, now);
        } catch (error) {
          const names = change.kind === 'add-client' || change.kind === 'rename-client';
          if (names && isUniqueViolation(error)) throw new ClientIdTaken(change.clientId);
          if (change.kind === 'create-tenant' && isUniqueViolation(error)) throw new SlugTaken(change.slug);
          throw error;
        }
      }
      if (!audit) return;
      await appendAudit(manager, tenantId, audit);
      // Nobody reads a closed tenant's log any more.
      if (changes.some(({ kind }) => kind === 'close-tenant')) await appendAudit(manager, null, audit);
    });
  }

  private asTenant<T>(tenantId: TenantId, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(`SELECT set_config('linkbroker.tenant_id', $1, true)`, [tenantId]);
      return work(manager);
    });
  }
}

/** @throws ConfigurationMoved where the tenant was closed, or is not as it was read */
async function checkUnmoved(manager: EntityManager, tenantId: TenantId, from: TenantState | undefined): Promise<void> {
  const closed = await manager.query<unknown[]>(
    'SELECT 1 FROM linkbroker.tenants WHERE id = $1 AND closed_at IS NOT NULL',
    [tenantId],
  );
  if (closed.length > 0) throw new ConfigurationMoved();
  if (from && !isDeepStrictEqual(decided(from), decided(await readState(manager, tenantId))))
    throw new ConfigurationMoved();
}

async function readState(manager: EntityManager, tenantId: TenantId): Promise<TenantState> {
  const live = { tenantId, removedAt: IsNull() };
  const tenant = await manager.findOneByOrFail(TenantEntity, { id: tenantId });
  const connectors = await manager.findBy(ConnectorEntity, live);
  const skills = await manager.findBy(SkillEntity, live);
  const clients = await manager.findBy(ClientEntity, { tenantId });
  const secrets = await manager.findBy(ClientSecretEntity, { tenantId, retiredAt: IsNull() });
  const ties = await manager.find(SkillConnectorEntity, { where: { tenantId }, order: { position: 'ASC' } });
  const webhooks = await manager.findBy(WebhookEntity, live);
  const toSkill = ({ tenantId: _, removedAt: __, ...skill }: SkillEntity): StoredSkill => ({
    ...skill,
    webhooks: webhooks.filter((webhook) => webhook.skillId === skill.id).map(toWebhook),
    connectorIds: ties.filter((tie) => tie.skillId === skill.id).map((tie) => tie.connectorId),
    clients: clients
      .filter((client) => client.skillId === skill.id)
      .map((client) => ({
        kind: client.kind,
        clientId: client.clientId,
        secrets: secrets
          .filter((secret) => secret.clientId === client.clientId)
          .map(({ id, hash, createdAt, lastSeenAt, supersededAt }) => {
            return { id, hash, createdAt, lastSeenAt, superseded: supersededAt !== null };
          }),
      })),
  });
  const toConnector = ({ tenantId: _, removedAt: __, ...connector }: ConnectorEntity): StoredConnector => connector;
  const { name, timelineDays } = tenant;
  return { name, timelineDays, connectors: connectors.map(toConnector), skills: skills.map(toSkill) };
}

/** What of a configuration somebody decides: when a secret was last seen is no part of it, and rows come in any order. */
function decided({ connectors, skills, ...tenant }: TenantState): object {
  const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): Row[] =>
    rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    ...tenant,
    connectors: byId(connectors),
    skills: byId(skills).map(({ webhooks, clients, ...skill }) => ({
      ...skill,
      webhooks: byId(webhooks),
      clients: clients
        .toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
        .map(({ secrets, ...client }) => ({
          ...client,
          secrets: byId(secrets).map(({ lastSeenAt: _, ...secret }) => secret),
        })),
    })),
  };
}

function toWebhook({ id, url, events, secrets, disabledAt }: WebhookEntity): StoredWebhook {
  return { id, url, events, secrets, disabled: disabledAt !== null };
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && (error as { code?: string }).code === '23505';
}
