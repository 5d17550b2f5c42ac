/**
 * The config file: read it with line numbers, plan what it changes, apply the plan. Owns what applying means (nothing
 * is unlinked, nothing removed without being asked). Does not own the file's shape (`contracts`) or storage.
 */
export * from './alexa-export.js';
export * from './apply-config.js';
export * from './configuration.js';
export * from './describe-configuration.js';
export * from './export-config-file.js';
export * from './plan-change.js';
export * from './plan-client.js';
export * from './plan-connectors.js';
export * from './plan-relay.js';
export { planClosing, planRemoval } from './plan-removal.js';
export * from './plan-skills.js';
export * from './plan-webhooks.js';
export * from './read-config-file.js';
