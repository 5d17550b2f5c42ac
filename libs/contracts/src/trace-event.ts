/** Names of the steps and oddities on a link's timeline. */
export type TraceName =
  | 'authorize.refused'
  | 'authorize.started'
  | 'link.cancelled'
  | 'upstream.redirected'
  | 'callback.without_cookie'
  | 'callback.refused'
  | 'callback.repeated'
  | 'upstream.failed'
  | 'upstream.identified'
  | 'upstream.no_refresh_token'
  | 'upstream.consent_again'
  | 'upstream.ceiling_near'
  | 'upstream.refreshed'
  | 'upstream.refresh_failed'
  | 'upstream.at_risk'
  | 'upstream.dead'
  | 'upstream.recovered'
  | 'upstream.attempt_lost'
  | 'connector.parked'
  | 'upstream.stale'
  | 'upstream.revoked'
  | 'upstream.revocation_failed'
  | 'upstream.released'
  | 'exchange.refused'
  | 'incident.token_not_stored'
  | 'code.issued'
  | 'code.refused'
  | 'code.replayed'
  | 'grant.replayed'
  | 'grant.too_old'
  | 'grant.refused'
  | 'grant.revoked'
  | 'access.ended'
  | 'repair.started'
  | 'repair.other_account'
  | 'repair.finished'
  | 'incident.grant_behind'
  | 'incident.grant_missing'
  | 'incident.unknown_mac_key'
  | 'incident.decrypt_failed'
  | 'event.delivery_failed'
  | 'webhook.disabled'
  | 'client.refused';

/**
 * One redacted step of a link's life. Never holds a token, code, secret, state or e-mail address.
 * Until there is a store for them, `trace` writes structured log lines.
 */
export interface TraceEvent {
  readonly name: TraceName;
  readonly tenantId?: string;
  readonly skillId?: string;
  /** What a household is shown and support searches by. */
  readonly reference?: string;
  readonly linkId?: string;
  readonly grantId?: string;
  readonly connector?: string;
  /** Why, in words that hold no secret. */
  readonly detail?: string;
  /** Figures that explain it: generations, counts, milliseconds. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** Where flows leave their trace. */
export type Trace = (event: TraceEvent) => void;
