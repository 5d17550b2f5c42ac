/**
 * Amazon's side as facts: regional redirect hosts, limits, shapes, what its app says of itself. Pure. Does not own OAuth
 * (`protocol`).
 */
export * from './causes/cause.js';
export * from './causes/find-causes.js';
export * from './directives/accept-grant.js';
export * from './directives/directive-answers.js';
export * from './directives/read-directive.js';
export * from './enablement/enablement-addresses.js';
export * from './enablement/enablement-answers.js';
export * from './enablement/enablement-order.js';
export * from './enablement/enablement-requests.js';
export * from './events/alexa-event.js';
export * from './limits.js';
export * from './lwa/lwa-token.js';
export * from './redirect-uris.js';
export * from './rules/rule-fact.js';
export * from './rules/rule-facts.js';
export * from './support/support-case.js';
export * from './skill-events/certificate-url.js';
export * from './skill-events/request-time.js';
export * from './skill-events/signature.js';
export * from './skill-events/skill-event.js';
export * from './smapi/account-linking-request.js';
export * from './smapi/account-linking-response.js';
export * from './smapi/build-account-linking.js';
export * from './smapi/compare-account-linking.js';
export * from './smapi/domain-list.js';
export * from './smapi/hosts.js';
export * from './web-view.js';
