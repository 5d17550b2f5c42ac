import {
  asTenantId,
  type Connector,
  type ConnectorEndpoints,
  type Deadline,
  type TenantId,
} from '@linkbroker/contracts';
import type { Database } from '../database/database.js';
import type { OpenSealed } from './sealing.js';

/** Connectors with their client secret opened; the opener is given at the wiring site. */
export class ConnectorsStore {
  constructor(
    private readonly database: Database,
    private readonly open: OpenSealed,
  ) {}

  /** Finds whose connector a callback path names: there is no tenant before this. */
  async resolve(
    tenantSlug: string,
    connectorSlug: string,
    deadline: Deadline,
  ): Promise<{ tenantId: TenantId; connectorId: string } | undefined> {
    if (!SLUG.test(tenantSlug) || !SLUG.test(connectorSlug)) return undefined;
    const [row] = await this.database.query<{ tenant_id: string; connector_id: string }>(
      RESOLVE,
      [tenantSlug, connectorSlug],
      deadline,
    );
    return row && { tenantId: asTenantId(row.tenant_id), connectorId: row.connector_id };
  }

  find(tenantId: TenantId, connectorId: string, deadline: Deadline): Promise<Connector | undefined> {
    return this.look(tenantId, connectorId, false, deadline);
  }

  /** One that has been removed as well: what was linked through it can still be revoked. */
  findRemovedToo(tenantId: TenantId, connectorId: string, deadline: Deadline): Promise<Connector | undefined> {
    return this.look(tenantId, connectorId, true, deadline);
  }

  private async look(
    tenantId: TenantId,
    connectorId: string,
    removedToo: boolean,
    deadline: Deadline,
  ): Promise<Connector | undefined> {
    const [row] = await this.database.query<ConnectorRow>(FIND, [tenantId, connectorId, removedToo], deadline);
    if (!row) return undefined;
    const place = { tenantId, row: connectorId, field: 'connectors.client_secret', version: 0 };
    const secret = await this.open(place, row.client_secret, deadline);
    return {
      id: row.id,
      tenantId,
      tenantSlug: row.tenant_slug,
      slug: row.slug,
      name: row.name,
      provider: row.provider,
      issuer: row.issuer,
      clientId: row.client_id,
      clientSecret: secret.toString('utf8'),
      scopes: row.scopes,
      endpoints: row.endpoints,
      parameters: row.parameters,
      revokeUpstream: row.revoke_upstream,
    };
  }
}

const SLUG = /^[a-z0-9-]{1,63}$/;
const RESOLVE = { name: 'resolve_connector', text: 'SELECT * FROM linkbroker.resolve_connector($1, $2)' };
const FIND = { name: 'find_connector', text: 'SELECT * FROM linkbroker.find_connector($1, $2, $3)' };

interface ConnectorRow {
  readonly id: string;
  readonly tenant_slug: string;
  readonly slug: string;
  readonly name: string;
  readonly provider: string;
  readonly issuer: string | null;
  readonly client_id: string;
  readonly client_secret: Buffer;
  readonly scopes: string[];
  readonly endpoints: ConnectorEndpoints;
  readonly parameters: Readonly<Record<string, string>>;
  readonly revoke_upstream: 'never' | 'last-link';
}
