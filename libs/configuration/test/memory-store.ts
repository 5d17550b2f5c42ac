import { asTenantId, configFile, type ConfigFile, type TenantId } from '@linkbroker/contracts';
import type {
  Change,
  ClientConfiguration,
  ConfigurationNeeds,
  ConnectorFields,
  SkillFields,
  TenantConfiguration,
  WebhookConfiguration,
} from '../src/configuration.js';

interface MemorySecret {
  readonly id: string;
  readonly clientId: string;
  readonly hash: string;
  superseded: boolean;
}
interface MemoryTenant {
  readonly id: TenantId;
  readonly slug: string;
  name: string;
  timelineDays: number;
  readonly connectors: Map<string, ConnectorFields>;
  readonly skills: Map<string, SkillFields>;
  readonly ties: Map<string, readonly string[]>;
  clients: { skillId: string; kind: 'alexa' | 'backend'; clientId: string }[];
  secrets: MemorySecret[];
  readonly webhooks: Map<string, WebhookConfiguration & { readonly skillId: string }>;
}

/** A configuration store that keeps the promises of the real one, in memory. */
export class MemoryStore {
  readonly tenants = new Map<TenantId, MemoryTenant>();
  /** Every change ever written, in order. */
  readonly written: Change[] = [];
  transactions = 0;
  liveGrants = 0;
  readonly asked: { readonly skillIds: readonly string[]; readonly connectorIds: readonly string[] }[] = [];

  resolveTenant(slug: string): Promise<TenantId | undefined> {
    return Promise.resolve([...this.tenants.values()].find((tenant) => tenant.slug === slug)?.id);
  }

  read(tenantId: TenantId): Promise<TenantConfiguration> {
    const tenant = this.tenant(tenantId);
    return Promise.resolve({
      name: tenant.name,
      timelineDays: tenant.timelineDays,
      connectors: [...tenant.connectors].map(([id, fields]) => ({ id, ...fields })),
      skills: [...tenant.skills].map(([id, fields]) => ({
        id,
        ...fields,
        connectorIds: tenant.ties.get(id) ?? [],
        webhooks: [...tenant.webhooks.values()].filter(({ skillId }) => skillId === id),
        clients: tenant.clients.filter(({ skillId }) => skillId === id).map((client) => withSecrets(tenant, client)),
      })),
    });
  }

  countLiveGrants(_: TenantId, skillIds: readonly string[], connectorIds: readonly string[]): Promise<number> {
    this.asked.push({ skillIds, connectorIds });
    return Promise.resolve(this.liveGrants);
  }

  write(tenantId: TenantId, changes: readonly Change[]): Promise<void> {
    this.transactions += 1;
    for (const change of changes) {
      this.written.push(change);
      this.make(tenantId, change);
    }
    return Promise.resolve();
  }

  /** The secrets of a client, oldest first, as `secret` or `secret (superseded)`. */
  secretsOf(clientId: string): string[] {
    return [...this.tenants.values()]
      .flatMap(({ secrets }) => secrets)
      .filter((secret) => secret.clientId === clientId)
      .map(
        ({ hash, superseded }) => `${hash.replace(/^hash of (.*) #\d+$/, '$1')}${superseded ? ' (superseded)' : ''}`,
      );
  }

  private tenant(tenantId: TenantId): MemoryTenant {
    const tenant = this.tenants.get(tenantId);
    if (!tenant) throw new Error(`no tenant ${tenantId}`);
    return tenant;
  }

  private make(tenantId: TenantId, change: Change): void {
    if (change.kind === 'create-tenant') {
      const { slug, name, timelineDays } = change;
      const empty = { connectors: new Map(), skills: new Map(), ties: new Map(), webhooks: new Map() };
      this.tenants.set(tenantId, { id: tenantId, slug, name, timelineDays, ...empty, clients: [], secrets: [] });
      return;
    }
    const tenant = this.tenant(tenantId);
    if (change.kind === 'update-tenant') {
      tenant.name = change.name;
      tenant.timelineDays = change.timelineDays;
    } else if ('fields' in change) makeFields(tenant, change);
    else if (WEBHOOK.test(change.kind)) makeWebhook(tenant, change as WebhookChange);
    else if (change.kind === 'set-connectors') setConnectors(tenant, change);
    else if (change.kind === 'remove-connector') tenant.connectors.delete(change.id);
    else if (change.kind === 'remove-skill') removeSkill(tenant, change.id);
    else if ('clientId' in change) this.makeClient(tenant, change);
    else if ('id' in change) makeSecret(tenant, change.id, change.kind);
  }

  private makeClient(tenant: MemoryTenant, change: Extract<Change, { readonly clientId: string }>): void {
    const { kind, clientId } = change;
    const taken = [...this.tenants.values()].some(({ clients }) =>
      clients.some((client) => client.clientId === clientId),
    );
    if (kind === 'remove-client') {
      tenant.clients = tenant.clients.filter((client) => client.clientId !== clientId);
      tenant.secrets = tenant.secrets.filter((secret) => secret.clientId !== clientId);
    } else if (kind === 'add-secret') {
      if (!taken) throw new Error(`no client ${clientId}`);
      tenant.secrets.push({ id: change.id, clientId, hash: change.hash, superseded: false });
    } else if (taken) {
      throw new Error(`client id ${clientId} is taken`);
    } else if (kind === 'add-client') {
      tenant.clients.push({ skillId: change.skillId, kind: change.client, clientId });
    } else {
      const rename = <Row extends { readonly clientId: string }>(row: Row): Row =>
        row.clientId === change.from ? { ...row, clientId } : row;
      tenant.clients = tenant.clients.map(rename);
      tenant.secrets = tenant.secrets.map(rename);
    }
  }
}

