/** Names of the steps and oddities on a link's timeline. */
export type TraceName =
  | 'authorize.refused'
  | 'authorize.started'
  | 'page.shown'
  | 'link.cancelled'
  | 'upstream.redirected'
  | 'callback.without_cookie'
  | 'callback.refused'
  | 'callback.repeated'
  | 'upstream.failed'
  | 'upstream.exchanged'
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
  | 'token.issued_implicit'
  | 'token.answered'
  | 'code.refused'
  | 'code.replayed'
  | 'link.imported'
  | 'grant.adopted'
  | 'grant.replayed'
  | 'grant.too_old'
  | 'grant.refused'
  | 'grant.revoked'
  | 'grant.expired'
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
  | 'client.refused'
  | 'relay.redirected'
  | 'relay.answered'
  | 'relay.repaired'
  | 'relay.refused'
  | 'relay.failed'
  | 'relay.replayed'
  | 'accept_grant.stored'
  | 'accept_grant.failed'
  | 'event_grant.refreshed'
  | 'event_grant.refresh_failed'
  | 'event_grant.dead'
  | 'event_grant.moved'
  | 'alexa_event.failed'
  | 'enablement.done'
  | 'enablement.failed'
  | 'skill_event.received'
  | 'skill_event.refused';

/** One redacted step of a link's life. Never holds a token, code, secret, state or e-mail address. */
export interface TraceEvent {
  readonly name: TraceName;
  readonly tenantId?: string;
  readonly skillId?: string;
  /** What a household is shown and support searches by. */
  readonly reference?: string;
  readonly linkId?: string;
  readonly grantId?: string;
  readonly tokenSetId?: string;
  readonly connector?: string;
  /** How a request ended, in one word. */
  readonly outcome?: string;
  /** The HTTP status of an answer, ours or an upstream's. */
  readonly status?: number;
  /** Milliseconds until that answer. */
  readonly ms?: number;
  /** Why, in words that hold no secret. */
  readonly detail?: string;
  /** Figures that explain it: generations, counts, lengths. */
  readonly figures?: Readonly<Record<string, number>>;
  /** What was sent and received, redacted by who knows what it is. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Keyed per tenant: equal for equal `state`, and nothing else can be learnt from it. */
  readonly stateFingerprint?: string;
  /** The same of Alexa's id of the user, which skill events name. */
  readonly alexaUser?: string;
}

/** Where flows leave their trace. */
export type Trace = (event: TraceEvent) => void;
