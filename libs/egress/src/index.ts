/**
 * The only outbound HTTP: deadline, no redirects, address policy, bounded bodies; and a cache of published documents.
 * Does not know any provider's format (`providers`).
 */
export * from './address-policy.js';
export * from './cached-documents.js';
export * from './egress.js';
export * from './egress-refused.js';
