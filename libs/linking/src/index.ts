/**
 * One file, one step of a link's life: read, decide, write, answer. Steps do not call each other, except that the token
 * endpoint calls its grants. Owns the order of things; asks `protocol`, `alexa` and `providers` for rules, and is
 * handed stores, keys, clock and randomness through the shapes each step declares.
 */
export * from './accept-grant.js';
export * from './ask-enablement.js';
export * from './authenticate-client.js';
export * from './authorization-code.grant.js';
export * from './build-webhook-request.js';
export * from './cancel-link.js';
export * from './claim-callback.js';
export * from './continue-link.js';
export * from './deliver-events.js';
export * from './describe-exchange.js';
export * from './delivery-verdict.js';
export * from './enable-skill.js';
export * from './end-expired-grants.js';
export * from './end-failed-refresh.js';
export * from './exchange-event-code.js';
export * from './exchange-upstream-code.js';
export * from './fail-upstream.js';
export * from './forget-foreign-tokens.js';
export { type ForeignTokensNeeds } from './find-foreign-token.js';
export * from './find-granted-tokens.js';
export * from './finish-repair.js';
export * from './find-presented-token.js';
export * from './fresh-upstream-tokens.js';
export * from './hand-out-upstream-token.js';
export * from './housekeeping.js';
export * from './introspect-token.js';
export * from './issue-code.js';
export * from './issue-implicit-token.js';
export * from './needs.js';
export * from './prove-imported-links.js';
export * from './prune-events.js';
export * from './read-userinfo.js';
export * from './refresh-attempt.js';
export * from './refresh-buckets.js';
export {
  alexaUserFingerprint,
  alexaUserName,
  receiveSkillEvent,
  type ReceivedSkillEvent,
  type ReceiveSkillEventNeeds,
} from './receive-skill-event.js';
export * from './relay-authorization.js';
export * from './relay-keep.js';
export * from './relay-needs.js';
export * from './relay-place.js';
export * from './relay-token.grant.js';
export * from './relay-upstream.js';
export * from './repair-link.js';
export * from './refresh-due-tokens.js';
export { refreshEventGrants, type RefreshEventGrantsNeeds } from './refresh-event-grants.js';
export * from './send-alexa-event.js';
export * from './send-queued-events.js';
export * from './refresh-token.grant.js';
export * from './refresh-upstream.js';
export * from './restart-link.js';
export * from './revoke-token.js';
export * from './revoke-upstream.js';
export * from './stage-imported-links.js';
export * from './start-link.js';
export * from './store-refreshed-tokens.js';
export * from './store-upstream-tokens.js';
export * from './sweep-sign-ins.js';
export * from './tenant-turns.js';
export * from './test-connector.js';
export * from './token-endpoint.js';
export { stateFingerprint } from './trace-authorization.js';
export * from './token-exchange.grant.js';
export * from './unstored-answers.js';
export * from './upstream-needs.js';
export * from './upstream-secrets.js';
