/**
 * Redis: what lives for minutes. Link requests in flight, one atomic script per verb. Owns nothing that must survive
 * Redis: a flush costs households the attempt they are in, never a link.
 */
export * from './link-request.js';
export * from './link-requests.store.js';
export * from './posted-callbacks.store.js';
export * from './redis.js';
export * from './unstored-answers.store.js';
