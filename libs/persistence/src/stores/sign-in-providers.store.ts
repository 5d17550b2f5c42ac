import type { TenantId } from '@linkbroker/contracts';
import type { DataSource } from 'typeorm';
import { appendAudit, type AuditEntry } from './audit-log.store.js';

/** An OpenID provider by which people sign in to the admin app. */
export interface SignInProvider {
  readonly id: string;
  /** Names it in addresses; of all providers one has it. */
  readonly slug: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly createdAt: Date;
}

/** What signing in by it needs. */
export interface FoundSignInProvider {
  readonly id: string;
  readonly slug: string;
  /** The one tenant that it lets into; null where it is the installation's. */
  readonly tenantId: TenantId | null;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Buffer;
}

/** Providers of tenants, and with null for a tenant those of the installation. */
export class SignInProvidersStore {
  constructor(private readonly dataSource: DataSource) {}

  /** In the order of their slugs. */
  list(tenantId: TenantId | null): Promise<SignInProvider[]> {
    return this.dataSource.query<SignInProvider[]>(
      `SELECT id, slug, name, issuer, client_id AS "clientId", created_at AS "createdAt"
       FROM linkbroker.list_sign_in_providers($1)`,
      [tenantId],
    );
  }

  /** The provider with this slug, whoever's it is. */
  async find(slug: string): Promise<FoundSignInProvider | undefined> {
    const [row] = await this.dataSource.query<FoundSignInProvider[]>(
      `SELECT id, slug, tenant_id AS "tenantId", issuer, client_id AS "clientId", client_secret AS "clientSecret"
       FROM linkbroker.find_sign_in_provider($1)`,
      [slug],
    );
    return row;
  }

  /** False where the slug is taken. */
  add(tenantId: TenantId | null, provider: SignInProvider, sealed: Buffer, entry: AuditEntry): Promise<boolean> {
    const { id, slug, name, issuer, clientId, createdAt } = provider;
    const text = 'SELECT linkbroker.add_sign_in_provider($1, $2, $3, $4, $5, $6, $7, $8) AS done';
    return this.change(tenantId, text, [tenantId, id, slug, name, issuer, clientId, sealed, createdAt], entry);
  }

  /** False where this tenant has no such provider. */
  remove(tenantId: TenantId | null, id: string, entry: AuditEntry): Promise<boolean> {
    const text = 'SELECT linkbroker.remove_sign_in_provider($1, $2, $3) AS done';
    return this.change(tenantId, text, [tenantId, id, entry.at], entry);
  }

  private change(
    tenantId: TenantId | null,
    text: string,
    values: readonly unknown[],
    entry: AuditEntry,
  ): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<{ done: boolean }[]>(text, [...values]);
      if (row?.done === true) await appendAudit(manager, tenantId, entry);
      return row?.done === true;
    });
  }
}
