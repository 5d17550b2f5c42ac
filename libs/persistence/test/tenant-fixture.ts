import { asTenantId, type TenantId } from '@linkbroker/contracts';
import { randomUUID } from 'node:crypto';
import type { ScratchDatabase } from '../src/testing/index.js';

export interface TenantFixture {
  readonly tenantId: TenantId;
  readonly tenantSlug: string;
  readonly skillId: string;
  readonly connectorId: string;
  readonly tokenSetId: string;
  readonly linkId: string;
  readonly clientId: string;
}

/** A tenant with one skill, one connector and one link, written past every policy. */
export async function createTenantFixture({ sql }: ScratchDatabase): Promise<TenantFixture> {
  const [tenantId, skillId, connectorId, tokenSetId, linkId] = Array.from({ length: 5 }, () => randomUUID());
  const tenantSlug = `t-${tenantId!.slice(0, 8)}`;
  const clientId = `alexa-${tenantId!.slice(0, 8)}`;
  await sql('INSERT INTO linkbroker.tenants (id, slug, name) VALUES ($1, $2, $2)', [tenantId, tenantSlug]);
  await sql(
    `INSERT INTO linkbroker.skills (id, tenant_id, slug, name, redirect_uris, grant_types, scopes, pkce, access_token_ttl)
     VALUES ($1, $2, 'lights', 'Lights', '{https://a.example/cb}', '{authorization_code}', '{lights}', 'optional', 3600)`,
    [skillId, tenantId],
  );
  await sql(`INSERT INTO linkbroker.clients (client_id, tenant_id, skill_id, kind) VALUES ($1, $2, $3, 'alexa')`, [
    clientId,
    tenantId,
    skillId,
  ]);
  await sql(
    `INSERT INTO linkbroker.connectors (id, tenant_id, slug, name, provider, issuer, client_id, client_secret, scopes)
     VALUES ($1, $2, 'home', 'Home', 'oidc', 'https://id.example', 'broker', '\\x00', '{openid}')`,
    [connectorId, tenantId],
  );
  await sql(
    `INSERT INTO linkbroker.skill_connectors (tenant_id, skill_id, connector_id, position) VALUES ($1, $2, $3, 0)`,
    [tenantId, skillId, connectorId],
  );
  await sql(
    `INSERT INTO linkbroker.upstream_token_sets (id, tenant_id, connector_id, subject, scopes, has_refresh_token, version, fence, sealed, updated_at)
     VALUES ($1, $2, $3, 'sub-1', '{openid}', true, 1, 1, '\\x00', now())`,
    [tokenSetId, tenantId, connectorId],
  );
  await sql(
    `INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id) VALUES ($1, $2, $3, $4, 'sub-1', $5)`,
    [linkId, tenantId, skillId, connectorId, tokenSetId],
  );
  return {
    tenantId: asTenantId(tenantId!),
    tenantSlug,
    skillId: skillId!,
    connectorId: connectorId!,
    tokenSetId: tokenSetId!,
    linkId: linkId!,
    clientId,
  };
}
