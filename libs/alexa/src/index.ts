/**
 * Amazon's side as facts: regional redirect hosts, limits, shapes, what its app says of itself. Pure. Does not own OAuth
 * (`protocol`).
 */
export * from './limits.js';
export * from './redirect-uris.js';
export * from './rules/rule-fact.js';
export * from './rules/rule-facts.js';
export * from './web-view.js';
