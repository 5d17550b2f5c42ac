/**
 * What upstream providers are and say, pure: the catalogue, requests to build, answers to read. Owns every quirk of a
 * provider. Does no I/O (`egress`) and knows no order of steps (`linking`).
 */
export * from './authorize-parameters.js';
export * from './build-revocation.js';
export * from './build-token-request.js';
export * from './build-userinfo-request.js';
export * from './catalogue/index.js';
export * from './check-connector.js';
export * from './connector-facts.js';
export * from './describe-provider.js';
export { type Identity, type Profile } from './identity.js';
export * from './names-issuer.js';
export * from './parse-answer.js';
export { saysDeclined } from './read-error.js';
export * from './read-id-token.js';
export * from './read-identity.js';
export * from './read-revocation-response.js';
export * from './read-token-response.js';
export * from './refresh-schedule.js';
export * from './resolve-upstream.js';
export * from './upstream-error.js';
export * from './upstream-mode-refusal.js';
export * from './upstream-provider.js';
export * from './upstream-tokens.js';
export * from './wire.js';
