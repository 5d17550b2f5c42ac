/**
 * The admin API: every route with who is let in, what it takes and what it answers, and what the roles may do. For its
 * server and for its clients, browsers among them: nothing here needs Node.
 */
export * from './api-key-routes.js';
export * from './api-route.js';
export * from './api-routes.js';
export * from './audit-routes.js';
export * from './config-file-routes.js';
export * from './connector-routes.js';
export * from './cursor-page.js';
export * from './delivery-routes.js';
export * from './doctor-routes.js';
export * from './event-grant-routes.js';
export * from './import-routes.js';
export * from './link-routes.js';
export * from './live-routes.js';
export * from './member-routes.js';
export * from './overview-routes.js';
export * from './permissions.js';
export * from './set-up-routes.js';
export * from './sign-in-provider-routes.js';
export * from './sign-in-routes.js';
export * from './skill-routes.js';
export * from './tenant-routes.js';
export * from './timeline-routes.js';
export { EVENT_TYPES, type EventType } from '../events.js';
export { APP_PLATFORMS, EVENT_REGIONS, type EventRegion } from '../records.js';
export { isSlug } from '../slug.js';
export type { TraceName } from '../trace-event.js';
