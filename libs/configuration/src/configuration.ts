import type { AppToApp, Branding, Deadline, EventPermission, Relay, TenantId } from '@linkbroker/contracts';

/** What is stored of a tenant's configuration; the store's own shape satisfies it. */
/** A tenant's own fields. */
export interface TenantFields {
  readonly name: string;
  /** Days for which timelines are kept. */
  readonly timelineDays: number;
}

export interface TenantConfiguration extends TenantFields {
  readonly connectors: readonly (ConnectorFields & { readonly id: string })[];
  readonly skills: readonly SkillConfiguration[];
}

export interface ConnectorFields {
  readonly slug: string;
  readonly name: string;
  readonly provider: string;
  readonly issuer: string | null;
  readonly clientId: string;
  readonly clientSecret: Buffer;
  readonly scopes: readonly string[];
  readonly endpoints: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly revokeUpstream: 'never' | 'last-link';
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
  /** The client secret at the relay's server, sealed; null where it is the one that Alexa presents. */
  readonly relaySecret: Buffer | null;
  readonly events: Omit<EventPermission, 'sealedSecret'> | null;
  /** The secret of the client for events, sealed. */
  readonly eventsSecret: Buffer | null;
  readonly appToApp: AppToApp | null;
}

export interface ClientConfiguration {
  readonly kind: 'alexa' | 'backend';
  readonly clientId: string;
  readonly secrets: readonly { readonly id: string; readonly hash: string; readonly superseded: boolean }[];
}

export interface WebhookFields {
  readonly url: string;
  readonly events: readonly string[];
  /** The signing secrets, newest first, sealed together. */
  readonly secrets: Buffer;
}

export interface WebhookConfiguration extends WebhookFields {
  readonly id: string;
  /** Its receiver has answered that it is gone. */
  readonly disabled: boolean;
}

export interface SkillConfiguration extends SkillFields {
  readonly id: string;
  readonly webhooks: readonly WebhookConfiguration[];
  readonly connectorIds: readonly string[];
  readonly clients: readonly ClientConfiguration[];
}

/** One change to a tenant's configuration. */
export type Change =
  | ({ readonly kind: 'create-tenant'; readonly slug: string } & TenantFields)
  | ({ readonly kind: 'update-tenant' } & TenantFields)
  | { readonly kind: 'close-tenant' }
  | { readonly kind: 'create-connector' | 'update-connector'; readonly id: string; readonly fields: ConnectorFields }
  | { readonly kind: 'remove-connector' | 'remove-skill'; readonly id: string }
  | { readonly kind: 'create-skill' | 'update-skill'; readonly id: string; readonly fields: SkillFields }
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
  | { readonly kind: 'supersede-secret' | 'restore-secret' | 'retire-secret'; readonly id: string };

/** A change and the line that tells a person about it. */
export interface PlannedChange {
  readonly change: Change;
  readonly line: string;
  /** What is told once, when it has been written. */
  readonly once?: MadeSecret;
}

/** A secret that was made for somebody who named none. */
export interface MadeSecret {
  readonly what: string;
  readonly secret: string;
}

/** What planning and applying need from outside. */
export interface ConfigurationNeeds {
  readonly now: () => Date;
  readonly newId: () => string;
  /** A client's secret: at least 256 random bits. */
  readonly newClientSecret: () => string;
  /** A webhook's signing secret: `whsec_` and base64. */
  readonly newSigningSecret: () => string;
  readonly hashSecret: (secret: string) => Promise<string>;
  readonly verifySecret: (secret: string, hash: string) => Promise<boolean>;
  readonly seal: (place: SecretPlace, plain: Buffer, deadline: Deadline) => Promise<Buffer>;
  readonly open: (place: SecretPlace, sealed: Buffer, deadline: Deadline) => Promise<Buffer>;
  readonly store: {
    resolveTenant(slug: string): Promise<TenantId | undefined>;
    read(tenantId: TenantId): Promise<TenantConfiguration>;
    countLiveGrants(tenantId: TenantId, skillIds: readonly string[], connectorIds: readonly string[]): Promise<number>;
    write(tenantId: TenantId, changes: readonly Change[], now: Date): Promise<void>;
  };
}

export interface SecretPlace {
  readonly tenantId: TenantId;
  readonly row: string;
  readonly field: string;
  readonly version: number;
}

/** Where a connector's client secret lives. */
export function connectorSecretPlace(tenantId: TenantId, connectorId: string): SecretPlace {
  return { tenantId, row: connectorId, field: 'connectors.client_secret', version: 0 };
}

/** Where the client secret at a relay's server lives. */
export function relaySecretPlace(tenantId: TenantId, skillId: string): SecretPlace {
  return { tenantId, row: skillId, field: 'skills.relay_secret', version: 0 };
}

/** Where the secret of a skill's client for events lives. */
export function eventsSecretPlace(tenantId: TenantId, skillId: string): SecretPlace {
  return { tenantId, row: skillId, field: 'skills.events_secret', version: 0 };
}

/** Where a webhook's signing secrets live. */
export function webhookSecretsPlace(tenantId: TenantId, webhookId: string): SecretPlace {
  return { tenantId, row: webhookId, field: 'webhooks.secrets', version: 0 };
}
