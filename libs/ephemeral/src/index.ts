/**
 * Redis: what lives for minutes. Link requests in flight, one atomic script per verb. Owns nothing that must survive
 * Redis: a flush costs households the attempt they are in, never a link.
 */
export * from './admin-sessions.store.js';
export * from './idempotent-answers.store.js';
export * from './link-request.js';
export * from './link-requests.store.js';
export * from './passkey-challenges.store.js';
export * from './posted-callbacks.store.js';
export * from './provider-hops.store.js';
export * from './redis.js';
export * from './sign-in-attempts.store.js';
export * from './unstored-answers.store.js';
export * from './turns.store.js';
