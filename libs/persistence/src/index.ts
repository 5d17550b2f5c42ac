/**
 * Postgres: connections under a deadline, migrations, roles, row-level security, and one store per aggregate whose
 * verbs take the tenant first. TypeORM entities stay inside. Owns no rule of OAuth (`protocol`) and no key (`vault`):
 * stores that hold sealed values are handed the functions that open them.
 */
export * from './database/database.js';
export * from './database/database-error.js';
export * from './database/migrate.js';
export * from './database/open-database.js';
export * from './database/schema-status.js';
export * from './stores/accounts.store.js';
export * from './stores/alexa-events.store.js';
export * from './stores/api-keys.store.js';
export * from './stores/audit-log.store.js';
export * from './stores/bootstrap.store.js';
export * from './stores/cached-clients.js';
export * from './stores/cached-connectors.js';
export * from './stores/clients.store.js';
export * from './stores/configuration-state.js';
export * from './stores/configuration.store.js';
export * from './stores/connectors.store.js';
export * from './stores/due-token-sets.store.js';
export * from './stores/event-deliveries.store.js';
export * from './stores/event-grants.store.js';
export * from './stores/event-log.store.js';
export * from './stores/granted-tokens.store.js';
export * from './stores/grants.store.js';
export * from './stores/housekeeping.store.js';
export * from './stores/invitations.store.js';
export * from './stores/link-health.store.js';
export * from './stores/key-rotation.store.js';
export * from './stores/keys.store.js';
export * from './stores/link-overview.store.js';
export * from './stores/link-pages.store.js';
export * from './stores/links.store.js';
export * from './stores/members.store.js';
export * from './stores/passkeys.store.js';
export * from './stores/overview.store.js';
export * from './stores/relayed-tokens.store.js';
export * from './stores/revocations.store.js';
export * from './stores/sealed-values.store.js';
export * from './stores/sealing.js';
export * from './stores/seen-secrets.js';
export * from './stores/shared-token-sets.store.js';
export * from './stores/sign-in-providers.store.js';
export * from './stores/sign-ins.store.js';
export * from './stores/skill-events.store.js';
export * from './stores/tenants.store.js';
export * from './stores/timeline-reader.js';
export * from './stores/timeline.store.js';
export * from './stores/timeline-writer.js';
export * from './stores/token-sets.store.js';
export * from './stores/used-token-sets.js';
