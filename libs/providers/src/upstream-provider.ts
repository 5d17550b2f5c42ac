/** How sure a fact about a provider is: its own documentation, users' reports, or neither checked. */
export type FactStatus = 'documented' | 'reported' | 'unverified';

/** Where a fact about a provider comes from. */
export interface Fact {
  /** A URL, or a rule id of docs/alexa-rules.md. */
  readonly source: string;
  readonly status: FactStatus;
}

/** A value each connector must give, where a provider has an address of its own for each customer. */
export interface ProviderParameter {
  /** What it is, for the tenant. */
  readonly description: string;
  readonly example: string;
  /** The whole value must match; it becomes part of a host name or path. Anchored at both ends. */
  readonly pattern: RegExp;
  readonly optional?: boolean;
}

/** Endpoints; `{name}` stands for a parameter. Absent where discovery tells. */
export interface ProviderEndpoints {
  readonly authorization?: string;
  readonly token?: string;
  /** Where refreshes go, when not to `token`. */
  readonly refresh?: string;
  readonly userinfo?: string;
  /** `{clientId}` stands for the connector's client id. */
  readonly revocation?: string;
  readonly jwks?: string;
}

/** How an issuer is judged where each customer of the provider has an issuer of its own. */
export interface IssuerFamily {
  /** The discovery document's address; it cannot be derived from the issuer, which is not known before. */
  readonly discovery: string;
  /** Every issuer of the family. Anchored at both ends. */
  readonly pattern: RegExp;
  /** What a discovery document names that serves several customers: one `{placeholder}` in it. */
  readonly open: string;
  /** The claim of an id_token that stands in the placeholder's place. */
  readonly claim: string;
}

/** How the client proves itself at the token endpoint. */
export type ClientAuthentication =
  | 'basic'
  | 'post'
  /** The client secret is a private key that signs a short-lived JWT; parameters `teamId` and `keyId`. @see R228 */
  | 'signed-secret';

/** Dotted paths into a token answer, where they differ from RFC 6749 §5.1. */
export interface TokenPaths {
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly expiresIn?: string;
  /** A moment instead of a lifetime: seconds or milliseconds since 1970, or ISO 8601. `expires_at` when absent. */
  readonly expiresAt?: string;
  readonly scope?: string;
}

/** What happens to a refresh token when it is used. */
export type Rotation =
  /** It stays; the answer usually has none. */
  | 'none'
  /** The answer has a new one and the old one stays good. */
  | 'replaced'
  /** The answer has a new one and the old one is dead at once. */
  | 'single-use'
  /** The answer has a new one and the old one stays good for a while. */
  | 'grace';

export interface RefreshRules {
  /**
   * `refresh_token` is RFC 6749 §6; `exchange` trades a living access token for a longer one (R226); `none` cannot be
   * refreshed at all.
   */
  readonly kind: 'refresh_token' | 'exchange' | 'none';
  readonly rotation: Rotation;
  /** Name of the parameter that carries the access token, with `exchange`. */
  readonly exchangeParameter?: string;
  /** Seconds the old token stays good, with `grace`. */
  readonly graceSeconds?: number;
  /** Seconds from its issue after which a refresh token dies whatever is done. */
  readonly maxAgeSeconds?: number;
  /** Seconds without use after which a refresh token dies. */
  readonly idleSeconds?: number;
  /** Seconds between two refreshes of an account that the provider asks for at least. */
  readonly minIntervalSeconds?: number;
  /** A refresh ends the access token before it, which directives under way still carry (R107). */
  readonly killsPreviousAccessToken?: boolean;
  /** Living refresh tokens per user and client; the oldest dies silently beyond it. */
  readonly ceiling?: number;
}

/**
 * Dotted paths into the identity answer (id_token claims, userinfo, or the token answer). A path may name alternatives,
 * `display_name|username`: the first that is there counts.
 */
export interface ProfilePaths {
  /** Several are joined by a blank, those that are there. */
  readonly name?: string | readonly string[];
  readonly email?: string;
  readonly picture?: string;
  readonly locale?: string;
}

/** Whether the sign-in page works inside an app's web view. @see R39 */
export type WebViewVerdict = 'works' | 'blocked' | 'unknown';

/** The functions a provider may need beyond data; at most three, each with a comment that says why. */
export interface ProviderHooks {
  /** Finds an error that the status does not show. Returns the provider's error code, or undefined. */
  readonly readError?: (status: number, json: unknown) => string | undefined;
  /** Rewrites a request that no field describes. */
  readonly adaptRequest?: (request: HookRequest) => HookRequest;
  /** Rewrites a token answer into the shape of RFC 6749 §5.1. */
  readonly adaptTokenAnswer?: (json: unknown) => unknown;
}

