/**
 * Amazon's side as facts: regional redirect hosts, limits, shapes. Pure. Does not own OAuth (`protocol`).
 */
export * from './limits.js';
export * from './redirect-uris.js';
