import type { AppToApp, Branding, EventPermission, Relay } from '@linkbroker/contracts';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** Entities of the configuration aggregates. They never leave this lib. */
@Entity('tenants')
export class TenantEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') slug!: string;
  @Column('text') name!: string;
  @Column('integer', { name: 'timeline_days' }) timelineDays!: number;
}

@Entity('connectors')
export class ConnectorEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'tenant_id' }) tenantId!: string;
  @Column('text') slug!: string;
  @Column('text') name!: string;
  @Column('text') provider!: string;
  @Column('text', { nullable: true }) issuer!: string | null;
  @Column('text', { name: 'client_id' }) clientId!: string;
  @Column('bytea', { name: 'client_secret' }) clientSecret!: Buffer;
  @Column('text', { array: true }) scopes!: string[];
  @Column('jsonb') endpoints!: Record<string, string>;
  @Column('jsonb') parameters!: Record<string, string>;
  @Column('text', { name: 'revoke_upstream' }) revokeUpstream!: 'never' | 'last-link';
  @Column('timestamptz', { name: 'removed_at', nullable: true }) removedAt!: Date | null;
}

@Entity('skills')
export class SkillEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'tenant_id' }) tenantId!: string;
  @Column('text') slug!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'alexa_skill_id', nullable: true }) alexaSkillId!: string | null;
  @Column('text', { name: 'vendor_id', nullable: true }) vendorId!: string | null;
  @Column('text', { name: 'redirect_uris', array: true }) redirectUris!: string[];
  @Column('text', { name: 'grant_types', array: true }) grantTypes!: string[];
  @Column('text', { array: true }) scopes!: string[];
  @Column('text') pkce!: 'optional' | 'required';
  @Column('integer', { name: 'access_token_ttl' }) accessTokenTtl!: number;
  @Column('integer', { name: 'refresh_keep', nullable: true }) refreshKeep!: number | null;
  @Column('integer', { name: 'implicit_token_ttl', nullable: true }) implicitTokenTtl!: number | null;
  @Column('text', { name: 'token_mode' }) tokenMode!: 'own' | 'upstream';
  @Column('jsonb') branding!: Branding;
  @Column('jsonb', { nullable: true }) relay!: Omit<Relay, 'sealedSecret'> | null;
  @Column('bytea', { name: 'relay_secret', nullable: true }) relaySecret!: Buffer | null;
  @Column('jsonb', { nullable: true }) events!: Omit<EventPermission, 'sealedSecret'> | null;
  @Column('bytea', { name: 'events_secret', nullable: true }) eventsSecret!: Buffer | null;
  @Column('jsonb', { name: 'app_to_app', nullable: true }) appToApp!: AppToApp | null;
  @Column('timestamptz', { name: 'removed_at', nullable: true }) removedAt!: Date | null;
}

@Entity('clients')
export class ClientEntity {
  @PrimaryColumn('text', { name: 'client_id' }) clientId!: string;
  @Column('uuid', { name: 'tenant_id' }) tenantId!: string;
  @Column('uuid', { name: 'skill_id' }) skillId!: string;
  @Column('text') kind!: 'alexa' | 'backend';
}

@Entity('client_secrets')
export class ClientSecretEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'tenant_id' }) tenantId!: string;
  @Column('text', { name: 'client_id' }) clientId!: string;
  @Column('text') hash!: string;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'last_seen_at', nullable: true }) lastSeenAt!: Date | null;
  @Column('timestamptz', { name: 'superseded_at', nullable: true }) supersededAt!: Date | null;
  @Column('timestamptz', { name: 'retired_at', nullable: true }) retiredAt!: Date | null;
}

@Entity('skill_connectors')
export class SkillConnectorEntity {
  @PrimaryColumn('uuid', { name: 'skill_id' }) skillId!: string;
  @PrimaryColumn('uuid', { name: 'connector_id' }) connectorId!: string;
  @Column('uuid', { name: 'tenant_id' }) tenantId!: string;
  @Column('smallint') position!: number;
}

@Entity('webhooks')
export class WebhookEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'tenant_id' }) tenantId!: string;
  @Column('uuid', { name: 'skill_id' }) skillId!: string;
  @Column('text') url!: string;
  @Column('text', { array: true }) events!: string[];
  @Column('bytea') secrets!: Buffer;
  @Column('timestamptz', { name: 'disabled_at', nullable: true }) disabledAt!: Date | null;
  @Column('timestamptz', { name: 'removed_at', nullable: true }) removedAt!: Date | null;
}

export const ENTITIES = [
  TenantEntity,
  ConnectorEntity,
  SkillEntity,
  ClientEntity,
  ClientSecretEntity,
  SkillConnectorEntity,
  WebhookEntity,
] as const;
