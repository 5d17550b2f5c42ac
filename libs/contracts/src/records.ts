import type { TenantId } from './tenant-id.js';

/** What the link page needs to know of a connector. */
export interface ConnectorSummary {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  /** Catalogue id. */
  readonly provider: string;
}

/** How a skill's link pages look, beyond names. */
export interface Branding {
  /** `#rrggbb`, the colour of the button. */
  readonly color?: string | undefined;
  /** A small picture as a `data:` address, so that no other host is asked for it. */
  readonly logo?: string | undefined;
}

/** An Alexa skill as registered by a tenant: the OAuth client of the facade. */
export interface Skill {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly tenantSlug: string;
  readonly tenantName: string;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  /** Amazon's id of the skill, where it is known; requests that Alexa signs name it. @see R205 */
  readonly alexaSkillId?: string;
  readonly redirectUris: readonly string[];
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
  readonly pkce: 'optional' | 'required';
  /** Seconds, at least 360. */
  readonly accessTokenTtl: number;
  /** How many older refresh tokens stay good; null keeps all. */
  readonly refreshKeep: number | null;
  /** Whether Alexa holds access tokens of ours or the upstream's own. */
  readonly tokenMode: 'own' | 'upstream';
  /** Seconds that the token of an implicit grant lives; present where the skill may have one. @see ADR 0021 */
  readonly implicitTokenTtl?: number;
  readonly branding: Branding;
  readonly connectors: readonly ConnectorSummary[];
  /** Present where the skill's tokens are those of an existing server, before which the broker stands. @see ADR 0018 */
  readonly relay?: Relay;
  /** Present where Alexa may hold tokens that another server issued, and whose links were imported. @see ADR 0023 */
  readonly foreignTokens?: true;
  /** Present where the skill may send events to Alexa. @see ADR 0019 */
  readonly events?: EventPermission;
}

/** Where Alexa takes events: North America, Europe and India, the Far East and Australia. @see R165 */
export const EVENT_REGIONS = ['na', 'eu', 'fe'] as const;
export type EventRegion = (typeof EVENT_REGIONS)[number];

/** The client that Amazon's console shows under the skill's permissions, for tokens of Login with Amazon. @see R159 */
export interface EventPermission {
  readonly clientId: string;
  /** Its secret, sealed, in base64. */
  readonly sealedSecret: string;
  /** Where most of the skill's households are; what is known of a single one goes before it. */
  readonly region: EventRegion;
  /** Whether Alexa may bring such tokens by itself, at the skill's reciprocal address. @see R174 */
  readonly reciprocal?: true;
}

/** Platforms on which the Alexa app can open the app of a skill's maker. @see R127 */
export const APP_PLATFORMS = ['iOS', 'Android'] as const;

/** How apps of a skill's maker take part in linking; for Amazon to know, not the broker. @see R179 R188 */
export interface AppToApp {
  /** Where the Alexa app sends a household that has the app; at most one for each platform. */
  readonly authorizationUrlsByPlatform: readonly {
    readonly platform: (typeof APP_PLATFORMS)[number];
    readonly url: string;
  }[];
  /** Where Amazon sends a household back that began in the app. */
  readonly redirectUrls: readonly string[];
}

/** An existing authorization server, and how the broker shows itself there. */
export interface Relay {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  /** The client there; null where it has the skill's own client id. */
  readonly clientId: string | null;
  /** Its secret, sealed, in base64; null where it is the one that Alexa presents. */
  readonly sealedSecret: string | null;
  readonly scheme: 'HTTP_BASIC' | 'REQUEST_BODY_CREDENTIALS';
}

/** One live client secret, as it is stored. */
export interface StoredSecret {
  readonly id: string;
  /** `scrypt$N$r$p$salt$hash`, base64url. */
  readonly hash: string;
}

/** Alexa's credential of a skill, or the one of the skill's own server. */
export type ClientKind = 'alexa' | 'backend';

/** A client id resolved to its skill and its live secrets. */
export interface RegisteredClient {
  readonly clientId: string;
  readonly kind: ClientKind;
  readonly secrets: readonly StoredSecret[];
  readonly skill: Skill;
}

/** A tenant's configuration of an upstream provider, secret in clear only inside the process that needs it. */
export interface Connector {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly tenantSlug: string;
  readonly slug: string;
  readonly name: string;
  readonly provider: string;
  readonly issuer: string | null;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly endpoints: ConnectorEndpoints;
  /** Values that fill a provider's own addresses, e.g. a tenant or a domain. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether the last link's end revokes the upstream tokens too. */
  readonly revokeUpstream: 'never' | 'last-link';
}

/** Endpoints that override what discovery says. */
export interface ConnectorEndpoints {
  readonly authorization?: string | undefined;
  readonly token?: string | undefined;
  readonly userinfo?: string | undefined;
  readonly revocation?: string | undefined;
}
