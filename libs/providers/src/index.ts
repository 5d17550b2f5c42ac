/**
 * What upstream providers are and say, pure: metadata, requests to build, answers to read. Owns every quirk of a
 * provider. Does no I/O (`egress`) and knows no order of steps (`linking`).
 */
export * from './code-exchange.js';
export * from './oidc-discovery.js';
export * from './read-id-token.js';
export * from './read-token-response.js';
export * from './upstream-error.js';
export * from './upstream-tokens.js';
