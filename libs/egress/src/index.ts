/**
 * The only outbound HTTP: deadline, no redirects, address policy, bounded bodies, slots per host, circuits; a cache
 * of published documents; a proxy that holds another process to the same policy. Does not know any provider's format
 * (`providers`).
 */
export * from './address-policy.js';
export * from './cached-documents.js';
export type { Resolve } from './checked-connector.js';
export type { CircuitOptions } from './circuits.js';
export * from './egress.js';
export * from './egress-refused.js';
export type { InboundResponse } from './exchange.js';
export * from './forward-proxy.js';
export * from './own-stores.js';