function withSecrets(tenant: MemoryTenant, { kind, clientId }: MemoryTenant['clients'][number]): ClientConfiguration {
  const secrets = tenant.secrets.filter((secret) => secret.clientId === clientId);
  return { kind, clientId, secrets: secrets.map(({ id, hash, superseded }) => ({ id, hash, superseded })) };
}

function makeFields(tenant: MemoryTenant, change: Extract<Change, { readonly fields: unknown }>): void {
  const known = tenant.skills.has(change.id) || tenant.connectors.has(change.id);
  if (known !== change.kind.startsWith('update')) throw new Error(`${change.kind} ${change.id}`);
  if (change.kind === 'create-skill' || change.kind === 'update-skill') tenant.skills.set(change.id, change.fields);
  if (change.kind === 'create-connector' || change.kind === 'update-connector') {
    tenant.connectors.set(change.id, change.fields);
  }
}

function setConnectors(
  tenant: MemoryTenant,
  { skillId, connectorIds }: Extract<Change, { kind: 'set-connectors' }>,
): void {
  if (!tenant.skills.has(skillId)) throw new Error(`no skill ${skillId}`);
  if (!connectorIds.every((id) => tenant.connectors.has(id)))
    throw new Error(`no connector among ${connectorIds.join()}`);
  tenant.ties.set(skillId, connectorIds);
}

const WEBHOOK = /-webhook$/;
type WebhookChange = Extract<Change, { kind: 'create-webhook' | 'update-webhook' | 'remove-webhook' }>;

function makeWebhook(tenant: MemoryTenant, change: WebhookChange): void {
  const known = tenant.webhooks.get(change.id);
  if ((known === undefined) !== (change.kind === 'create-webhook')) throw new Error(`${change.kind} ${change.id}`);
  if (change.kind === 'remove-webhook') {
    tenant.webhooks.delete(change.id);
    return;
  }
  const skillId = change.kind === 'create-webhook' ? change.skillId : (known?.skillId ?? '');
  tenant.webhooks.set(change.id, { id: change.id, skillId, ...change.webhook, disabled: false });
}

function removeSkill(tenant: MemoryTenant, id: string): void {
  tenant.skills.delete(id);
  tenant.clients = tenant.clients.filter(({ skillId }) => skillId !== id);
}

function makeSecret(tenant: MemoryTenant, id: string, kind: Change['kind']): void {
  const secret = tenant.secrets.find((candidate) => candidate.id === id);
  if (!secret) throw new Error(`no secret ${id}`);
  if (kind === 'retire-secret') tenant.secrets = tenant.secrets.filter((candidate) => candidate !== secret);
  else secret.superseded = kind === 'supersede-secret';
}

/** What applying needs, with ids that count up, salted hashes and sealed values that differ each time. */
export function needsOf(store: MemoryStore): ConfigurationNeeds {
  let count = 0;
  const next = (): string => String((count += 1));
  const aad = (place: object): string => JSON.stringify(place);
  return {
    now: () => new Date(0),
    newId: () => asTenantId(`id-${next()}`),
    newClientSecret: () => `client-secret-${next()}`,
    newSigningSecret: () => `whsec_${Buffer.alloc(32, Number(next())).toString('base64')}`,
    hashSecret: (secret) => Promise.resolve(`hash of ${secret} #${next()}`),
    verifySecret: (secret, hash) => Promise.resolve(hash.startsWith(`hash of ${secret} #`)),
    seal: (place, plain) => Promise.resolve(Buffer.from(JSON.stringify([next(), aad(place), plain.toString('hex')]))),
    open: (place, sealed) => {
      const [, sealedFor, plain] = JSON.parse(sealed.toString()) as [string, string, string];
      if (sealedFor !== aad(place)) throw new Error(`sealed for ${sealedFor}, opened as ${aad(place)}`);
      return Promise.resolve(Buffer.from(plain, 'hex'));
    },
    store,
  };
}

type Fields = Record<string, unknown>;
export const connectorOf = (slug: string, changes: Fields = {}): Fields => ({
  slug,
  provider: 'oidc',
  issuer: 'https://id.example.com',
  clientId: 'broker',
  clientSecret: `${slug}-secret`,
  ...changes,
});
export const skillOf = (slug: string, changes: Fields = {}): Fields => ({
  slug,
  name: slug,
  clientId: `alexa-${slug}`,
  clientSecret: `${slug}-secret`,
  vendorId: 'M3KVOEXUO4ALBL',
  connectors: ['home'],
  ...changes,
});
export const tenantOf = (
  skills: Fields[],
  connectors: Fields[] = [connectorOf('home')],
  changes: Fields = {},
): Fields => ({
  slug: 'acme',
  name: 'Acme',
  connectors,
  skills,
  ...changes,
});
export const fileOf = (...tenants: Fields[]): ConfigFile => configFile.parse({ tenants });
