import type { AppToApp, Branding, EventPermission, Relay } from '@linkbroker/contracts';

/** What is stored of a tenant's configuration, and the changes that can be made to it. */
export interface TenantState extends TenantFields {
  readonly connectors: readonly StoredConnector[];
  readonly skills: readonly StoredSkill[];
}

export interface TenantFields {
  readonly name: string;
  /** Days for which timelines are kept. */
  readonly timelineDays: number;
}

export interface ConnectorFields {
  readonly slug: string;
  readonly name: string;
  readonly provider: string;
  readonly issuer: string | null;
  readonly clientId: string;
  /** Sealed by the vault. */
  readonly clientSecret: Buffer;
  readonly scopes: readonly string[];
  readonly endpoints: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly revokeUpstream: 'never' | 'last-link';
}

export interface StoredConnector extends ConnectorFields {
  readonly id: string;
}

export interface SkillFields {
  readonly slug: string;
  readonly name: string;
  readonly alexaSkillId: string | null;
  readonly vendorId: string | null;
  readonly redirectUris: readonly string[];
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
  readonly pkce: 'optional' | 'required';
  readonly accessTokenTtl: number;
  readonly refreshKeep: number | null;
  /** Seconds; null where the skill has no implicit grant. */
  readonly implicitTokenTtl: number | null;
  readonly tokenMode: 'own' | 'upstream';
  readonly branding: Branding;
  readonly relay: Omit<Relay, 'sealedSecret'> | null;
  /** Sealed by the vault. */
  readonly relaySecret: Buffer | null;
  readonly events: Omit<EventPermission, 'sealedSecret'> | null;
  /** Sealed by the vault. */
  readonly eventsSecret: Buffer | null;
  readonly appToApp: AppToApp | null;
}

export interface StoredClientSecret {
  readonly id: string;
  readonly hash: string;
  readonly createdAt: Date;
  /** When somebody last presented it. */
  readonly lastSeenAt: Date | null;
  readonly superseded: boolean;
}

export interface StoredClient {
  readonly kind: 'alexa' | 'backend';
  readonly clientId: string;
  readonly secrets: readonly StoredClientSecret[];
}

export interface WebhookFields {
  readonly url: string;
  readonly events: readonly string[];
  /** Sealed by the vault. */
  readonly secrets: Buffer;
}

export interface StoredWebhook extends WebhookFields {
  readonly id: string;
  /** Its receiver has answered that it is gone. */
  readonly disabled: boolean;
}

export interface StoredSkill extends SkillFields {
  readonly id: string;
  readonly webhooks: readonly StoredWebhook[];
  readonly connectorIds: readonly string[];
  readonly clients: readonly StoredClient[];
}

/** One change; `write` makes a list of them in order and in one transaction. */
export type ConfigurationChange =
  | ({ readonly kind: 'create-tenant'; readonly slug: string } & TenantFields)
  | ({ readonly kind: 'update-tenant' } & TenantFields)
  | { readonly kind: 'close-tenant' }
  | { readonly kind: 'create-connector'; readonly id: string; readonly fields: ConnectorFields }
  | { readonly kind: 'update-connector'; readonly id: string; readonly fields: ConnectorFields }
  | { readonly kind: 'remove-connector'; readonly id: string }
  | { readonly kind: 'create-skill'; readonly id: string; readonly fields: SkillFields }
  | { readonly kind: 'update-skill'; readonly id: string; readonly fields: SkillFields }
  | { readonly kind: 'remove-skill'; readonly id: string }
  | {
      readonly kind: 'create-webhook';
      readonly id: string;
      readonly skillId: string;
      readonly webhook: WebhookFields;
    }
  | { readonly kind: 'update-webhook'; readonly id: string; readonly webhook: WebhookFields }
  | { readonly kind: 'remove-webhook'; readonly id: string }
  | { readonly kind: 'set-connectors'; readonly skillId: string; readonly connectorIds: readonly string[] }
  | {
      readonly kind: 'add-client';
      readonly skillId: string;
      readonly client: 'alexa' | 'backend';
      readonly clientId: string;
    }
  | { readonly kind: 'rename-client'; readonly from: string; readonly clientId: string }
  | { readonly kind: 'remove-client'; readonly clientId: string }
  | { readonly kind: 'add-secret'; readonly id: string; readonly clientId: string; readonly hash: string }
  | { readonly kind: 'supersede-secret'; readonly id: string }
  | { readonly kind: 'restore-secret'; readonly id: string }
  | { readonly kind: 'retire-secret'; readonly id: string };
