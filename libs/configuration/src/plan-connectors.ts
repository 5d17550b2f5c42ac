import { ConfigError, type ConnectorDocument, type TenantId } from '@linkbroker/contracts';
import { isDeepStrictEqual } from 'node:util';
import {
  connectorSecretPlace,
  type ConfigurationNeeds,
  type ConnectorFields,
  type PlannedChange,
  type TenantConfiguration,
} from './configuration.js';
import { sealSecret } from './seal-secret.js';

/** The changes that make the tenant's connectors what the file says; and every connector's id by slug. */
export async function planConnectors(
  needs: ConfigurationNeeds,
  tenantId: TenantId,
  wanted: readonly ConnectorDocument[],
  stored: TenantConfiguration['connectors'],
): Promise<{ changes: PlannedChange[]; ids: ReadonlyMap<string, string> }> {
  const changes: PlannedChange[] = [];
  const ids = new Map<string, string>();
  for (const connector of wanted) {
    const known = stored.find(({ slug }) => slug === connector.slug);
    const id = known?.id ?? needs.newId();
    ids.set(connector.slug, id);
    const clientSecret = await sealedSecret(needs, tenantId, id, connector, known?.clientSecret);
    const fields = fieldsOf(connector, clientSecret);
    if (!known) {
      changes.push({ change: { kind: 'create-connector', id, fields }, line: `+ connector ${connector.slug}` });
    } else {
      const { id: _, ...before } = known;
      const differing = differences(before, fields);
      if (differing.length > 0) {
        const line = `~ connector ${connector.slug}: ${differing.join(', ')}`;
        changes.push({ change: { kind: 'update-connector', id, fields }, line });
      }
    }
  }
  return { changes, ids };
}

function fieldsOf(connector: ConnectorDocument, clientSecret: Buffer): ConnectorFields {
  const endpoints = Object.entries(connector.endpoints).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    slug: connector.slug,
    name: connector.name ?? connector.slug,
    provider: connector.provider,
    issuer: connector.issuer ?? null,
    clientId: connector.clientId,
    clientSecret,
    scopes: connector.scopes ?? [],
    endpoints: Object.fromEntries(endpoints),
    parameters: connector.parameters,
    revokeUpstream: connector.revokeUpstream,
  };
}

/** The stored sealed secret when it holds the same one, so that applying twice changes nothing, and when none is named. */
async function sealedSecret(
  needs: ConfigurationNeeds,
  tenantId: TenantId,
  connectorId: string,
  { slug, clientSecret }: ConnectorDocument,
  stored: Buffer | undefined,
): Promise<Buffer> {
  if (clientSecret !== undefined) {
    return sealSecret(needs, connectorSecretPlace(tenantId, connectorId), clientSecret, stored ?? null);
  }
  if (stored) return stored;
  throw new ConfigError([{ line: null, path: 'clientSecret', message: `is needed: connector ${slug} is new` }]);
}

/** Names of the fields that differ. */
export function differences<Fields extends object>(before: Fields, after: Fields): string[] {
  return (Object.keys(after) as (keyof Fields & string)[]).filter((key) => !isDeepStrictEqual(before[key], after[key]));
}
