/**
 * Amazon's side as facts: regional redirect hosts, limits, shapes, what its app says of itself. Pure. Does not own OAuth
 * (`protocol`).
 */
export * from './causes/cause.js';
export * from './causes/find-causes.js';
export * from './directives/accept-grant.js';
export * from './limits.js';
export * from './redirect-uris.js';
export * from './rules/rule-fact.js';
export * from './rules/rule-facts.js';
export * from './web-view.js';
