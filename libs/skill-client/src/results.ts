/** No access token came, or it is worth nothing: unknown, expired, or its grant was ended. */
export interface NotLinked {
  readonly kind: 'not-linked';
}

/** The household's sign-in at the provider has ended for good. Only linking again helps. */
export interface LinkDead {
  readonly kind: 'link-dead';
}

/** The provider refuses the sign-in at present. It may come back; nothing may be ended for it. */
export interface LinkAtRisk {
  readonly kind: 'link-at-risk';
  /** Where the household signs in again without Alexa noticing; good for three days. */
  readonly repairUri?: string;
}

/** It could not be found out. `reason` is for the log and holds no token. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly retryAfterSeconds: number;
  readonly reason: string;
}

/** The broker does not accept this server's requests: wrong address, credentials or client. For the log, and for you. */
export interface Misconfigured {
  readonly kind: 'misconfigured';
  readonly reason: string;
}

/** Why there is no upstream token. */
export type Problem = NotLinked | LinkDead | LinkAtRisk | Unavailable | Misconfigured;

/** An access token of the provider. Use it for this request and do not store it. */
export interface UpstreamToken {
  readonly kind: 'token';
  readonly accessToken: string;
  /** Seconds it lasts from now. */
  readonly expiresIn: number;
  readonly scope?: string;
  /** Set while the provider refuses to renew it: where the household signs in again without Alexa noticing. */
  readonly repairUri?: string;
}

export type UpstreamTokenResult = UpstreamToken | Problem;

/** Who is linked. `sub` names the link, also after the household has linked again; the rest depends on the provider. */
export interface Userinfo {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

export type UserinfoResult =
  { readonly kind: 'userinfo'; readonly userinfo: Userinfo } | NotLinked | Unavailable | Misconfigured;

/** @see RFC 7662 §2.2 */
export type IntrospectionResult =
  | {
      readonly kind: 'active';
      readonly sub: string;
      readonly scope: string;
      /** Milliseconds since the epoch. */
      readonly expiresAt?: number;
    }
  | { readonly kind: 'inactive' }
  | Unavailable
  | Misconfigured;
