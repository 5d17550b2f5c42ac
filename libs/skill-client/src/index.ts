/**
 * The broker's client for a skill's own server: upstream tokens, and what to tell Alexa when there is none. Published by
 * itself, so it imports nothing but Node. Does not know any provider, and does not talk to Alexa.
 */
export { createSkillClient, type SkillClient, type SkillClientOptions } from './create-skill-client.js';
export * from './custom-skill.js';
export * from './results.js';
export * from './smart-home.js';