/** What `adaptRequest` sees: a request about to be written. */
export interface HookRequest {
  readonly purpose: 'code' | 'refresh' | 'userinfo' | 'revocation';
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * An upstream authorization server as static data. One file of `src/catalogue` each.
 * @see docs/providers.md, ADR 0010
 */
export interface UpstreamProvider {
  /** Catalogue id: what a connector's `provider` says. Lowercase, digits, hyphens. */
  readonly id: string;
  /** As the household knows it. */
  readonly name: string;
  /** The day the provider turns it off, as it has announced: `2026-11-02`. */
  readonly retires?: string;
  /** `oidc` identifies by a verified id_token, `oauth2` by its userinfo or token answer. */
  readonly protocol: 'oidc' | 'oauth2';
  /** Fixed or templated issuer; absent where the connector must name it (`oidc`) or there is none. */
  readonly issuer?: string;
  /** For an issuer that discovery only narrows down; `issuer` is absent then. */
  readonly issuerFamily?: IssuerFamily;
  /** Values each connector gives; `{name}` in issuer and endpoints. */
  readonly parameters?: Readonly<Record<string, ProviderParameter>>;
  /** Absent members come from discovery (`oidc`) or the connector. */
  readonly endpoints?: ProviderEndpoints;
  /** Absent: what discovery offers (`oidc`), else `post`. */
  readonly clientAuthentication?: ClientAuthentication;
  readonly pkce: 'S256' | 'none';
  readonly scopes: {
    readonly separator: ' ' | ',';
    /** Between granted scopes in a token answer, when not `separator`. */
    readonly grantedSeparator?: ' ' | ',';
    readonly default: readonly string[];
    /** Scopes without which nobody can be identified. */
    readonly required?: readonly string[];
    /** The scope without which there is no refresh token. */
    readonly offline?: string;
    /** Name of the authorize parameter, when not `scope`. */
    readonly parameter?: string;
  };
  /** Fixed parameters of the authorization request. */
  readonly authorizeParameters?: Readonly<Record<string, string>>;
  /** Parameters that force consent, and with it a new refresh token; added only when one is needed (R208, R211). */
  readonly consentParameters?: Readonly<Record<string, string>>;
  /** They go along whenever the offline scope is asked for. @see OpenID Connect Core 1.0 §11 */
  readonly consentWithOfflineScope?: boolean;
  /** `form_post`: the callback is a cross-site POST. */
  readonly responseMode?: 'form_post';
  readonly token: {
    readonly bodyFormat?: 'form' | 'json';
    readonly headers?: Readonly<Record<string, string>>;
    readonly codeParameters?: Readonly<Record<string, string>>;
    readonly refreshParameters?: Readonly<Record<string, string>>;
    readonly paths?: TokenPaths;
    /** Where a refresh answers differently. Absent: as `paths` says. */
    readonly refreshPaths?: TokenPaths;
    readonly expiryUnit?: 'seconds' | 'milliseconds';
    /** Seconds an access token usually lives, for the table and for judging; what an answer says counts. */
    readonly lifetime?: number;
    /** Seconds to assume when the answer names no lifetime; absent: the token is taken to live on. */
    readonly assumedLifetime?: number;
  };
  readonly refresh: RefreshRules;
  readonly errors?: {
    /** Path of the error code, `error` when absent. Found there, an answer is an error whatever its status. */
    readonly path?: string;
    /** Codes of a refresh that mean the credential is dead; `invalid_grant` when absent. */
    readonly terminal?: readonly string[];
    /** Codes that mean our registration there is wrong, beyond RFC 6749's. */
    readonly misconfigured?: readonly string[];
    /** Codes that pass, beyond RFC 6749's. */
    readonly transient?: readonly string[];
    /** Codes of a callback that mean the person declined, beyond `access_denied`. */
    readonly declined?: readonly string[];
  };
  readonly identity: {
    readonly from: 'id_token' | 'userinfo' | 'token';
    /** Dotted path of the subject: text or whole number; alternatives as in `ProfilePaths`. Several: joined by `:`. */
    readonly subject: readonly [string, ...string[]];
    /** The connector's parameter that names another path, where no declaration can know it. */
    readonly subjectParameter?: string;
    readonly profile?: ProfilePaths;
    /** The id_token identifies, but userinfo has the profile. */
    readonly profileFrom?: 'userinfo';
    /** Paths into the JSON of the callback's `user` parameter, which is not signed: for show only. */
    readonly callbackProfile?: ProfilePaths;
    /** How userinfo is asked, when not by GET with a Bearer header. */
    readonly userinfo?: {
      readonly method?: 'GET' | 'POST';
      readonly headers?: Readonly<Record<string, string>>;
      /** In the address with GET, else in the body. */
      readonly query?: Readonly<Record<string, string>>;
      readonly bodyFormat?: 'form' | 'json';
    };
  };
  readonly revocation?: {
    /**
     * `rfc7009`; `token-only` sends the token without client credentials; `bearer` posts nothing but a Bearer header;
     * `github-grant` deletes what the user granted the client; `meta-permissions` deletes it with the user's own token.
     */
    readonly style: 'rfc7009' | 'token-only' | 'bearer' | 'github-grant' | 'meta-permissions';
    /** The token to send; the refresh token where there is one, when absent. */
    readonly token?: 'access';
    /** Whether revoking one token ends all of that user and client. */
    readonly killsSiblings: boolean;
    /** Error codes that mean the token is no more; `invalid_token` when absent. */
    readonly gone?: readonly string[];
    /** Statuses that mean the same. */
    readonly goneStatuses?: readonly number[];
  };
  readonly webView: WebViewVerdict;
  /** Hosts a sign-in may visit, for Alexa's Domain List (R52). A leading `*.` stands for any subdomain. */
  readonly loginHosts: readonly string[];
  /** Pages a tenant needs: registration, OAuth documentation. */
  readonly docs: readonly [string, ...string[]];
  /** Where each quirk comes from, by the path of the field it stands in (`refresh.rotation`, `errors.path`, …). */
  readonly facts: Readonly<Record<string, Fact>>;
  readonly hooks?: ProviderHooks;
}
