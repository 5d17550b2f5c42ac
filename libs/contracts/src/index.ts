/**
 * What crosses a process or lib boundary: records, the config file, the environment, trace events. Zod only. Owns no
 * behaviour beyond parsing. Does not own protocol rules (`protocol`) or storage (`persistence`).
 */
export * from './api/api-key-routes.js';
export * from './api/api-route.js';
export * from './api/api-routes.js';
export * from './api/audit-routes.js';
export * from './api/config-file-routes.js';
export * from './api/connector-routes.js';
export * from './api/cursor-page.js';
export * from './api/delivery-routes.js';
export * from './api/doctor-routes.js';
export * from './api/event-grant-routes.js';
export * from './api/import-routes.js';
export * from './api/link-routes.js';
export * from './api/live-routes.js';
export * from './api/member-routes.js';
export * from './api/overview-routes.js';
export * from './api/permissions.js';
export * from './api/set-up-routes.js';
export * from './api/sign-in-provider-routes.js';
export * from './api/sign-in-routes.js';
export * from './api/skill-routes.js';
export * from './api/tenant-routes.js';
export * from './api/timeline-routes.js';
export * from './config-error.js';
export * from './config-file.js';
export * from './deadline.js';
export * from './environment.js';
export * from './events.js';
export * from './imported-line.js';
export * from './records.js';
export { isSlug } from './slug.js';
export * from './tenant-id.js';
export * from './timeline-entry.js';
export * from './trace-event.js';
