/**
 * OAuth vocabulary and rules, pure: what a request must look like, what a token says, what a refresh decides, what an
 * error is. Owns no I/O, no clock and no randomness: `now` and random octets are parameters. Does not own Amazon's
 * figures (`alexa`) nor the order of a flow (`linking`).
 */
export * from './access-token.js';
export { adoptedSecretOf } from './adopted-secret.js';
export * from './answer-under-token.js';
export * from './authorization-request.js';
export * from './authorization-response.js';
export * from './check-authorization-request.js';
export * from './client-credentials.js';
export * from './oauth-error.js';
export * from './parameters.js';
export * from './parse-json.js';
export * from './percent-encoding.js';
export * from './pkce.js';
export * from './reciprocal-request.js';
export * from './refresh-chain.js';
export * from './refresh-token.js';
export * from './relay-answer.js';
export * from './relay-request.js';
export * from './repair-token.js';
export * from './scope.js';
export * from './server-metadata.js';
export * from './support-reference.js';
export type { TokenReading } from './token-frame.js';
export * from './token-mac.js';
export * from './token-request.js';
export * from './token-response.js';
export * from './unavailable.js';
export * from './uuid.js';
